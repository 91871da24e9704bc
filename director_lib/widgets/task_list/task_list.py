"""The task list: what is being made, what waits, what failed and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.widgets.drawer import DrawerScreen


class TaskList(DrawerScreen):
    """Shows the newest tasks of all streams."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "task_list.vue"

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per task, for a saved notebook."""
        rows = [
            (task["stream_title"], task["segment_id"], task["kind"], task["state"], f"{task['percent']} %")
            for task in self._shown.get("queue", {}).get("tasks", [])
        ]
        return ("Stream", "Segment", "Kind", "State", "Progress"), rows
