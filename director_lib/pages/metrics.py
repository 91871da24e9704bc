"""The metrics page: how much is approved, how often work is made again, how long it takes, what it costs.

What it shows is read from counts that are kept with every write. The libraries that compute from them are
loaded when the page is opened, so that a kernel starts without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from director_lib.domain.stream import Stream
from director_lib.errors import DirectorError, InputError
from director_lib.pages.drawer import DrawerEvents, answering
from director_lib.pages.frame import frame
from director_lib.pages.live import LiveLoop, changed_fields
from director_lib.pages.opening import open_page
from director_lib.pages.stream_titles import StreamTitles
from director_lib.pages.worker_watch import WorkerWatch
from director_lib.store.events import last_event_seq
from director_lib.widgets.metrics_board import MetricsBoard
from director_lib.workbench import Workbench
from director_lib.workbench.standing import read_standing

if TYPE_CHECKING:
    from director_lib.metrics.board_choice import BoardChoice
    from director_lib.workbench.insight_rows import RowsWanted

Json = dict[str, Any]
_ALL = "All streams"


class MetricsPage:
    """The metrics of one stream, or of the studio.

    Numbers are read again when something was decided, made or edited; progress of tasks only moves the queue
    badge.
    """

    def __init__(self) -> None:
        self._drawer = DrawerEvents(self)
        self.screen = MetricsBoard(
            on_ready=self._ready,
            on_choose=answering(self, self._choose, push=self._told),
            on_show_rows=answering(self, self._show_rows, push=self._told),
            on_compare_streams=answering(self, self._compare_streams, push=self._told),
            **self._drawer.callbacks(),
        )
        self._workbench: Workbench | None = None
        self._stream_id: str | None = None
        self._wanted: Json = {"weeks": None, "actor": None, "engine": None, "kind": None}
        self._frame: Json = {}
        self._board: Json = {}
        self._seen_seq = -1
        self._titles: Mapping[str, str] = {}

    def start(self, workbench: Workbench, stream_id: str | None) -> None:
        """Show the metrics on behalf of the workbench's actor and keep them true from now on."""
        self._workbench = workbench
        self._stream_id = stream_id
        self._load()
        watch = WorkerWatch(workbench.studio, self.refresh)
        LiveLoop(workbench.studio.database, self.refresh, watch.look).start()

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
        self._drawer.push()
        patch: Json = {}
        if self._read_seq() != self._seen_seq:
            before, self._board = self._board, self._read_board()
            patch = changed_fields(before, self._board)
        shown = self._read_frame()
        changed = changed_fields(self._frame, shown)
        self._frame = shown
        if changed:
            patch["frame"] = changed
        if patch:
            self.screen.patch(patch)

    def _ready(self, _data: Json) -> None:
        if self._workbench is not None:
            self._load()

    def _load(self) -> None:
        self._titles = StreamTitles(self.workbench)
        try:
            self._frame = self._read_frame()
        except DirectorError as error:
            self._stream_id = None
            self._frame = self._read_frame()
            self.screen.notice({"level": "error", "message": error.user_message})
        self._board = self._read_board()
        self.screen.load({**self._board, "frame": self._frame})

    def _choose(self, data: Json) -> Json:
        """Show another part of the numbers."""
        self._wanted = {
            "weeks": data["weeks"] or None,
            "actor": data["actor"],
            "engine": data["engine"],
            "kind": data["kind"] or None,
        }
        self._board = self._read_board()
        return {"board": self._board}

    def _show_rows(self, data: Json) -> Json:
        """Show the rows behind a number: of the whole choice, of one week, or of one group."""
        from director_lib.workbench.insight_rows import read_rows

        return {"table": read_rows(self.workbench.studio, self._rows_wanted(data), self._titles)}

    def _rows_wanted(self, data: Json) -> RowsWanted:
        from director_lib.workbench.insight_rows import RowsWanted

        by, value = data["by"], data["value"]
        narrowed = dict(self._wanted)
        if by in ("engine", "model", "kind", "actor"):
            narrowed[by] = value
        wanted = RowsWanted(data["what"], self._choice(narrowed, data["week"]), data["cause"], data["before"])
        if by == "stream":
            return replace(wanted, choice=replace(wanted.choice, stream_id=self._stream_id or value))
        if by == "state":
            return replace(wanted, state=value)
        if by == "checkpoint":
            return replace(wanted, checkpoint=value)
        if by == "tries":
            return replace(wanted, tries=_whole_number(value))
        if by == "segment":
            stream_id, _, segment = value.rpartition("/")
            choice = replace(wanted.choice, stream_id=self._stream_id or stream_id)
            return replace(wanted, choice=choice, segment_id=_whole_number(segment))
        return wanted

    def _compare_streams(self, _data: Json) -> Json:
        """Show the streams beside each other, within what was chosen."""
        from director_lib.workbench.insight_streams import read_streams

        choice = self._choice(self._wanted)
        return {"streams": read_streams(self.workbench.studio, choice, self._titles)}

    def _told(self) -> None:
        """Push nothing: the answer has it all."""

    def _choice(self, wanted: Json, week: str = "") -> BoardChoice:
        import pandas as pd

        from director_lib.metrics.board_choice import BoardChoice

        try:
            monday = pd.Timestamp(date.fromisoformat(week)).as_unit("us") if week else None
        except ValueError as error:
            raise InputError(f"“{week}” is no day. Reload the page.") from error
        return BoardChoice(stream_id=self._stream_id, week=monday, **wanted)

    def _read_board(self) -> Json:
        from director_lib.workbench.insight_board import read_board

        self._seen_seq = self._read_seq()
        studio = self.workbench.studio
        board = read_board(studio, self._choice(self._wanted), self._titles)
        title = self._titles[self._stream_id] if self._stream_id else _ALL
        return {
            **board,
            "scope": {"stream_id": self._stream_id, "title": title},
            "updated_at": studio.clock().isoformat(),
        }

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


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InputError(f"“{text}” is no number. Reload the page.") from error


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
