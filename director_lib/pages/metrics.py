"""The metrics page: how much is approved, how often work is made again, and how long it takes."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import asdict
from typing import Any

from director_lib.domain.stream import Stream
from director_lib.errors import DirectorError, InputError
from director_lib.metrics.chart_set import CHART_TITLES, make_charts
from director_lib.metrics.summary import MetricsSummary
from director_lib.pages.drawer import DrawerEvents
from director_lib.pages.frame import frame
from director_lib.pages.live import LiveLoop, changed_fields
from director_lib.pages.opening import open_page
from director_lib.store.events import last_event_seq
from director_lib.widgets.metrics_board import MetricsBoard
from director_lib.workbench import Workbench
from director_lib.workbench.standing import read_standing

Json = dict[str, Any]


class MetricsPage:
    """The metrics of one stream, or of the studio.

    Numbers are computed again when something was decided, made or edited; progress of tasks only moves the
    queue badge.
    """

    def __init__(self) -> None:
        self.screen = MetricsBoard(on_ready=self._ready, **DrawerEvents(self).callbacks())
        self._workbench: Workbench | None = None
        self._stream_id: str | None = None
        self._frame: Json = {}
        self._seen_seq = -1
        self._numbers: Json = {}
        self._charts: list[Json] = [
            {"key": key, "title": title, "svg": None, "description": ""}
            for key, title in CHART_TITLES.items()
        ]

    def start(self, workbench: Workbench, stream_id: str | None) -> None:
        """Show the metrics on behalf of the workbench's actor and keep them true from now on."""
        self._workbench = workbench
        self._stream_id = stream_id
        self._load()
        LiveLoop(workbench.studio.database, self.refresh).start()

    @property
    def workbench(self) -> Workbench:
        """The visitor's workbench.

        Raises:
            InputError: The page has not been started.
        """
        if self._workbench is None:
            raise InputError("This page is still opening. Wait a moment and try again.")
        return self._workbench

    def refresh(self) -> None:
        """Push what changed since the last push."""
        if self._read_seq() != self._seen_seq:
            self._load()
            return
        shown = self._read_frame()
        patch = changed_fields(self._frame, shown)
        self._frame = shown
        if patch:
            self.screen.patch({"frame": patch})

    def _ready(self, _data: Json) -> None:
        if self._workbench is not None:
            self._load()

    def _load(self) -> None:
        self._seen_seq = self._read_seq()
        try:
            self._frame = self._read_frame()
            summary = self.workbench.insight.summary(self._stream_id)
        except DirectorError as error:
            self._stream_id = None
            self._frame = self._read_frame()
            self.screen.notice({"level": "error", "message": error.user_message})
            summary = self.workbench.insight.summary(None)
        self._numbers = summary.payload()
        self._show(self._charts)
        self._draw(summary)

    def _draw(self, summary: MetricsSummary) -> None:
        """Draw the charts beside the loop, for the first one of a process takes a second or two."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._show([asdict(chart) for chart in make_charts(summary)])
            return

        numbers = self._numbers

        def draw() -> None:
            charts = [asdict(chart) for chart in make_charts(summary)]
            loop.call_soon_threadsafe(lambda: self._show(charts) if numbers is self._numbers else None)

        threading.Thread(target=draw, daemon=True).start()

    def _show(self, charts: list[Json]) -> None:
        self._charts = charts
        self.screen.load({**self._numbers, "frame": self._frame, "charts": charts})

    def _read_seq(self) -> int:
        with self.workbench.studio.database.read() as connection:
            return last_event_seq(connection, self._stream_id)

    def _read_frame(self) -> Json:
        studio = self.workbench.studio
        stream = self._find_stream()
        with studio.database.read() as connection:
            standing = read_standing(connection, stream) if stream else None
            return frame(studio, connection, "metrics", stream, standing)

    def _find_stream(self) -> Stream | None:
        return self.workbench.streams.get(self._stream_id) if self._stream_id else None


def show(stream: str | None = None) -> None:
    """Show the metrics page.

    Args:
        stream: Stream id; None takes it from the page's address, and all streams when there is none.
    """
    page = MetricsPage()
    open_page(
        page.screen,
        lambda workbench, parameters: page.start(workbench, parameters.get("stream") or None),
        stream=stream,
    )
