"""A page over many streams: loaded once, then patched as things change."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from director_lib.errors import InputError
from director_lib.pages.drawer import DrawerEvents
from director_lib.pages.frame import frame
from director_lib.pages.live import LiveLoop, changed_fields
from director_lib.pages.task_rows import Window
from director_lib.pages.worker_watch import WorkerWatch
from director_lib.widgets.base import Screen
from director_lib.workbench import Workbench

Json = dict[str, Any]


class BoardPage(ABC):
    """Base of the streams board and the tasks page.

    A subclass says which widget shows it and how its own part is read. What it shows of tasks, in the drawer
    or as its own part, is the drawer's.
    """

    page: str
    window: Window | None = None

    def __init__(self) -> None:
        self.drawer = DrawerEvents(self, self.window)
        self.screen = self.make_screen()
        self._workbench: Workbench | None = None
        self._workers: WorkerWatch | None = None
        self._frame: Json = {}

    @abstractmethod
    def make_screen(self) -> Screen:
        """Return the widget that shows the page."""

    @abstractmethod
    def read_all(self, workbench: Workbench) -> Json:
        """Read the page's own part of a load."""

    @abstractmethod
    def read_changes(self, workbench: Workbench) -> Json | None:
        """Read the page's own part of a patch; None when everything has to be loaded anew."""

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
        """Show the page on behalf of the workbench's actor and keep it true from now on."""
        self._workbench = workbench
        self.load()
        self._workers = WorkerWatch(workbench.studio, self.refresh)
        LiveLoop(workbench.studio.database, self.refresh, self.look).start()

    def look(self) -> None:
        """Push what changed without a commit; called every 0.4 s."""
        if self._workers is not None:
            self._workers.look()

    def load(self) -> None:
        """Push everything."""
        self._frame = self._read_frame()
        self.screen.load({"frame": self._frame, **self.read_all(self.workbench)})

    def refresh(self) -> None:
        """Push what changed since the last push."""
        own = self.read_changes(self.workbench)
        if own is None:
            self.load()
        else:
            before, self._frame = self._frame, self._read_frame()
            patch = {"frame": changed_fields(before, self._frame), **own}
            if any(patch.values()):
                self.screen.patch({key: value for key, value in patch.items() if value})
        self.drawer.push()

    def ready(self, _data: Json) -> None:
        """Push everything to a browser that has just shown the page, once the visitor is known."""
        if self._workbench is not None:
            self.load()

    def _read_frame(self) -> Json:
        studio = self.workbench.studio
        with studio.database.read() as connection:
            return frame(studio, connection, self.page)
