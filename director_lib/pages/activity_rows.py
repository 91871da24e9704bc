"""Events as rows of the activity page, as JSON values."""

from __future__ import annotations

from typing import Any

from director_lib.domain.event_words import actor_words, group_of, said_of, thing_words
from director_lib.domain.version import Kind
from director_lib.pages.cards import instant
from director_lib.store.events import Event

Json = dict[str, Any]
_LONGEST_NOTE = 400
_PAGES = {
    "edited_brief": "story",
    "changed_brief_outside": "story",
    "created_stream": "story",
    "edited_spec": "spec",
    "restored_spec": "spec",
    "drafted_spec": "spec",
    "undid_spec": "spec",
    "changed_spec_outside": "spec",
    "overrode_checkpoint": "final",
    "built": "final",
    "deployed": "final",
    "rolled_back": "final",
}


def event_row(event: Event, stream_id: str) -> Json:
    """Describe an event; equal neighbours are folded into one line by the browser.

    ``said`` has ``{what}`` where ``one`` or ``many`` and the segments' numbers belong.
    """
    one, many = thing_words(event.kind)
    return {
        "seq": event.seq,
        "actor": event.actor,
        "name": actor_words(event.actor),
        "said": said_of(event.verb, event.details),
        "one": one,
        "many": many,
        "segment_id": event.segment_id,
        "group": group_of(event.verb).value,
        "at": instant(event.happened_at),
        "note": _note(event),
        "href": _href(event, stream_id),
    }


def _note(event: Event) -> str:
    for name in ("note", "reason", "title", "label"):
        said = event.details.get(name)
        if isinstance(said, str) and said.strip():
            return said.strip()[:_LONGEST_NOTE]
    if event.verb in ("edited_brief", "changed_brief_outside"):
        return str(event.details.get("after") or "")[:_LONGEST_NOTE]
    return ""


def _href(event: Event, stream_id: str) -> str | None:
    """Return where the thing is to be seen; None when there is no such place."""
    base = f"/s/{stream_id}"
    page = event.details.get("checkpoint") if isinstance(event.details.get("checkpoint"), str) else None
    page = _PAGES.get(event.verb, page)
    if page in ("story", "spec", "final"):
        return f"{base}/{page}"
    if event.segment_id is not None:
        desk = "videos" if event.kind is Kind.VIDEO else "keyframes"
        return f"{base}/{desk}?segment={event.segment_id}"
    return None
