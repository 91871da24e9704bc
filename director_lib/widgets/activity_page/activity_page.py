"""The activity page: everything that happened on a stream, by day, with filters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.domain.event_words import EventGroup
from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import is_number, is_text, one_of


class ActivityScreen(DrawerScreen):
    """Shows a timeline and asks for more of it."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "activity_page.vue"

    def vue_filter_events(self, data: object) -> None:
        """Only some of the events are wanted; empty and 0 are everything."""
        form = {"actor": is_text, "group": one_of("", *EventGroup), "segment_id": is_number}
        self.handle("filter_events", data, REQUEST | form)

    def vue_more_events(self, data: object) -> None:
        """Older events are wanted."""
        self.handle("more_events", data, REQUEST | {"before_seq": is_number})

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per event, for a saved notebook."""
        rows = []
        for event in self._shown.get("events", []):
            what = "the stream" if event["segment_id"] is None else f"{event['one']} {event['segment_id']}"
            rows.append((event["at"], event["name"], event["said"].replace("{what}", what)))
        return ("When", "Who", "What"), rows
