"""Noticing that somebody changed an order form, input.json, itself, and telling the timeline what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from director_lib.domain.prompt_edits import OUTSIDE
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.known_briefs import find_known_brief, put_known_brief
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.form_texts import BRIEF_MARK, STORY, find_form_texts
from director_lib.streams.locking import stream_lock

CHANGED_BRIEF_OUTSIDE = "changed_brief_outside"
_LOCK_TIMEOUT_S = 2.0
_MOST_NAMED = 4


def note_outside_brief(database: Database, root: StreamsRoot, stream_id: str, *, now: datetime) -> bool:
    """Record what somebody changed in the order form itself; one that is seen first is no edit.

    The workbench saves a field into the file and into the database while it holds the stream's lock. So a
    difference is looked at again under that lock before it counts as made outside.

    Returns:
        Whether an event was recorded.

    Raises:
        StorageError: Somebody saves the stream for too long, or the database refused. Nothing was recorded.
    """
    texts = find_form_texts(root, stream_id)
    if texts is None or _known(database, stream_id) == texts:
        return False
    with stream_lock(root, stream_id, timeout_s=_LOCK_TIMEOUT_S):
        return note_brief_held(database, root, stream_id, now=now)


def note_brief_held(database: Database, root: StreamsRoot, stream_id: str, *, now: datetime) -> bool:
    """Do what ``note_outside_brief`` does, for a caller who holds the stream's lock."""
    texts = find_form_texts(root, stream_id)
    if texts is None or _known(database, stream_id) == texts:
        return False
    with database.write() as connection:
        known = find_known_brief(connection, stream_id)
        details = _details(known, texts) if known is not None else None
        if details is not None:
            place = (stream_id, None, None)
            record_event(connection, CHANGED_BRIEF_OUTSIDE, OUTSIDE, now, place=place, details=details)
        put_known_brief(connection, stream_id, texts, now)
    return details is not None


def _known(database: Database, stream_id: str) -> dict[str, str] | None:
    with database.read() as connection:
        return find_known_brief(connection, stream_id)


def _details(known: dict[str, str], texts: dict[str, str]) -> dict[str, Any] | None:
    """Name what changed, with its texts before and after; None when nothing did. Stories are only named."""
    names = [name for name in {**texts, **known} if known.get(name, "") != texts.get(name, "")]
    if not names:
        return None
    changes = [
        {"field": _words(name), "before": known.get(name, ""), "after": texts.get(name, "")}
        for name in names
        if name != STORY
    ]
    after = changes[0]["after"] if len(names) == 1 and changes else ""
    return {"field": _named(names), "changes": changes, "after": after}


def _named(names: list[str]) -> str:
    words = [_words(name) for name in names]
    if len(words) > _MOST_NAMED + 1:
        words[_MOST_NAMED:] = [f"{len(names) - _MOST_NAMED} more fields"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _words(name: str) -> str:
    if name.startswith(BRIEF_MARK):
        return f"“{name.removeprefix(BRIEF_MARK)}” of the brief"
    return f"the {name}"
