"""The streams board: every stream of the studio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from director_lib.domain.event_words import sentence
from director_lib.pages.boards import BoardPage
from director_lib.pages.cards import instant
from director_lib.pages.frame import rail
from director_lib.pages.live import call_soon, changed_rows
from director_lib.pages.opening import open_page
from director_lib.pages.streams_events import StreamsEvents
from director_lib.store.attention import expected_changes_by_stream, is_attention_usable
from director_lib.store.overview import StreamActivity
from director_lib.widgets.streams_board import StreamsBoard
from director_lib.workbench import Workbench
from director_lib.workbench.stream_list import StreamLine

Json = dict[str, Any]
_COVER_PX = 640
_LOOKS_A_SCAN = 5
"""Files of a thousand streams are looked at every two seconds."""


class StreamsPage(BoardPage):
    """All streams with where they stand."""

    page = "streams"

    def __init__(self) -> None:
        super().__init__()
        self._rows = StreamRows()
        self._n_looks = 0

    def make_screen(self) -> StreamsBoard:
        """Return the board."""
        callbacks = StreamsEvents(self).callbacks()
        return StreamsBoard(on_ready=self.ready, **self.drawer.callbacks(), **callbacks)

    def load(self) -> None:
        """Push every stream at once, and then what was spent on each: summing that takes a moment."""
        super().load()
        call_soon(self.refresh)

    def look(self) -> None:
        """Push what changed when a stream came, went, or was changed on disk."""
        super().look()
        self._n_looks += 1
        if self._n_looks % _LOOKS_A_SCAN == 0 and self.workbench.stream_list.has_changed():
            self.refresh()

    def read_all(self, workbench: Workbench) -> Json:
        """Read every stream, sorted by id; a broken one is a row with its error."""
        self._rows = StreamRows()
        return {"streams": list(self._rows.read(workbench, with_spend=False).values())}

    def read_changes(self, workbench: Workbench) -> Json | None:
        """Read what changed of the streams; None when one came or went."""
        before = self._rows.told
        rows = self._rows.read(workbench, look_at_files=False)
        return {"streams": changed_rows(before, rows)} if rows.keys() == before.keys() else None


def show() -> None:
    """Show the streams board to whoever visits the page."""
    page = StreamsPage()
    open_page(page.screen, lambda workbench, _parameters: page.start(workbench))


class StreamRows:
    """The line of every stream as the page shows it; one is only written anew when something changed.

    Attributes:
        told: Each stream's row by id, as it was read last.
    """

    def __init__(self) -> None:
        self.told: dict[str, Json] = {}
        self._made_of: dict[str, _Source] = {}

    def read(
        self, workbench: Workbench, *, with_spend: bool = True, look_at_files: bool = True
    ) -> dict[str, Json]:
        """Read every row, by id; ``spend_usd`` is None without spend. Rows as before are the same objects.

        Args:
            look_at_files: As of ``StreamList.lines``.
        """
        reader = workbench.studio.actor.username
        needs = _read_attention(workbench)
        lines = workbench.stream_list.lines(with_spend=with_spend, look_at_files=look_at_files)
        sources = {line.id: _Source(line, activity, needs.get(line.id)) for line, activity in lines}
        rows: dict[str, Json] = {}
        for key, source in sources.items():
            before = self._made_of.get(key)
            is_same = before is not None and source.is_same(before)
            rows[key] = self.told[key] if is_same else _row(source, reader)
        if not with_spend:
            self.told = {key: {**row, "spend_usd": None} for key, row in rows.items()}
            self._made_of = {}  # what was spent is yet to be told
        else:
            self.told, self._made_of = rows, sources
        return self.told


@dataclass(frozen=True, slots=True)
class _Source:
    """What a row is made of; ``attention`` is how many of what waits will not be approved, if known."""

    line: StreamLine
    activity: StreamActivity
    attention: float | None

    def is_same(self, other: _Source) -> bool:
        """Tell whether a row of the other would be the same: the parts are kept while nothing changes."""
        parts_are_kept = self.line is other.line and self.activity is other.activity
        return parts_are_kept and self.attention == other.attention


def _read_attention(workbench: Workbench) -> dict[str, float]:
    """Read by stream how many of what waits will not be approved; empty while nobody can tell."""
    with workbench.studio.database.read() as connection:
        if not is_attention_usable(connection):
            return {}
        expected = expected_changes_by_stream(connection)
    return {stream_id: round(many, 2) for stream_id, many in expected.items()}


def _row(source: _Source, reader: str) -> Json:
    line, activity = source.line, source.activity
    return {
        "id": line.id,
        "title": line.title,
        "language": line.language,
        "dialect": line.dialect,
        "n_segments": line.n_segments,
        "rail": rail(line.id, line.gates),
        "approved": line.approved,
        "total": line.total,
        "undecided": line.undecided,
        "running": activity.running,
        "last_activity_at": instant(activity.last_event_at),
        "last_activity": _in_words(activity),
        "spend_usd": activity.spend_usd,
        "cover": "/media/thumb/{}/{}{}".format(_COVER_PX, *line.cover) if line.cover else None,
        "oddities": [{"file": odd.file, "path": odd.path, "message": odd.message} for odd in line.oddities],
        "error": line.error,
        "needs_me": line.needs(reader),
        "attention": source.attention,
        "href": f"/s/{line.id}/{'keyframes' if line.n_segments else 'story'}",
    }


def _in_words(activity: StreamActivity) -> str:
    if not activity.last_verb:
        return ""
    return sentence(activity.last_actor, activity.last_verb, activity.last_segment_id, activity.last_kind)
