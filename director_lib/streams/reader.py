"""Reading everything that the files of one stream say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from director_lib.domain.stream import Dialect, Stream
from director_lib.errors import StreamFileError
from director_lib.streams.direction import read_direction, read_negative, read_palette, read_size
from director_lib.streams.fields import Fields, Notes
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import JsonFile, find_json, parse_json, text_sha256
from director_lib.streams.order_form import read_brief, read_language, read_story
from director_lib.streams.seen_specs import remember
from director_lib.streams.segments import place_segments, read_sections, read_segments

SPEC_FILE, FORM_FILE, DEPLOYMENT_FILE = "production.json", "input.json", "deployment.json"
_STAMPED = (SPEC_FILE, FORM_FILE, DEPLOYMENT_FILE)
_WEB_ADDRESS = re.compile(r"https?://\S+|/site/[^/\s]+/?", re.IGNORECASE)
_DEFAULT_SIZE = (1280, 720)

FileStamp = tuple[int, int, int] | None
"""Modification instant in ns, size in bytes and inode; None for a missing file."""


def read_stream(root: StreamsRoot, stream_id: str) -> Stream:
    """Read a stream in any dialect, tolerantly.

    Missing files are normal. Whatever is odd is understood as well as possible and listed in the stream's
    ``oddities``. A broken input.json or deployment.json is such an oddity, too.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
        StreamFileError: production.json is broken, with line and column, or may not be read.
    """
    folder = root.path(stream_id)
    form_notes, notes, deployment_notes = Notes(FORM_FILE), Notes(SPEC_FILE), Notes(DEPLOYMENT_FILE)
    form = _optional(folder / FORM_FILE, form_notes)
    found = find_json(folder / SPEC_FILE)
    spec = Fields(found.data if found else None, "$", notes)
    about, given = spec.quiet_child("stream"), spec.quiet_child("input")
    _check_id(spec, about, stream_id)
    width, height = read_size(spec) or _DEFAULT_SIZE
    values: dict[str, Any] = {
        "title": form.text("title") or about.text("title", "name") or spec.text("title") or stream_id,
        "language": read_language(form, about, given, spec),
        "story": read_story(form, form_notes),
        "brief": read_brief(form),
        **_directions(spec),
        "deployed_url": _deployed_url(_optional(folder / DEPLOYMENT_FILE, deployment_notes)),
    }
    if found is not None:
        values |= _film(found, spec, notes)
    oddities = (*form_notes.found, *notes.found, *deployment_notes.found)
    return Stream(id=stream_id, width=width, height=height, oddities=oddities, **values)


def read_spec_text(stream_id: str, text: str) -> Stream:
    """Read what a production.json of that text says, without the stream's other files.

    Raises:
        StreamFileError: The text is no JSON.
    """
    notes = Notes(SPEC_FILE)
    found = JsonFile(Path(SPEC_FILE), text, parse_json(SPEC_FILE, text), text_sha256(text))
    spec = Fields(found.data, "$", notes)
    width, height = read_size(spec) or _DEFAULT_SIZE
    about = spec.quiet_child("stream")
    values = {
        "title": about.text("title", "name") or spec.text("title") or stream_id,
        "language": read_language(about, spec.quiet_child("input"), spec),
        **_directions(spec),
        **_film(found, spec, notes),
    }
    return Stream(id=stream_id, width=width, height=height, oddities=tuple(notes.found), **values)


def spec_stamp(root: StreamsRoot, stream_id: str) -> tuple[FileStamp, ...]:
    """Return what changes whenever production.json, input.json or deployment.json does, for caching.

    Returns:
        One stamp per file, in that order.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
    """
    folder = root.path(stream_id)
    return tuple(_stamp(folder / name) for name in _STAMPED)


def _directions(spec: Fields) -> dict[str, Any]:
    return {
        "palette": read_palette(spec),
        "visual_direction": read_direction(spec),
        "negative_prompt": read_negative(spec),
        "prompt_suffix": spec.child("composition_rules").text("prompt_suffix"),
    }


def _film(found: JsonFile, spec: Fields, notes: Notes) -> dict[str, Any]:
    """Return what only production.json says, and remember its prompts for a later save."""
    places = place_segments(spec, notes)
    remember(found.sha256, places)
    if not places:
        notes.add("$.segments", "The file has no segments yet.")
    return {
        "dialect": _dialect(spec),
        "segments": read_segments(places, notes),
        "sections": read_sections(spec, notes, {place.segment_id for place in places}),
        "spec_sha256": found.sha256,
    }


def _optional(path: Path, notes: Notes) -> Fields:
    try:
        found = find_json(path)
    except StreamFileError as error:
        place = f" at line {error.line}, column {error.column}" if error.line is not None else ""
        notes.add("", f"The file cannot be read{place} and was left out: {error.why}.")
        found = None
    return Fields(found.data if found else None, "$", notes)


def _dialect(spec: Fields) -> Dialect:
    if "stream_id" in spec and "stream" not in spec:
        return Dialect.ART_FILM
    if any(key in spec for key in ("input", "composition_rules", "output")):
        return Dialect.SPEC_V1
    if "stream" in spec or "sections" in spec:
        return Dialect.SHORT
    return Dialect.ART_FILM


def _check_id(spec: Fields, about: Fields, stream_id: str) -> None:
    """Note an id that differs from the folder's name, which wins."""
    key = "stream" if isinstance(spec.raw("stream"), str) else "stream_id"
    said = about.text("id")
    fields, key = (about, "id") if said else (spec, key)
    said = said or spec.text(key)
    if said and said != stream_id:
        fields.note(key, f"The file says “{said}”; the folder's name “{stream_id}” is used.")


def _deployed_url(deployment: Fields) -> str:
    for key in ("url", "stream_url"):
        address = deployment.text(key).strip()
        if _WEB_ADDRESS.fullmatch(address):
            return address
        if address:
            deployment.note(key, "This is no web address; it was left out.")
    return ""


def _stamp(path: Path) -> FileStamp:
    try:
        facts = path.stat()
    except OSError:
        # missing and unreadable look alike here: reading the file says which
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
