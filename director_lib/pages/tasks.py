"""The tasks page: what runs, waits and failed, over all streams."""

from __future__ import annotations

from typing import Any

from director_lib.pages.boards import BoardPage
from director_lib.pages.opening import open_page
from director_lib.pages.task_rows import read_task_rows
from director_lib.widgets.task_list import TaskList
from director_lib.workbench import Workbench

Json = dict[str, Any]


class TasksPage(BoardPage):
    """The newest tasks of all streams."""

    page = "tasks"
    rows_key = "tasks"

    def make_board(self) -> TaskList:
        """Return the list."""
        return TaskList(on_ready=self.ready, on_cancel_task=self._cancel, on_retry_task=self._retry)

    def read_rows(self, workbench: Workbench) -> dict[str, Json]:
        """Read the newest tasks, newest first."""
        return read_task_rows(workbench)

    def _cancel(self, data: Json) -> None:
        self.workbench.tasks.cancel(data["task_id"])
        self._answer(data)

    def _retry(self, data: Json) -> None:
        self.workbench.tasks.retry(data["task_id"])
        self._answer(data)

    def _answer(self, data: Json) -> None:
        self.refresh()
        self.board.reply({"request_id": data["request_id"], "ok": True})


def show() -> None:
    """Show the tasks page to whoever visits it."""
    page = TasksPage()
    open_page(page.board, lambda workbench, _parameters: page.start(workbench))
