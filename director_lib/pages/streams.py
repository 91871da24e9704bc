"""The streams board: every stream of the studio."""

from __future__ import annotations

from typing import Any

from director_lib.pages.boards import BoardPage
from director_lib.pages.cards import instant
from director_lib.pages.drawer import DrawerEvents
from director_lib.pages.frame import rail
from director_lib.pages.media_urls import thumbnail_url
from director_lib.pages.opening import open_page
from director_lib.store.overview import StreamActivity
from director_lib.widgets.streams_board import StreamsBoard
from director_lib.workbench import Workbench
from director_lib.workbench.streams import StreamOverview

Json = dict[str, Any]
_COVER_PX = 640


class StreamsPage(BoardPage):
    """All streams with where they stand."""

    page = "streams"
    rows_key = "streams"

    def make_screen(self) -> StreamsBoard:
        """Return the board."""
        return StreamsBoard(on_ready=self.ready, **DrawerEvents(self).callbacks())

    def read_rows(self, workbench: Workbench) -> dict[str, Json]:
        """Read every stream, sorted by id; a broken one is a row with its error."""
        return {overview.id: _row(overview) for overview in workbench.streams.overviews()}


def show() -> None:
    """Show the streams board to whoever visits the page."""
    page = StreamsPage()
    open_page(page.screen, lambda workbench, _parameters: page.start(workbench))


def _row(overview: StreamOverview) -> Json:
    stream = overview.stream
    return {
        "id": overview.id,
        "title": stream.title if stream else overview.id,
        "language": stream.language if stream else "",
        "dialect": stream.dialect.value if stream and stream.dialect else "",
        "n_segments": len(stream.segments) if stream else 0,
        "rail": rail(overview.id, overview.gates),
        "approved": overview.approved,
        "total": overview.total,
        "undecided": overview.undecided,
        "running": overview.activity.running,
        "last_activity_at": instant(overview.activity.last_event_at),
        "last_activity": _in_words(overview.activity),
        "spend_usd": overview.activity.spend_usd,
        "cover": thumbnail_url(overview.cover, _COVER_PX) if overview.cover else None,
        "oddities": [
            {"file": odd.file, "path": odd.path, "message": odd.message} for odd in overview.oddities
        ],
        "error": overview.error,
        "needs_me": overview.needs_me,
        "href": f"/s/{overview.id}/keyframes",
    }


def _in_words(activity: StreamActivity) -> str:
    if not activity.last_verb:
        return ""
    what = activity.last_verb.replace("_", " ")
    where = f" segment {activity.last_segment_id}" if activity.last_segment_id is not None else ""
    return f"{activity.last_actor} {what}{where}"
