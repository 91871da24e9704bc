"""Reading a stream's brief field by field, and saving single fields into input.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from director_lib.domain.brief import (
    BRIEF_FIELDS,
    NOTES,
    WISHES,
    YES,
    BriefField,
    FieldKind,
    FieldPath,
    check_brief_text,
)
from director_lib.errors import InputError, NotFoundError, StaleWriteError
from director_lib.streams.atomic import atomic_write
from director_lib.streams.brief_fields import BRIEF, brief_fields
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import JsonFile, find_bytes, find_json
from director_lib.streams.json_lists import replace_list
from director_lib.streams.json_spans import JsonPath, Spans
from director_lib.streams.json_text import patch_values
from director_lib.streams.reader import FORM_FILE

_TRIES = 8


def read_brief_fields(root: StreamsRoot, stream_id: str) -> list[BriefField]:
    """Read every field of a brief: those in the file in its order, then known ones that it lacks.

    Fields with the customer's personal data are left out.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
        StreamFileError: input.json is broken, with line and column, or may not be read.
    """
    return _fields(find_json(root.path(stream_id) / FORM_FILE))


def write_brief_field(
    root: StreamsRoot, stream_id: str, key: str, text: str, *, base_text: str | None = None
) -> str:
    """Save one field, for a caller who holds the stream's lock; everything else in the file stays.

    Args:
        key: As in ``BriefField.key``.
        text: The new text; of a list one item a line.
        base_text: What the writer saw before; None saves over anything.

    Returns:
        What the field said before.

    Raises:
        InputError: The text does not fit the field, or the field cannot be edited here.
        NotFoundError: The brief has no such field, or there is no such stream.
        StreamFileError: input.json is broken.
        StaleWriteError: Somebody else changed the field to something else, or the file changes all the time.
        StorageError: The disk refused; the file is untouched.
    """
    path = root.path(stream_id) / FORM_FILE
    for _ in range(_TRIES):
        form = find_json(path)
        field = _get_field(form, key)
        wanted = check_brief_text(field, text)
        if base_text is not None and field.text not in (base_text, wanted):
            raise StaleWriteError(f"The brief's “{field.words}”", "somebody else changed it meanwhile.")
        if field.text == wanted or _write(path, form, field, wanted):
            return field.text
    raise StaleWriteError(str(path), "another program keeps writing it.")


def _fields(form: JsonFile | None) -> list[BriefField]:
    return brief_fields(form.data if form is not None and isinstance(form.data, dict) else {})


def _get_field(form: JsonFile | None, key: str) -> BriefField:
    if form is not None and not isinstance(form.data, dict):
        raise InputError(
            "input.json does not hold an object. Correct it in a text editor. Nothing was saved."
        )
    for field in _fields(form):
        if field.key == key:
            return field
    raise NotFoundError("field of the brief", key)


def _write(path: Path, form: JsonFile | None, field: BriefField, text: str) -> bool:
    """Write the field; False when another program was faster."""
    if form is None:
        key = str(field.path[0])
        new: dict[str, Any] = {key: _value(field, text)}
        data = new if key in WISHES and key not in BRIEF_FIELDS else {BRIEF: new}
        atomic_write(path, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
        return True
    changed = _patched(form, field, text)
    if find_bytes(path) != form.text.encode():
        return False
    atomic_write(path, changed.encode())
    return True


def _patched(form: JsonFile, field: BriefField, text: str) -> str:
    where = _place(form.data, field.path)
    if field.kind is FieldKind.LINES:
        return replace_list(form.text, where, text.split("\n") if text else [])
    whole = form.text
    if len(where) == 2 and form.data.get(BRIEF) is None:
        whole = _with_empty_brief(whole)
    return patch_values(whole, {where: _value(field, text)})


def _place(data: dict[str, Any], path: FieldPath) -> JsonPath:
    brief, key = data.get(BRIEF), path[0]
    if isinstance(brief, str) and key == NOTES:
        return (BRIEF,)
    if isinstance(brief, dict) and key in brief:
        return BRIEF, *path
    is_wish = key in WISHES and (key in data or key not in BRIEF_FIELDS or isinstance(brief, str))
    return path if is_wish else (BRIEF, *path)


def _with_empty_brief(text: str) -> str:
    whole = patch_values(text, {(BRIEF,): ""})
    lead = len(whole) - len(whole.removeprefix("\ufeff"))
    start = Spans(whole[lead:]).find_start((BRIEF,))
    assert start is not None
    end = Spans(whole[lead:]).value_end(start)
    return whole[: lead + start] + "{}" + whole[lead + end :]


def _value(field: BriefField, text: str) -> str | int | float | bool | None:
    if field.kind is FieldKind.SWITCH:
        return text == YES
    if field.kind not in (FieldKind.NUMBER, FieldKind.DECIMAL):
        return text
    if not text:
        return None
    return float(text) if field.kind is FieldKind.DECIMAL else int(text)
