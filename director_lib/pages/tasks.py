"""The tasks page: what runs, waits and failed, over all streams."""

from __future__ import annotations

from typing import Any

from director_lib.pages.boards import BoardPage
from director_lib.pages.drawer import DrawerEvents
from director_lib.pages.opening import open_page
from director_lib.pages.task_rows import read_task_rows
from director_lib.widgets.task_list import TaskList
from director_lib.workbench import Workbench

Json = dict[str, Any]


class TasksPage(BoardPage):
    """The newest tasks of all streams."""

    page = "tasks"
    rows_key = "tasks"

    def make_screen(self) -> TaskList:
        """Return the list."""
        return TaskList(on_ready=self.ready, **DrawerEvents(self).callbacks())

    def read_rows(self, workbench: Workbench) -> dict[str, Json]:
        """Read the newest tasks, newest first."""
        return read_task_rows(workbench)


def show() -> None:
    """Show the tasks page to whoever visits it."""
    page = TasksPage()
    open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
