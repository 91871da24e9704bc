"""Saving a spec: the file, its state, its prompts and the timeline, as one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from director_lib.domain.prompt_edits import PromptPlace, prompts_by_place, prompts_of
from director_lib.domain.spec_edit_form import edit_to_json
from director_lib.domain.spec_state import StateOrigin
from director_lib.intake.outside_prompts import note_prompts_held
from director_lib.intake.spec_states import note_state_held
from director_lib.store.assets import ensure_stream
from director_lib.store.database import Database
from director_lib.store.events import NewEvent, record_events
from director_lib.store.known_prompts import put_known_prompts
from director_lib.store.prompt_history import EDITED
from director_lib.store.spec_states import NewState, add_state
from director_lib.store.undo import SpecStep, UndoStep, push_step
from director_lib.streams.fields import Notes
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import text_sha256
from director_lib.streams.json_structure import JsonEditor
from director_lib.streams.locking import stream_lock
from director_lib.streams.reader import SPEC_FILE, read_stream
from director_lib.streams.segments import read_segments
from director_lib.streams.spec_keys import places_in
from director_lib.streams.spec_writer import WrittenSpec

SpecWriter = Callable[[], WrittenSpec]

VERBS = {
    StateOrigin.EDITED: "edited_spec",
    StateOrigin.RESTORED: "restored_spec",
    StateOrigin.DRAFTED: "drafted_spec",
    StateOrigin.UNDONE: "undid_spec",
}


@dataclass(frozen=True, slots=True)
class Saver:
    """Who saves, and where."""

    database: Database
    root: StreamsRoot
    username: str
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Saving:
    """How a save is told.

    Attributes:
        segment_id: The segment that it concerns; None for the spec as a whole.
        is_undoable: Whether the person may take it back as a step of its own.
    """

    stream_id: str
    origin: StateOrigin = StateOrigin.EDITED
    segment_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    is_undoable: bool = True


def save_spec_as(saver: Saver, saving: Saving, write: SpecWriter) -> WrittenSpec:
    """Write into the file and the database while nobody else saves the stream.

    The file comes first. After a crash in between the edit is in the file, and is noted as made outside.

    Args:
        write: Writes production.json; called while the stream's lock is held.
    """
    with stream_lock(saver.root, saving.stream_id):
        now = saver.clock()
        stream = read_stream(saver.root, saving.stream_id)
        note_prompts_held(saver.database, stream, now=now)
        note_state_held(saver.database, saver.root, saving.stream_id, now=now)
        written = write()
        if written.before != written.after:
            known = stream if written.before and stream.spec_sha256 == text_sha256(written.before) else None
            before = prompts_by_place(known) if known else _prompts(written.before)
            _record(saver, saving, written, before, now)
    return written


def _record(
    saver: Saver, saving: Saving, written: WrittenSpec, before: dict[PromptPlace, str], now: datetime
) -> None:
    stream_id, actor = saving.stream_id, saver.username
    after = _prompts(written.after)
    before_sha256 = None if written.before is None else text_sha256(written.before)
    details = {
        **saving.details,
        "label": written.label,
        "before_sha256": before_sha256,
        "after_sha256": written.sha256,
    }
    segment_id = written.new_id if written.new_id is not None else saving.segment_id
    events = [NewEvent(VERBS[saving.origin], actor, now, (stream_id, segment_id, None), details)]
    for place, text in after.items():
        if place in before and before[place] != text:
            events.append(_prompt_event(stream_id, actor, now, place, (before[place], text)))
    with saver.database.write() as connection:
        ensure_stream(connection, stream_id, now=now)
        record_events(connection, events)
        put_known_prompts(connection, stream_id, _news(before, after), now)
        add_state(connection, NewState(stream_id, written.after, saving.origin, written.label, actor, now))
        if saving.is_undoable:
            inverse = None if written.inverse is None else edit_to_json(written.inverse)
            step = UndoStep(
                0, stream_id, written.label, spec_steps=[SpecStep(before_sha256, written.sha256, inverse)]
            )
            push_step(connection, actor, step, now)


def _prompts(text: str | None) -> dict[PromptPlace, str]:
    if text is None:
        return {}
    segments = read_segments(places_in(JsonEditor(text)), Notes(SPEC_FILE))
    return {
        (segment.id, name): prompt for segment in segments for name, prompt in prompts_of(segment).items()
    }


def _news(before: dict[PromptPlace, str], after: dict[PromptPlace, str]) -> dict[PromptPlace, str]:
    return {place: text for place, text in after.items() if before.get(place) != text}


def _prompt_event(
    stream_id: str, actor: str, now: datetime, place: PromptPlace, texts: tuple[str, str]
) -> NewEvent:
    segment_id, name = place
    details = {"before": {name: texts[0]}, "after": {name: texts[1]}}
    return NewEvent(EDITED, actor, now, (stream_id, segment_id, None), details)
