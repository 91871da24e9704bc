"""The words of a section's form, as they stand on paper: title, fields, button."""

from __future__ import annotations

from director_lib.streams.fields import is_personal, storable

_WORDS = (
    "title",
    "heading",
    "text",
    "description",
    "label",
    "placeholder",
    "button",
    "submit",
    "cta",
    "note",
)
_DEEPEST = 4


def read_form(value: object, depth: int = 0) -> tuple[str, ...]:
    """Return what a person reads in a form, in the file's order; empty without one.

    Names of fields, their types, addresses and whatever else is meant for programs is left out, and so is
    personal data of the customer.
    """
    if isinstance(value, str):
        return (storable(value.strip()),) if value.strip() else ()
    if depth >= _DEEPEST:
        return ()
    if isinstance(value, list):
        return tuple(line for item in value for line in read_form(item, depth + 1))
    if not isinstance(value, dict):
        return ()
    lines: list[str] = []
    for key, item in value.items():
        if isinstance(item, str) and key not in _visible(value):
            continue
        if not is_personal(key):
            lines.extend(read_form(item, depth + 1))
    return tuple(lines)


def _visible(form: dict[str, object]) -> tuple[str, ...]:
    """Return the keys whose texts are shown; a field goes by its name when it has no label."""
    has_label = any(isinstance(form.get(key), str) for key in ("label", "placeholder", "title"))
    if has_label:
        return tuple(key for key in _WORDS if key != "placeholder" or "label" not in form)
    return (*_WORDS, "name")
