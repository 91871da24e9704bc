"""What is asked about tasks, on every page: by the task drawer, and by the tasks page itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from director_lib.errors import DirectorError, StaleWriteError
from director_lib.pages import queue_moves
from director_lib.pages.job_rows import keeper_of
from director_lib.pages.task_feed import TaskFeed
from director_lib.pages.task_rows import Window
from director_lib.widgets.base import Screen
from director_lib.workbench import Workbench
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.tasks import Tasks

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


def answering(
    page: OpenPage, handler: Handler, push: Callable[[], None] | None = None
) -> Callable[[Json], None]:
    """Return a callback that handles an event, pushes what it changed, and then answers the browser.

    Args:
        push: Sees to it that what changed is pushed; the page's ``refresh`` when None.
    """

    def answer(data: Json) -> None:
        try:
            more = handler(data) or {}
        except StaleWriteError:
            page.refresh()  # the refusal's reason is to be seen at once
            raise
        (push or page.refresh)()
        page.screen.reply({"request_id": data["request_id"], "ok": True, **more})

    return answer


def showing(page: OpenPage, handler: Handler) -> Callable[[Json], None]:
    """Return a callback that answers a question: nothing changes, so nothing is read again for it."""
    return answering(page, handler, lambda: None)


class DrawerEvents:
    """Answers the events about tasks for one page, and keeps the rows that its browser shows true.

    The screen has checked the form of each payload; what the values mean is for the use cases to check.

    Args:
        window: How many rows the page itself shows; None when tasks are shown in the drawer only.
    """

    def __init__(self, page: OpenPage, window: Window | None = None) -> None:
        self._page = page
        self._is_drawer_only = window is None
        self._feed = TaskFeed(window or Window(ended=0))

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the screen's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "list_tasks": self._list_tasks,
            "close_tasks": self._close_tasks,
            "more_tasks": self._more_tasks,
            "cancel_task": lambda data: _done(self._keeper(data).cancel(data["task_id"])),
            "retry_task": lambda data: _done(self._keeper(data).retry(data["task_id"])),
            "move_task": self._move_task,
            "pause_queue": lambda data: self._tasks.pause(data["engine"]),
            "resume_queue": lambda data: self._tasks.resume(data["engine"]),
            "queued_streams": self._queued_streams,
            "cancel_queued": lambda data: {"cancelled": self._tasks.cancel_queued(data["stream_id"])},
            "show_lines": self._show_lines,
            "hide_lines": lambda data: self._feed.hide_lines(data["task_id"]),
            "settle_task": self._settle_task,
        }
        return {f"on_{name}": answering(self._page, handler) for name, handler in answered.items()}

    def open(self) -> Json:
        """Return all that is shown of the tasks; from now on ``push`` sends changes."""
        return self._feed.open(self._page.workbench)

    def push(self) -> None:
        """Send what changed of the tasks, while they are shown."""
        changes = self._feed.changes(self._page.workbench)
        if changes:
            self._page.screen.push("queue", changes)

    @property
    def _tasks(self) -> Tasks:
        return self._page.workbench.tasks

    def _keeper(self, data: Json) -> Tasks | StreamTasks:
        return keeper_of(self._page.workbench, data["task_id"])

    def _list_tasks(self, _data: Json) -> Json:
        return self.open()

    def _close_tasks(self, _data: Json) -> None:
        if self._is_drawer_only:
            self._feed.close()

    def _more_tasks(self, data: Json) -> Json:
        self._feed.widen(data["group"])
        return self.open()

    def _move_task(self, data: Json) -> None:
        queue_moves.move(self._page.workbench, data["task_id"], data["way"], data["before"])

    def _queued_streams(self, _data: Json) -> Json:
        return {
            "streams": [
                {
                    "id": queued.stream_id,
                    "title": self._title(queued.stream_id),
                    "count": queued.count,
                    "price_usd": queued.price_usd,
                }
                for queued in self._tasks.queued_streams()
            ]
        }

    def _title(self, stream_id: str) -> str:
        try:
            return self._page.workbench.streams.get(stream_id).title
        except DirectorError:
            return stream_id

    def _show_lines(self, data: Json) -> Json:
        return {"lines": self._feed.show_lines(self._page.workbench, data["task_id"])}

    def _settle_task(self, data: Json) -> None:
        self._keeper(data).settle(data["task_id"], data["was_made"], data["note"])


def _done(_task: object) -> None:
    """Answer nothing but that it was done."""
