"""What happened on a stream, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from director_lib.domain.event_words import EVENT_WORDS, EventGroup, verbs_of
from director_lib.domain.people import Action
from director_lib.store.event_pages import EventFilter, list_stream_actors, list_stream_events
from director_lib.store.events import Event, last_event_seq
from director_lib.workbench.studio import Studio

PAGE = 200
MOST_NEW = 1_000


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What of a stream's activity is wanted; None is everything."""

    actor: str | None = None
    group: EventGroup | None = None
    segment_id: int | None = None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Some events, the newest first.

    Attributes:
        has_more: Whether there are older ones.
    """

    events: list[Event]
    has_more: bool


class Activity:
    """The activity log, to be read."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def page(
        self, stream_id: str, wanted: ActivityFilter | None = None, *, before_seq: int | None = None
    ) -> ActivityPage:
        """Read up to ``PAGE`` events, the newest first; empty for a stream that nothing happened to.

        Args:
            before_seq: Only older ones than this event.
        """
        self._studio.require(Action.VIEW)
        filtered = _in_store(wanted or ActivityFilter())
        with self._studio.database.read() as connection:
            found = list_stream_events(connection, stream_id, filtered, before_seq=before_seq, limit=PAGE + 1)
        return ActivityPage(found[:PAGE], len(found) > PAGE)

    def since(self, stream_id: str, after_seq: int, wanted: ActivityFilter | None = None) -> list[Event]:
        """Read what happened after an event, the newest first, at most ``MOST_NEW``."""
        self._studio.require(Action.VIEW)
        filtered = _in_store(wanted or ActivityFilter())
        with self._studio.database.read() as connection:
            return list_stream_events(connection, stream_id, filtered, after_seq=after_seq, limit=MOST_NEW)

    def newest_seq(self, stream_id: str) -> int:
        """Return the ``seq`` of a stream's newest event; 0 when nothing ever happened."""
        with self._studio.database.read() as connection:
            return last_event_seq(connection, stream_id)

    def actors(self, stream_id: str) -> list[str]:
        """Return everybody who ever did something on a stream, sorted."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_stream_actors(connection, stream_id)


def _in_store(wanted: ActivityFilter) -> EventFilter:
    if wanted.group is EventGroup.STUDIO:  # what nobody has words for is the studio's, too
        others = [verb for verb, words in EVENT_WORDS.items() if words.group is not EventGroup.STUDIO]
        return EventFilter(wanted.actor, wanted.segment_id, not_verbs=others)
    verbs = verbs_of(wanted.group) if wanted.group is not None else []
    return EventFilter(wanted.actor, wanted.segment_id, verbs)
