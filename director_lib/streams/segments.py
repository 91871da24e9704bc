"""Segments and sections of production.json in every dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from director_lib.domain.stream import DEFAULT_DURATION_S, Section, Segment
from director_lib.streams.fields import Fields, Notes, as_whole
from director_lib.streams.printed_form import read_form

FRAMES_PER_S = 24
PROMPT_KEYS: dict[str, tuple[str, ...]] = {
    "image_prompt": ("image_prompt", "keyframe_prompt"),
    "motion_prompt": ("motion_prompt", "animation_prompt"),
    "negative_prompt": ("negative_prompt",),
}
_LARGEST_ID = 999_999
_LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where one segment stands in production.json.

    Attributes:
        list_key: "segments" or "sections".
        index: 0-based position in that list.
        segment_id: The number that the segment goes by.
        item: The segment's own JSON object.
    """

    list_key: str
    index: int
    segment_id: int
    item: Mapping[str, Any]

    @property
    def path(self) -> str:
        """The segment's JSON path."""
        return f"$.{self.list_key}[{self.index}]"


def place_segments(spec: Fields, notes: Notes) -> list[Place]:
    """Find every segment and settle the number that it goes by.

    A segment without a usable number takes its position, or the next free number when that is taken. Of
    segments with the same number only the first is kept, since files are named by number.

    Returns:
        Places in the file's order, with unique ids; empty without segments.
    """
    list_key, id_key, items = _segment_items(spec, notes)
    ids: dict[int, int] = {}
    taken: set[int] = set()
    nameless: list[int] = []
    for index, item in items:
        segment_id = _own_id(item.get(id_key))
        if segment_id is None:
            nameless.append(index)
        elif segment_id in taken:
            notes.add(
                f"$.{list_key}[{index}].{id_key}",
                f"Segment {segment_id} appears twice; this one is left out until it has its own number.",
            )
        else:
            ids[index] = segment_id
            taken.add(segment_id)
    for index in nameless:
        ids[index] = index + 1 if index + 1 not in taken else max(taken) + 1
        taken.add(ids[index])
        notes.add(
            f"$.{list_key}[{index}].{id_key}",
            f"The segment has no usable number; by its position it is read as segment {ids[index]}.",
        )
    return [Place(list_key, index, ids[index], item) for index, item in items if index in ids]


def read_segments(places: list[Place], notes: Notes) -> tuple[Segment, ...]:
    """Build the segments in the file's order, which is the film's; empty without places."""
    return tuple(_read_segment(place, notes) for place in places)


def read_sections(spec: Fields, notes: Notes, known_ids: set[int]) -> tuple[Section, ...]:
    """Build the sections in the file's order; empty without sections."""
    sections = []
    for index, item in enumerate(spec.items("sections")):
        path = f"$.sections[{index}]"
        if isinstance(item, dict):
            sections.append(_read_section(Fields(item, path, notes), index, known_ids))
        else:
            notes.wrong_type(path, item, "a section")
    return tuple(sections)


def _segment_items(spec: Fields, notes: Notes) -> tuple[str, str, list[tuple[int, dict[str, Any]]]]:
    list_key, id_key, found = "segments", "id", spec.items("segments")
    # quietly: a wrong type of sections is reported by read_sections
    sections = spec.raw("sections") if isinstance(spec.raw("sections"), list) else []
    if not found and any(isinstance(part, dict) and "segment" in part for part in sections):
        list_key, id_key, found = "sections", "segment", sections
    items = []
    for index, item in enumerate(found):
        if not isinstance(item, dict):
            # what is wrong among sections is reported by read_sections
            if list_key == "segments":
                notes.wrong_type(f"$.{list_key}[{index}]", item, "a segment")
        elif list_key == "segments" or "segment" in item:
            items.append((index, item))
    return list_key, id_key, items


def _own_id(value: object) -> int | None:
    number = as_whole(value)
    return number if number is not None and 0 <= number <= _LARGEST_ID else None


def _read_segment(place: Place, notes: Notes) -> Segment:
    fields = Fields(place.item, place.path, notes)
    image = _prompt(fields, "image_prompt")
    motion = _prompt(fields, "motion_prompt")
    if len(set(motion.values())) > 1:
        fields.note("motion_prompt", "The segment's two motion prompts differ; the first of them is shown.")
    conflict = image if len(set(image.values())) > 1 else {}
    if conflict:
        fields.note("image_prompt", "image_prompt and keyframe_prompt differ; choose one and save it.")
    return Segment(
        id=place.segment_id,
        title=fields.text("title", "name"),
        image_prompt=_first(image, "image_prompt"),
        motion_prompt=_first(motion, "motion_prompt"),
        negative_prompt=_negative(fields),
        image_prompt_keys=keys_of(place.item, "image_prompt"),
        motion_prompt_keys=keys_of(place.item, "motion_prompt"),
        prompt_conflict=conflict,
        represents=fields.text("represents", "narrative", "text_excerpt"),
        duration_s=_duration_s(fields),
    )


def keys_of(item: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """List the JSON keys that hold a prompt of this segment, in the file's order; empty without any."""
    names = PROMPT_KEYS[field]
    return tuple(key for key in item if key in names)


def _prompt(fields: Fields, field: str) -> dict[str, str]:
    """Return key to text for the keys that hold some text, in the file's order."""
    texts = {key: fields.text(key) for key in fields if key in PROMPT_KEYS[field]}
    return {key: text for key, text in texts.items() if text.strip()}


def _first(texts: dict[str, str], field: str) -> str:
    return next((texts[key] for key in PROMPT_KEYS[field] if key in texts), "")


def _negative(fields: Fields) -> str:
    if isinstance(fields.raw("negative_prompt"), list):
        return fields.any_text("negative_prompt")
    return fields.text("negative_prompt")


def _duration_s(fields: Fields) -> float:
    for key in ("duration", "duration_seconds", "duration_s", "frame_count"):
        if key not in fields:
            continue
        number = fields.number(key)
        seconds = number / FRAMES_PER_S if number is not None and key == "frame_count" else number
        if seconds is not None and 0 < seconds <= _LONGEST_S:
            return seconds
        if seconds is not None:
            fields.note(
                key,
                f"No clip can be that long; {DEFAULT_DURATION_S:g} s is used unless another key says more.",
            )
    return DEFAULT_DURATION_S


def _read_section(fields: Fields, index: int, known_ids: set[int]) -> Section:
    own = fields.raw("id")
    section_id = str(own) if type(own) is int else fields.text("id")
    if not section_id:
        section_id = f"section-{index + 1}"
        fields.note("id", f"The section has no id; by its position it is read as “{section_id}”.")
    return Section(
        id=section_id,
        segment_ids=_segment_ids(fields, known_ids),
        text=fields.text("text_content", "text"),
        text_type=fields.text("text_type"),
        heading=fields.text("heading", "title"),
        footer=fields.any_text("footer") if fields.raw("footer") not in (True, False) else "",
        form=read_form(fields.raw("form")),
        layout=fields.any_text("layout"),
    )


def _segment_ids(fields: Fields, known_ids: set[int]) -> tuple[int, ...]:
    key = next((key for key in ("segment_ids", "segment", "segment_id") if key in fields), None)
    if key is None:
        return ()
    listed = fields.raw(key)
    ids = []
    for value in listed if isinstance(listed, list) else [listed]:
        segment_id = _own_id(value)
        if segment_id is None:
            fields.note(key, "This holds something that is no segment number; it was left out.")
            continue
        if segment_id not in known_ids:
            fields.note(key, f"The section names segment {segment_id}, which the stream does not have.")
        ids.append(segment_id)
    return tuple(ids)
