"""Setting, adding and removing sections in the text of production.json."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from director_lib.domain.spec_edit import (
    AddSection,
    RemoveSection,
    SectionField,
    SetSection,
    read_segment_ids,
)
from director_lib.errors import InputError, RuleError
from director_lib.streams.fields import Fields, Notes, as_whole
from director_lib.streams.json_structure import JsonEditor
from director_lib.streams.spec_edit_checks import Done, check_base
from director_lib.streams.spec_keys import (
    SECTION_KEYS,
    SectionPlace,
    get_section,
    places_in,
    section_places,
    text_keys,
    usual_key,
)

_NAMES = {
    SectionField.HEADING: "heading",
    SectionField.TEXT: "text",
    SectionField.TEXT_TYPE: "kind",
    SectionField.SEGMENTS: "segments",
}
_COUNTS = ("word_count", "wordCount")


def set_section(editor: JsonEditor, stream_id: str, edit: SetSection) -> Done:
    """Let one field of a section say something else.

    Returns:
        What was done, in words.
    """
    place = get_section(editor, stream_id, edit.section_id)
    before = _now(place, edit.field)
    check_base(f"The {_NAMES[edit.field]} of section {edit.section_id}", before, edit)
    if edit.field is SectionField.SEGMENTS:
        _link(editor, place, read_segment_ids(edit.text))
    else:
        keys = SECTION_KEYS[edit.field]
        items = [one.item for one in section_places(editor)]
        for key in text_keys(place.item, keys, usual_key(items, keys)):
            editor.set_value(("sections", place.index, key), edit.text)
        if edit.field is SectionField.TEXT:
            _count_again(editor, place, before, edit.text)
    label = f"changed the {_NAMES[edit.field]} of section {edit.section_id}"
    return Done(label, replace(edit, text=before, base=edit.text))


def add_section(editor: JsonEditor, stream_id: str, edit: AddSection) -> Done:
    """Put a new section into the list, after another one or at its beginning."""
    if not isinstance(editor.data.get("sections"), list):
        editor.set_value(("sections",), [])
    _check_known(editor, edit.segment_ids)
    places = section_places(editor)
    index = 0 if edit.after is None else get_section(editor, stream_id, edit.after).index + 1
    items = [place.item for place in places]
    new_id = _free_id({place.section_id for place in places})
    section: dict[str, Any] = {
        "id": new_id,
        usual_key(items, SECTION_KEYS[SectionField.SEGMENTS]): list(edit.segment_ids),
        usual_key(items, SECTION_KEYS[SectionField.TEXT]): edit.text,
    }
    editor.insert_item(("sections",), index, section)
    return Done(f"added section {new_id}")


def remove_section(editor: JsonEditor, stream_id: str, edit: RemoveSection) -> Done:
    """Take a section with its text out of the spec.

    Raises:
        RuleError: The section is a segment, too.
    """
    place = get_section(editor, stream_id, edit.section_id)
    if any(one.list_key == "sections" and one.index == place.index for one in places_in(editor)):
        raise RuleError(
            f"Section {edit.section_id} is a segment of the film, too. Remove the segment first; nothing was "
            "changed."
        )
    editor.remove_item(("sections",), place.index)
    return Done(f"removed section {edit.section_id}")


def _link(editor: JsonEditor, place: SectionPlace, segment_ids: tuple[int, ...]) -> None:
    if any(one.list_key == "sections" for one in places_in(editor)):
        raise RuleError(
            "In this stream each section is a segment, so there is nothing to match. Nothing was changed."
        )
    _check_known(editor, segment_ids)
    keys = SECTION_KEYS[SectionField.SEGMENTS]
    key = next((key for key in keys if place.item.get(key) is not None), None)
    if key is None:
        key = usual_key([one.item for one in section_places(editor)], keys)
    if key != "segment_ids" and not isinstance(place.item.get(key), list) and len(segment_ids) == 1:
        editor.set_value(("sections", place.index, key), segment_ids[0])
    elif [as_whole(one) for one in _listed(place.item.get(key))] != list(segment_ids):
        editor.set_value(("sections", place.index, key), list(segment_ids))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _check_known(editor: JsonEditor, segment_ids: tuple[int, ...]) -> None:
    unknown = [one for one in segment_ids if one not in {place.segment_id for place in places_in(editor)}]
    if unknown:
        raise InputError(f"The stream has no segment {unknown[0]}. Nothing was saved.")


def _now(place: SectionPlace, field: SectionField) -> str:
    fields = Fields(place.item, "$", Notes(""))
    if field is not SectionField.SEGMENTS:
        return fields.text(*SECTION_KEYS[field])
    key = next((key for key in SECTION_KEYS[field] if key in fields), "")
    value = fields.raw(key) if key else []
    numbers = [as_whole(one) for one in (value if isinstance(value, list) else [value])]
    return ", ".join(str(number) for number in numbers if number is not None)


def _count_again(editor: JsonEditor, place: SectionPlace, before: str, after: str) -> None:
    """Keep a count of words true that was true before."""
    for key in _COUNTS:
        if place.item.get(key) == len(before.split()) and not isinstance(place.item[key], bool):
            editor.set_value(("sections", place.index, key), len(after.split()))


def _free_id(taken: set[str]) -> str:
    number = len(taken) + 1
    while f"section-{number}" in taken:
        number += 1
    return f"section-{number}"
