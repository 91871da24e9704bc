"""Noticing that somebody changed production.json itself, and keeping every state that it had."""

from __future__ import annotations

from datetime import datetime

from director_lib.domain.prompt_edits import OUTSIDE
from director_lib.domain.spec_diff import Change, ItemKind, compare_outlines
from director_lib.domain.spec_state import SpecState, StateOrigin
from director_lib.domain.stream import Stream
from director_lib.errors import StreamFileError
from director_lib.intake.outside_prompts import note_outside_prompts
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.spec_states import NewState, add_state, find_newest_state, get_content
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import text_sha256
from director_lib.streams.locking import stream_lock
from director_lib.streams.segments import PROMPT_KEYS
from director_lib.streams.spec_outline import read_outline
from director_lib.streams.spec_writer import find_spec_text

CHANGED_OUTSIDE = "changed_spec_outside"
_LOCK_TIMEOUT_S = 2.0
_PROMPTS = frozenset(key for keys in PROMPT_KEYS.values() for key in keys)


def note_outside_spec(database: Database, root: StreamsRoot, stream: Stream, *, now: datetime) -> None:
    """Record what somebody changed in production.json itself: each prompt, and the state as a whole.

    Raises:
        StreamFileError: production.json was broken meanwhile.
        StorageError: Somebody saves the stream for too long, or the database refused.
    """
    note_outside_prompts(database, root, stream, now=now)
    if stream.spec_sha256 is None or _is_known(database, stream.id, stream.spec_sha256):
        return
    # looked at again under the lock: the workbench holds it while it saves file and state
    with stream_lock(root, stream.id, timeout_s=_LOCK_TIMEOUT_S):
        note_state_held(database, root, stream.id, now=now)


def note_state_held(database: Database, root: StreamsRoot, stream_id: str, *, now: datetime) -> bool:
    """Record the state of the file when it is not the newest known one, for a caller who holds the lock.

    The first state of a stream is no change. A change of prompts alone is told by the prompts' own events.

    Returns:
        Whether a state was recorded.
    """
    text = find_spec_text(root, stream_id)
    if text is None or _is_known(database, stream_id, text_sha256(text)):
        return False
    with database.write() as connection:
        newest = find_newest_state(connection, stream_id)
        if newest is not None and newest.sha256 == text_sha256(text):
            return False
        origin = StateOrigin.FOUND if newest is None else StateOrigin.OUTSIDE
        label = "first seen" if newest is None else "changed in production.json itself"
        add_state(connection, NewState(stream_id, text, origin, label, OUTSIDE, now))
        if newest is not None and _says_more_than_prompts(get_content(connection, newest.sha256), text):
            details = {"before_sha256": newest.sha256, "after_sha256": text_sha256(text)}
            place = (stream_id, None, None)
            record_event(connection, CHANGED_OUTSIDE, OUTSIDE, now, place=place, details=details)
    return True


def _says_more_than_prompts(before: str, after: str) -> bool:
    try:
        changes = compare_outlines(read_outline(before), read_outline(after))
    except StreamFileError:
        return True
    return any(
        change.kind is not ItemKind.SEGMENT
        or change.change is not Change.CHANGED
        or change.is_moved
        or any(field.name not in _PROMPTS for field in change.fields)
        for change in changes
    )


def _is_known(database: Database, stream_id: str, sha256: str) -> bool:
    return _sha256(_newest(database, stream_id)) == sha256


def _newest(database: Database, stream_id: str) -> SpecState | None:
    with database.read() as connection:
        return find_newest_state(connection, stream_id)


def _sha256(state: SpecState | None) -> str | None:
    return None if state is None else state.sha256
