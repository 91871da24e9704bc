"""Adding, splitting, moving, removing and setting segments in the text of production.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from director_lib.domain.spec_edit import (
    MOST_SEGMENTS,
    AddSegment,
    MoveSegment,
    RemoveSegment,
    SectionField,
    SegmentField,
    SetSegment,
    SplitSegment,
    read_duration_s,
    shown_duration,
)
from director_lib.errors import InputError, RuleError
from director_lib.streams.fields import Notes, as_whole
from director_lib.streams.json_structure import JsonEditor
from director_lib.streams.segments import FRAMES_PER_S, Place, read_segments
from director_lib.streams.spec_edit_checks import Done, check_base
from director_lib.streams.spec_keys import (
    SECTION_KEYS,
    SEGMENT_KEYS,
    get_place,
    section_places,
    settle_ids,
    text_keys,
    usual_key,
)

_SEGMENTS = SECTION_KEYS[SectionField.SEGMENTS]


def add_segment(editor: JsonEditor, stream_id: str, edit: AddSegment, new_id: int) -> Done:
    """Put an empty segment into the film; it is read with the section of the one before it.

    Returns:
        What was done, in words.
    """
    places = settle_ids(editor, stream_id)
    if len(places) >= MOST_SEGMENTS:
        raise RuleError(f"A stream has at most {MOST_SEGMENTS:,} segments. Nothing was added.")
    list_key = places[0].list_key if places else "segments"
    if not isinstance(editor.data.get(list_key), list):
        editor.set_value((list_key,), [])
    index = 0
    if edit.after is not None:
        index = get_place(editor, stream_id, edit.after).index + 1
    elif places:
        index = places[0].index
    editor.insert_item((list_key,), index, _blank(places, list_key, new_id, edit.title))
    if edit.after is not None and list_key == "segments":
        _follow_in_sections(editor, edit.after, new_id)
    return Done(f"added segment {new_id}")


def split_segment(editor: JsonEditor, stream_id: str, edit: SplitSegment, new_id: int) -> Done:
    """Let a segment be followed by a copy of itself, each with its part of what it stood for."""
    settle_ids(editor, stream_id)
    place = get_place(editor, stream_id, edit.segment_id)
    copy = {**place.item, ("segment" if place.list_key == "sections" else "id"): new_id}
    if place.list_key == "sections" and "id" in copy:
        copy["id"] = f"section-{new_id}"
    editor.insert_item((place.list_key,), place.index + 1, copy)
    if place.list_key == "segments":
        _follow_in_sections(editor, edit.segment_id, new_id)
    if edit.at is not None:
        _share_words(editor, stream_id, edit, new_id)
    return Done(f"split segment {edit.segment_id}; the second part is segment {new_id}")


def move_segment(editor: JsonEditor, stream_id: str, edit: MoveSegment) -> Done:
    """Let a segment stand before another one, or at the end."""
    places = settle_ids(editor, stream_id)
    source = get_place(editor, stream_id, edit.segment_id).index
    following = next((place.segment_id for place in places if place.index > source), None)
    if edit.before is None:
        target = places[-1].index
        where = "to the end"
    else:
        before = get_place(editor, stream_id, edit.before).index
        target = before - 1 if source < before else before
        where = f"before segment {edit.before}"
    if edit.before != edit.segment_id and target != source:
        editor.move_item((places[0].list_key,), source, target)
    return Done(f"moved segment {edit.segment_id} {where}", MoveSegment(edit.segment_id, following))


def remove_segment(editor: JsonEditor, stream_id: str, edit: RemoveSegment) -> Done:
    """Take a segment out of the film and out of the sections that named it; their texts stay."""
    settle_ids(editor, stream_id)
    place = get_place(editor, stream_id, edit.segment_id)
    if place.list_key == "sections":
        # a section that was a segment, too, keeps the story's words
        editor.remove_key((place.list_key, place.index, "segment"))
        return Done(f"removed segment {edit.segment_id}; its section stays")
    editor.remove_item((place.list_key,), place.index)
    for section in section_places(editor):
        _drop_from_section(editor, section.index, section.item, edit.segment_id)
    return Done(f"removed segment {edit.segment_id}")


def set_segment(editor: JsonEditor, stream_id: str, edit: SetSegment) -> Done:
    """Let one field of a segment say something else."""
    place = get_place(editor, stream_id, edit.segment_id)
    before = _now(place, edit.field)
    check_base(f"The {_NAMES[edit.field]} of segment {edit.segment_id}", before, edit)
    keys = SEGMENT_KEYS[edit.field]
    items = [item for item in editor.data.get(place.list_key, []) if isinstance(item, dict)]
    usual = usual_key(items, keys)
    if edit.field is SegmentField.DURATION:
        _set_duration(editor, place, usual, read_duration_s(edit.text))
    else:
        for key in text_keys(place.item, keys, usual):
            editor.set_value((place.list_key, place.index, key), edit.text)
    label = f"changed the {_NAMES[edit.field]} of segment {edit.segment_id}"
    return Done(label, replace(edit, text=before, base=edit.text) if before else None)


_NAMES = {
    SegmentField.TITLE: "title",
    SegmentField.REPRESENTS: "meaning",
    SegmentField.DURATION: "duration",
}


def _now(place: Place, field: SegmentField) -> str:
    [segment] = read_segments([place], Notes(""))
    if field is SegmentField.DURATION:
        return shown_duration(segment.duration_s)
    return segment.title if field is SegmentField.TITLE else segment.represents


def _set_duration(editor: JsonEditor, place: Place, usual: str, seconds: float) -> None:
    keys = [key for key in SEGMENT_KEYS[SegmentField.DURATION] if key in place.item] or [usual]
    for key in keys:
        value = seconds * FRAMES_PER_S if key == "frame_count" else seconds
        plain = round(value) if key == "frame_count" or float(value).is_integer() else value
        editor.set_value((place.list_key, place.index, key), plain)


def _blank(places: list[Place], list_key: str, new_id: int, title: str) -> dict[str, Any]:
    """Return a segment without words, with the keys that the others use."""
    items = [place.item for place in places]
    fields = [
        usual_key(items, ("title", "name")),
        usual_key(items, ("image_prompt", "keyframe_prompt")),
        usual_key(items, ("motion_prompt", "animation_prompt")),
    ]
    blank = dict.fromkeys(fields, "") | {fields[0]: title}
    if list_key == "sections":
        return {"id": f"section-{new_id}", "segment": new_id, **blank}
    return {"id": new_id, **blank}


def _follow_in_sections(editor: JsonEditor, segment_id: int, new_id: int) -> None:
    """Name a new segment in every section that names the one before it."""
    for section in section_places(editor):
        key = next((key for key in _SEGMENTS if section.item.get(key) is not None), None)
        listed = section.item.get(key) if key else None
        path = ("sections", section.index, key or "")
        if isinstance(listed, list):
            at = next((index for index, one in enumerate(listed) if as_whole(one) == segment_id), None)
            if at is not None:
                editor.insert_item(path, at + 1, new_id)
        elif as_whole(listed) == segment_id:
            editor.set_value(path, [segment_id, new_id])


def _drop_from_section(editor: JsonEditor, index: int, item: Mapping[str, Any], segment_id: int) -> None:
    for key in _SEGMENTS:
        listed, path = item.get(key), ("sections", index, key)
        if isinstance(listed, list):
            for at in reversed([at for at, one in enumerate(listed) if as_whole(one) == segment_id]):
                editor.remove_item(path, at)
        elif listed is not None and as_whole(listed) == segment_id:
            editor.set_value(path, [])


def _share_words(editor: JsonEditor, stream_id: str, edit: SplitSegment, new_id: int) -> None:
    keys = SEGMENT_KEYS[SegmentField.REPRESENTS]
    place = get_place(editor, stream_id, edit.segment_id)
    whole = _now(place, SegmentField.REPRESENTS)
    at = edit.at or 0
    if not 0 < at < len(whole):
        raise InputError(f"Segment {edit.segment_id} cannot be split there. Nothing was changed.")
    second = get_place(editor, stream_id, new_id)
    for one, words in ((place, whole[:at].rstrip()), (second, whole[at:].lstrip())):
        for key in text_keys(one.item, keys, keys[0]):
            editor.set_value((one.list_key, one.index, key), words)
