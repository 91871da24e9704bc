"""The tasks page: what runs, waits, needs somebody and has ended, over all streams."""

from __future__ import annotations

from typing import Any

from director_lib.pages.boards import BoardPage
from director_lib.pages.opening import open_page
from director_lib.pages.task_rows import Window
from director_lib.widgets.task_list import TaskList
from director_lib.workbench import Workbench

Json = dict[str, Any]


class TasksPage(BoardPage):
    """The tasks of all streams: the drawer's events, with more room."""

    page = "tasks"
    window = Window(running=100, queued=50, broken=50, ended=30)

    def make_screen(self) -> TaskList:
        """Return the list."""
        return TaskList(on_ready=self.ready, **self.drawer.callbacks())

    def read_all(self, workbench: Workbench) -> Json:
        """Read the tasks that fit the page, and the counts of all."""
        return {"queue": self.drawer.open()}

    def read_changes(self, workbench: Workbench) -> Json:
        """Read nothing: the drawer pushes what changes of the tasks."""
        return {}


def show() -> None:
    """Show the tasks page to whoever visits it."""
    page = TasksPage()
    open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
