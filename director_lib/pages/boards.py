"""A page of rows over many streams: loaded once, then patched as things change."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from director_lib.errors import InputError
from director_lib.pages.frame import frame
from director_lib.pages.live import LiveLoop, changed_fields, changed_rows
from director_lib.widgets.base import Screen
from director_lib.workbench import Workbench

Json = dict[str, Any]


class BoardPage(ABC):
    """Base of the streams board and the tasks page.

    A subclass says which widget shows it, what its rows are called in messages and how to read them.
    """

    page: str
    rows_key: str

    def __init__(self) -> None:
        self.screen = self.make_screen()
        self._workbench: Workbench | None = None
        self._frame: Json = {}
        self._rows: dict[str, Json] = {}

    @abstractmethod
    def make_screen(self) -> Screen:
        """Return the widget that shows the rows."""

    @abstractmethod
    def read_rows(self, workbench: Workbench) -> dict[str, Json]:
        """Read the rows by id, in the order to show them."""

    @property
    def workbench(self) -> Workbench:
        """The visitor's workbench.

        Raises:
            InputError: The page has not been started.
        """
        if self._workbench is None:
            raise InputError("This page is still opening. Wait a moment and try again.")
        return self._workbench

    def start(self, workbench: Workbench) -> None:
        """Show the rows on behalf of the workbench's actor and keep them true from now on."""
        self._workbench = workbench
        self.load()
        LiveLoop(workbench.studio.database, self.refresh).start()

    def load(self) -> None:
        """Push everything."""
        self._frame, self._rows = self._read()
        self.screen.load({"frame": self._frame, self.rows_key: list(self._rows.values())})

    def refresh(self) -> None:
        """Push what changed since the last push."""
        shown, rows = self._read()
        if rows.keys() != self._rows.keys():
            self.load()
            return
        patch = {"frame": changed_fields(self._frame, shown), self.rows_key: changed_rows(self._rows, rows)}
        self._frame, self._rows = shown, rows
        if any(patch.values()):
            self.screen.patch({key: value for key, value in patch.items() if value})

    def ready(self, _data: Json) -> None:
        """Push everything to a browser that has just shown the page, once the visitor is known."""
        if self._workbench is not None:
            self.load()

    def _read(self) -> tuple[Json, dict[str, Json]]:
        workbench = self.workbench
        rows = self.read_rows(workbench)
        with workbench.studio.database.read() as connection:
            return frame(workbench.studio, connection, self.page), rows
