"""Checks of what a browser sends: the form of an event's payload, before anybody looks at its meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from director_lib.errors import InputError

TEXT_LIMIT = 20_000
ID_LIMIT = 200
MANY_LIMIT = 2_000

Check = Callable[[object], bool]


def is_text(value: object) -> bool:
    """Tell whether it is text of at most ``TEXT_LIMIT`` characters."""
    return isinstance(value, str) and len(value) <= TEXT_LIMIT


def is_id(value: object) -> bool:
    """Tell whether it can be an id: a whole number, or short text that is not empty."""
    return is_number(value) or (isinstance(value, str) and 0 < len(value) <= ID_LIMIT)


def is_number(value: object) -> bool:
    """Tell whether it is a whole number; yes and no are not numbers."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_amount(value: object) -> bool:
    """Tell whether it is a number, whole or not."""
    return is_number(value) or isinstance(value, float)


def is_flag(value: object) -> bool:
    """Tell whether it is yes or no."""
    return isinstance(value, bool)


def is_numbers(value: object) -> bool:
    """Tell whether it is a list of 1 to ``MANY_LIMIT`` whole numbers."""
    return isinstance(value, list) and 0 < len(value) <= MANY_LIMIT and all(map(is_number, value))


def is_digests(value: object) -> bool:
    """Tell whether it maps segment numbers, as text, to digests (None where there is no file)."""
    if not isinstance(value, dict) or len(value) > MANY_LIMIT:
        return False
    return all(
        isinstance(key, str) and key.isdecimal() and is_optional_id(digest) for key, digest in value.items()
    )


def is_optional_id(value: object) -> bool:
    """Tell whether it is an id or None."""
    return value is None or is_id(value)


def is_object(value: object) -> bool:
    """Tell whether it is a JSON object; what is in it is for the use case to check."""
    return isinstance(value, dict)


def is_optional_object(value: object) -> bool:
    """Tell whether it is a JSON object or None."""
    return value is None or is_object(value)


def texts_for(*names: str) -> Check:
    """Return a check for an object with a text under each of these names, and under no other."""

    def is_such(value: object) -> bool:
        return isinstance(value, dict) and {*value} == {*names} and all(map(is_text, value.values()))

    return is_such


def one_of(*words: str) -> Check:
    """Return a check for exactly these words."""

    def is_one(value: object) -> bool:
        return isinstance(value, str) and value in words

    return is_one


def read_payload(event: str, data: object, form: Mapping[str, Check]) -> dict[str, Any]:
    """Return an event's fields when they have the declared form.

    Args:
        event: Name of the event, for the message.
        data: What the browser sent.
        form: Field to check; every field must be there, and no other may be.

    Raises:
        InputError: It is not an object, a field is missing or unknown, or one has the wrong form.
    """
    if not isinstance(data, dict):
        raise InputError(f"The page sent “{event}” without its fields; nothing was done. Reload the page.")
    wrong = sorted({*form} ^ {*data}) or sorted(name for name, check in form.items() if not check(data[name]))
    if wrong:
        fields = ", ".join(str(name)[:40] for name in wrong[:5])
        raise InputError(f"The page sent “{event}” with a wrong {fields}; nothing was done. Reload the page.")
    return dict(data)
