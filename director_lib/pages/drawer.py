"""What the task drawer asks for, on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from director_lib.errors import StaleWriteError
from director_lib.pages.task_rows import read_task_rows
from director_lib.widgets.base import Screen
from director_lib.workbench import Workbench

Json = dict[str, Any]
Handler = Callable[[Json], Json | None]


class OpenPage(Protocol):
    """A page that has been started for its visitor."""

    @property
    def workbench(self) -> Workbench:
        """The visitor's workbench."""
        ...

    @property
    def screen(self) -> Screen:
        """The page's widget."""
        ...

    def refresh(self) -> None:
        """Push what changed since the last push."""
        ...


def answering(page: OpenPage, handler: Handler) -> Callable[[Json], None]:
    """Return a callback that handles an event, pushes what it changed, and then answers the browser."""

    def answer(data: Json) -> None:
        try:
            more = handler(data) or {}
        except StaleWriteError:
            page.refresh()  # the refusal's reason is to be seen at once
            raise
        page.refresh()
        page.screen.reply({"request_id": data["request_id"], "ok": True, **more})

    return answer


class DrawerEvents:
    """Answers the task drawer's events for one page.

    The screen has checked the form of each payload; what the values mean is for the use cases to check.
    """

    def __init__(self, page: OpenPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the screen's constructor callbacks, by name."""
        return {
            "on_list_tasks": answering(self._page, self._list_tasks),
            "on_cancel_task": answering(self._page, self._cancel_task),
            "on_retry_task": answering(self._page, self._retry_task),
        }

    def _list_tasks(self, _data: Json) -> Json:
        return {"tasks": list(read_task_rows(self._page.workbench).values())}

    def _cancel_task(self, data: Json) -> None:
        self._page.workbench.tasks.cancel(data["task_id"])

    def _retry_task(self, data: Json) -> None:
        self._page.workbench.tasks.retry(data["task_id"])
