"""The events of the task drawer, which every screen has."""

from __future__ import annotations

from director_lib.widgets.base import Screen
from director_lib.widgets.payload import Check, is_id

REQUEST: dict[str, Check] = {"request_id": is_id}
TASK: dict[str, Check] = REQUEST | {"task_id": is_id}


class DrawerScreen(Screen):
    """A screen whose drawer lists tasks, cancels and retries them."""

    def vue_ready(self, data: object) -> None:
        """The screen is shown and wants its ``load``."""
        self.handle("ready", data, {})

    def vue_list_tasks(self, data: object) -> None:
        """The task drawer was opened."""
        self.handle("list_tasks", data, REQUEST)

    def vue_cancel_task(self, data: object) -> None:
        """Stop a task."""
        self.handle("cancel_task", data, TASK)

    def vue_retry_task(self, data: object) -> None:
        """Start a failed task again."""
        self.handle("retry_task", data, TASK)
