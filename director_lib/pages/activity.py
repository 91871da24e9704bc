"""The activity page: everything that happened on a stream, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from director_lib.domain.event_words import EventGroup, actor_words
from director_lib.pages.activity_rows import event_row
from director_lib.pages.drawer import Handler, answering
from director_lib.pages.opening import open_page
from director_lib.pages.stream_page import StreamPage
from director_lib.store.events import Event
from director_lib.widgets.activity_page import ActivityScreen
from director_lib.workbench import Workbench
from director_lib.workbench.activity import ActivityFilter

Json = dict[str, Any]


class ActivityPage(StreamPage):
    """One stream's timeline."""

    page = "activity"

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ActivityFilter()
        self._newest_seq = 0
        self._actors: list[str] = []

    def make_screen(self) -> ActivityScreen:
        """Return the page's widget."""
        answered: dict[str, Handler] = {"filter_events": self._filter, "more_events": self._more}
        callbacks: dict[str, Callable[[Json], None]] = {
            f"on_{name}": answering(self, handler) for name, handler in answered.items()
        }
        return ActivityScreen(on_ready=self.ready, **self.drawer.callbacks(), **callbacks)

    def read_all(self, workbench: Workbench) -> Json:
        """Read the newest events that pass the filter, and what there is to filter by."""
        stream = self.find_stream()
        self._newest_seq = workbench.activity.newest_seq(self.stream_id)
        self._actors = workbench.activity.actors(self.stream_id)
        error = None if stream or self._actors else f"There is no stream “{self.stream_id}”."
        return {
            "error": error,
            "people": self._people(),
            "groups": [group.value for group in EventGroup],
            "segments": [segment.id for segment in stream.segments] if stream else [],
            "wanted": self._told_filter(),
            **self._page_of(workbench, None),
        }

    def read_changes(self, workbench: Workbench) -> Json:
        """Read what happened since the last look."""
        newest_seq = workbench.activity.newest_seq(self.stream_id)
        if newest_seq == self._newest_seq:
            return {}
        new = workbench.activity.since(self.stream_id, self._newest_seq, self._wanted)
        self._newest_seq = newest_seq
        strangers = {event.actor for event in new} - {*self._actors}
        self._actors = sorted({*self._actors, *strangers})
        told: Json = {"new": self._rows(new)}
        return told | ({"people": self._people()} if strangers else {})

    def _filter(self, data: Json) -> Json:
        group = EventGroup(data["group"]) if data["group"] else None
        self._wanted = ActivityFilter(data["actor"] or None, group, data["segment_id"] or None)
        self._newest_seq = self.workbench.activity.newest_seq(self.stream_id)
        return {"wanted": self._told_filter(), **self._page_of(self.workbench, None)}

    def _more(self, data: Json) -> Json:
        return self._page_of(self.workbench, data["before_seq"])

    def _page_of(self, workbench: Workbench, before_seq: int | None) -> Json:
        page = workbench.activity.page(self.stream_id, self._wanted, before_seq=before_seq)
        return {"events": self._rows(page.events), "has_more": page.has_more}

    def _rows(self, events: list[Event]) -> list[Json]:
        return [event_row(event, self.stream_id) for event in events]

    def _people(self) -> list[Json]:
        return [{"username": actor, "name": actor_words(actor)} for actor in self._actors]

    def _told_filter(self) -> Json:
        wanted = self._wanted
        return {
            "actor": wanted.actor or "",
            "group": wanted.group.value if wanted.group else "",
            "segment_id": wanted.segment_id or 0,
        }


def show(stream: str | None = None) -> None:
    """Show the activity page to whoever visits it.

    Args:
        stream: Stream id; None takes it from the page's address.
    """
    page = ActivityPage()
    open_page(
        page.screen,
        lambda workbench, parameters: page.open(workbench, parameters.get("stream", "")),
        stream=stream,
    )
