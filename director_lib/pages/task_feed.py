"""What a browser has been told of the tasks, so that only changes are sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from director_lib.pages.cards import instant
from director_lib.pages.job_rows import keeper_of
from director_lib.pages.live import changed_rows
from director_lib.pages.task_rows import TaskBoard, Window, read_board
from director_lib.store.task_lines import TaskLine
from director_lib.workbench import Workbench

Json = dict[str, Any]
MORE = 100
MOST = 1000


class TaskFeed:
    """The rows and program lines that one browser shows.

    Nothing is read while it is closed: a page whose drawer is shut costs no look at the queue.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._told: TaskBoard | None = None
        self._last_lines: dict[str, int] = {}

    def open(self, workbench: Workbench) -> Json:
        """Return everything that fits the window, and tell changes from now on."""
        self._told = read_board(workbench, self._window)
        return {"tasks": list(self._told.rows.values()), "counts": self._told.counts}

    def close(self) -> None:
        """Tell nothing any more."""
        self._told = None
        self._last_lines.clear()

    def widen(self, group: str) -> None:
        """Make room for a hundred more rows of a group, up to a thousand."""
        known: int = getattr(self._window, group)
        self._window = replace(self._window, **{group: min(known + MORE, MOST)})

    def show_lines(self, workbench: Workbench, task_id: str) -> list[Json]:
        """Return the lines that are kept of a task's program, and tell new ones from now on."""
        lines = keeper_of(workbench, task_id).lines(task_id)
        self._last_lines[task_id] = lines[-1].id if lines else 0
        return [_line(line) for line in lines]

    def hide_lines(self, task_id: str) -> None:
        """Tell no more of this task's lines."""
        self._last_lines.pop(task_id, None)

    def changes(self, workbench: Workbench) -> Json:
        """Return what is new since it was told last; empty when nothing is, or while it is closed."""
        if self._told is None:
            return {}
        before, self._told = self._told, read_board(workbench, self._window)
        changes: Json = {
            "tasks": changed_rows(before.rows, self._told.rows),
            "gone": sorted(before.rows.keys() - self._told.rows.keys()),
            "counts": self._told.counts if self._told.counts != before.counts else {},
            "lines": self._new_lines(workbench),
        }
        return {name: change for name, change in changes.items() if change}

    def _new_lines(self, workbench: Workbench) -> Json:
        new: Json = {}
        for task_id, last_id in self._last_lines.items():
            lines = keeper_of(workbench, task_id).lines(task_id, last_id)
            if lines:
                self._last_lines[task_id] = lines[-1].id
                new[task_id] = [_line(line) for line in lines]
        return new


def _line(line: TaskLine) -> Json:
    return {"id": line.id, "at": instant(line.at), "text": line.text}
