"""Saving prompts into production.json without touching anything else."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from director_lib.errors import (
    InputError,
    NotFoundError,
    PromptClashError,
    StaleWriteError,
    StreamFileError,
)
from director_lib.streams.atomic import atomic_write
from director_lib.streams.fields import Fields, Notes
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import JsonFile, find_bytes, find_json, parse_json
from director_lib.streams.json_spans import JsonPath
from director_lib.streams.json_text import JsonScalar, patch_values, show_path
from director_lib.streams.locking import stream_lock
from director_lib.streams.reader import SPEC_FILE
from director_lib.streams.seen_specs import find_states, prompt_states, remember
from director_lib.streams.segments import PROMPT_KEYS, Place, keys_of, place_segments, read_segments

_TRIES = 8


@dataclass(frozen=True, slots=True)
class SavedSpec:
    """The result of a save.

    Attributes:
        sha256: Digest of production.json's bytes after the save.
        before: Field to text before the save, for each field that was asked to change.
        others: Field to key and text, for each further text that a disagreeing key of it held.
    """

    sha256: str
    before: dict[str, str]
    others: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the writer had in front of them when they began to edit."""

    sha256: str | None
    base: Mapping[str, str] | None


def save_prompts(
    root: StreamsRoot,
    stream_id: str,
    segment_id: int,
    changes: Mapping[str, str],
    *,
    expected_sha256: str | None,
    base: Mapping[str, str] | None = None,
) -> SavedSpec:
    """Save prompts of one segment in place.

    Every JSON key that the segment has for a prompt gets the new text; a prompt without a key gets the one
    that the stream's other segments use. When the file has changed since it was read, the edit is applied
    to the new content, unless the same prompt of the same segment has changed: that is never overwritten.
    A prompt counts as changed, too, when nothing is known of the file that was read.

    Args:
        changes: New texts by "image_prompt", "motion_prompt" or "negative_prompt". Empty saves nothing.
        expected_sha256: Digest of the file that the texts were edited from; None saves over anything.
        base: Texts that the edit began with, by the same names. Needed for merging only when this process
            did not itself read the file with ``expected_sha256``.

    Returns:
        The new digest, and the texts before. Texts that are there already are not written again.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream or segment.
        InputError: A change is not one of the three prompts, or not text.
        StreamFileError: There is no production.json, it is broken, or a prompt in it is a list or object.
        PromptClashError: The same prompt has changed.
        StaleWriteError: The file changes without pause.
        StorageError: The disk refused; the file is untouched.
    """
    _check_changes(changes)
    with stream_lock(root, stream_id):
        return write_prompts(root, stream_id, segment_id, changes, expected_sha256=expected_sha256, base=base)


def write_prompts(
    root: StreamsRoot,
    stream_id: str,
    segment_id: int,
    changes: Mapping[str, str],
    *,
    expected_sha256: str | None,
    base: Mapping[str, str] | None = None,
) -> SavedSpec:
    """Save prompts as ``save_prompts`` does, for a caller who holds the stream's lock already."""
    _check_changes(changes)
    path = root.path(stream_id) / SPEC_FILE
    seen = _Seen(expected_sha256, base)
    for _ in range(_TRIES):
        spec = read_spec_file(path)
        places = place_segments(Fields(spec.data, "$", Notes(SPEC_FILE)), Notes(SPEC_FILE))
        place = _get_place(places, stream_id, segment_id)
        before = _texts(place)
        _check_unchanged(spec, place, changes, seen, before)
        text = patch_values(spec.text, _edits(spec, places, place, changes))
        sha256 = write_spec_file(path, spec, text)
        if sha256 is not None:
            others = {field: _other_texts(place, field, {before[field], changes[field]}) for field in changes}
            return SavedSpec(sha256, {field: before[field] for field in changes}, others)
    raise StaleWriteError(str(path), "another program keeps writing it.")


def _check_changes(changes: Mapping[str, str]) -> None:
    for field, text in changes.items():
        if field not in PROMPT_KEYS:
            raise InputError(f"“{field}” is no prompt. Prompts are: {', '.join(PROMPT_KEYS)}.")
        if not isinstance(text, str):
            raise InputError(f"The new {field} is not text. Nothing was saved.")


def read_spec_file(path: Path) -> JsonFile:
    """Read a production.json that is to be edited.

    Raises:
        StreamFileError: There is none, it is broken, or it holds no object.
    """
    spec = find_json(path)
    if spec is None:
        raise StreamFileError(path, "the stream has no production.json yet; write the spec first")
    if not isinstance(spec.data, dict):
        raise StreamFileError(path, "it does not hold an object with segments; correct it in a text editor")
    return spec


def _get_place(places: list[Place], stream_id: str, segment_id: int) -> Place:
    for place in places:
        if place.segment_id == segment_id:
            return place
    raise NotFoundError("segment", f"{segment_id} of {stream_id}")


def _texts(place: Place) -> dict[str, str]:
    segment = read_segments([place], Notes(SPEC_FILE))[0]
    return {field: str(getattr(segment, field)) for field in PROMPT_KEYS}


def _other_texts(place: Place, field: str, known: Collection[str]) -> dict[str, str]:
    """Return what keys of a prompt hold that is neither shown nor saved: a save replaces it, too."""
    held = prompt_states(place.item).get(field, ())
    return {key: text for key, text in held if isinstance(text, str) and text.strip() and text not in known}


def _check_unchanged(
    spec: JsonFile, place: Place, changes: Mapping[str, str], seen: _Seen, now: Mapping[str, str]
) -> None:
    """Refuse when a prompt is no longer what its writer saw, unless it already is what they want."""
    if seen.sha256 is None or seen.sha256 == spec.sha256:
        return
    then, states = find_states(seen.sha256, place.segment_id), prompt_states(place.item)
    for field, text in changes.items():
        if now[field] == text:
            continue
        if then is not None:
            unchanged = then.get(field) == states.get(field)
        else:
            unchanged = seen.base is not None and seen.base.get(field) == now[field]
        if not unchanged:
            began_with = (seen.base or {}).get(field, "")
            theirs, segment_id = now[field], place.segment_id
            raise PromptClashError(segment_id, field, base=began_with, theirs=theirs, yours=text)


def _edits(
    spec: JsonFile, places: list[Place], place: Place, changes: Mapping[str, str]
) -> dict[JsonPath, JsonScalar]:
    edits: dict[JsonPath, JsonScalar] = {}
    for field, text in changes.items():
        keys = keys_of(place.item, field) or ((_usual_key(places, field),) if text else ())
        for key in keys:
            where: JsonPath = (place.list_key, place.index, key)
            if isinstance(place.item.get(key), (list, dict)):
                why = f"{show_path(where)} is not a single text; edit it in a text editor. Nothing was saved"
                raise StreamFileError(spec.path, why)
            edits[where] = text
    return edits


def _usual_key(places: list[Place], field: str) -> str:
    used = Counter(key for place in places for key in keys_of(place.item, field))
    return used.most_common(1)[0][0] if used else field


def write_spec_file(path: Path, spec: JsonFile, text: str) -> str | None:
    """Write the text unless the file is no longer the one that was read.

    Returns:
        The digest of what is in the file now; None when another program was faster.
    """
    data = text.encode()
    if text != spec.text:
        if find_bytes(path) != spec.text.encode():
            return None
        atomic_write(path, data)
    sha256 = hashlib.sha256(data).hexdigest()
    notes = Notes(SPEC_FILE)
    remember(sha256, place_segments(Fields(parse_json(path, text), "$", notes), notes))
    return sha256
