"""Which JSON key of a segment or section says what, and which key is used for something new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from director_lib.domain.spec_edit import SectionField, SegmentField
from director_lib.errors import NotFoundError, RuleError, StreamFileError
from director_lib.streams.fields import Fields, Notes
from director_lib.streams.json_structure import JsonEditor
from director_lib.streams.segments import Place, place_segments

SEGMENT_KEYS: dict[SegmentField, tuple[str, ...]] = {
    SegmentField.TITLE: ("title", "name"),
    SegmentField.REPRESENTS: ("represents", "narrative", "text_excerpt"),
    SegmentField.DURATION: ("duration", "duration_seconds", "duration_s", "frame_count"),
}
SECTION_KEYS: dict[SectionField, tuple[str, ...]] = {
    SectionField.HEADING: ("heading", "title"),
    SectionField.TEXT: ("text_content", "text"),
    SectionField.TEXT_TYPE: ("text_type",),
    SectionField.SEGMENTS: ("segment_ids", "segment", "segment_id"),
}
_FILE = "production.json"


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """Where one section stands."""

    index: int
    section_id: str
    item: Mapping[str, Any]


def places_in(editor: JsonEditor) -> list[Place]:
    """Find every segment of a spec under the pen, in the file's order."""
    return place_segments(Fields(editor.data, "$", Notes(_FILE)), Notes(_FILE))


def get_place(editor: JsonEditor, stream_id: str, segment_id: int) -> Place:
    """Return where a segment stands.

    Raises:
        NotFoundError: The spec has no such segment.
    """
    for place in places_in(editor):
        if place.segment_id == segment_id:
            return place
    raise NotFoundError("segment", f"{segment_id} of {stream_id}")


def settle_ids(editor: JsonEditor, stream_id: str) -> list[Place]:
    """Write each segment's number into it, where it only went by its position until now.

    Returns:
        The places of all segments; from now on no move changes a number.

    Raises:
        RuleError: Two segments have the same number, so that nobody can tell them apart.
    """
    places = places_in(editor)
    listed = editor.data.get(places[0].list_key, []) if places else []
    id_key = "segment" if places and places[0].list_key == "sections" else "id"
    known = {place.index for place in places}
    for index, item in enumerate(listed):
        if isinstance(item, dict) and index not in known and (id_key == "id" or id_key in item):
            raise RuleError(
                f"Two segments of {stream_id} have the number {item.get(id_key)}. Nothing was changed. Give "
                "one of them its own number in production.json first."
            )
    for place in places:
        if place.item.get(id_key) is None:
            editor.set_value((place.list_key, place.index, id_key), place.segment_id)
    return places_in(editor)


def section_places(editor: JsonEditor) -> list[SectionPlace]:
    """Find every section, in the file's order, with the id that it goes by."""
    sections = editor.data.get("sections")
    found = []
    for index, item in enumerate(sections if isinstance(sections, list) else []):
        if isinstance(item, dict):
            own = item.get("id")
            known = str(own) if own not in (None, "") and not isinstance(own, (bool, list, dict)) else ""
            found.append(SectionPlace(index, known or f"section-{index + 1}", item))
    return found


def get_section(editor: JsonEditor, stream_id: str, section_id: str) -> SectionPlace:
    """Return where a section stands.

    Raises:
        NotFoundError: The spec has no such section.
    """
    for place in section_places(editor):
        if place.section_id == section_id:
            return place
    raise NotFoundError("section", f"{section_id} of {stream_id}")


def usual_key(items: Iterable[Mapping[str, Any]], keys: tuple[str, ...]) -> str:
    """Return the key that most of the items use for something; the first of the keys when none does."""
    used = Counter(key for item in items for key in keys if key in item)
    return used.most_common(1)[0][0] if used else keys[0]


def text_keys(item: Mapping[str, Any], keys: tuple[str, ...], usual: str) -> list[str]:
    """Return the keys that a new text is written under, so that it is what will be read.

    That is the key which is read now and every later one with the same text; the usual one without any.

    Raises:
        StreamFileError: The key which is read now holds more than one value.
    """
    present = [key for key in keys if item.get(key) not in (None, "")]
    if not present:
        empty = [key for key in keys if key in item]
        return [empty[0] if empty else usual]
    if isinstance(item[present[0]], (list, dict)):
        why = f"“{present[0]}” is not a single value; edit it in a text editor. Nothing was saved"
        raise StreamFileError(_FILE, why)
    return [key for key in present if item[key] == item[present[0]]]
