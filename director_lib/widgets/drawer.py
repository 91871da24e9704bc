"""The events about tasks, which every screen has because every screen has the task drawer."""

from __future__ import annotations

from director_lib.widgets.base import Screen
from director_lib.widgets.payload import Check, is_flag, is_id, is_optional_id, is_text, one_of

REQUEST: dict[str, Check] = {"request_id": is_id}
TASK: dict[str, Check] = REQUEST | {"task_id": is_id}
_ENGINE: dict[str, Check] = REQUEST | {"engine": is_optional_id}
_MOVE: dict[str, Check] = TASK | {
    "way": one_of("up", "down", "front", "end", "before"),
    "before": is_optional_id,
}


class DrawerScreen(Screen):
    """A screen whose drawer lists tasks, orders, pauses, cancels, settles and retries them."""

    def vue_ready(self, data: object) -> None:
        """The screen is shown and wants its ``load``."""
        self.handle("ready", data, {})

    def vue_list_tasks(self, data: object) -> None:
        """The task drawer was opened."""
        self.handle("list_tasks", data, REQUEST)

    def vue_close_tasks(self, data: object) -> None:
        """The task drawer was closed."""
        self.handle("close_tasks", data, REQUEST)

    def vue_more_tasks(self, data: object) -> None:
        """More rows of a group are wanted."""
        form = REQUEST | {"group": one_of("running", "queued", "broken", "ended")}
        self.handle("more_tasks", data, form)

    def vue_cancel_task(self, data: object) -> None:
        """Stop a task."""
        self.handle("cancel_task", data, TASK)

    def vue_retry_task(self, data: object) -> None:
        """Start a failed task again."""
        self.handle("retry_task", data, TASK)

    def vue_move_task(self, data: object) -> None:
        """Let a queued task start earlier or later."""
        self.handle("move_task", data, _MOVE)

    def vue_pause_queue(self, data: object) -> None:
        """Let nothing new start, of one engine or at all."""
        self.handle("pause_queue", data, _ENGINE)

    def vue_resume_queue(self, data: object) -> None:
        """Let queued tasks start again."""
        self.handle("resume_queue", data, _ENGINE)

    def vue_queued_streams(self, data: object) -> None:
        """How much waits of each stream."""
        self.handle("queued_streams", data, REQUEST)

    def vue_cancel_queued(self, data: object) -> None:
        """Cancel all that waits of a stream."""
        self.handle("cancel_queued", data, REQUEST | {"stream_id": is_id})

    def vue_show_lines(self, data: object) -> None:
        """What a task's program said, and says from now on."""
        self.handle("show_lines", data, TASK)

    def vue_hide_lines(self, data: object) -> None:
        """A task's lines are not shown any more."""
        self.handle("hide_lines", data, TASK)

    def vue_settle_task(self, data: object) -> None:
        """What somebody found out about a task whose outcome was unknown."""
        self.handle("settle_task", data, TASK | {"was_made": is_flag, "note": is_text})
