"""The tasks that have a process right now, so that another thread can end one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from director_lib.tasks.leash import kill_tree


class LiveTask:
    """One task's process, known from before it starts until after it ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid: int | None = None
        self._is_stopped = False

    @property
    def is_stopped(self) -> bool:
        """Whether somebody wanted it to end."""
        return self._is_stopped

    def attach(self, pid: int) -> None:
        """Tell which process it is; ends it at once when a stop was asked for before."""
        with self._lock:
            self._pid = pid
            if self._is_stopped:
                kill_tree(pid)

    def detach(self) -> None:
        """Tell that the process ended by itself, ending what it left behind; its id may now be reused."""
        with self._lock:
            if self._pid is not None:
                kill_tree(self._pid)
            self._pid = None

    def stop(self) -> None:
        """End the process and everything it started; returns when they are gone."""
        with self._lock:
            self._is_stopped = True
            if self._pid is not None:
                kill_tree(self._pid)
                self._pid = None


class LiveTasks:
    """Every task's process of this worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[str, LiveTask] = {}
        self._is_closing = False

    @property
    def is_closing(self) -> bool:
        """Whether the worker is stopping: tasks end unfinished, to be resumed by the next worker."""
        return self._is_closing

    @contextmanager
    def opened(self, task_id: str) -> Iterator[LiveTask]:
        """Know a task while it may have a process."""
        task = LiveTask()
        with self._lock:
            self._tasks[task_id] = task
            if self._is_closing:
                task.stop()
        try:
            yield task
        finally:
            with self._lock:
                del self._tasks[task_id]

    def stop(self, task_id: str) -> bool:
        """End a task's process; False when it has none."""
        with self._lock:
            task = self._tasks.get(task_id)
        if task is None:
            return False
        task.stop()
        return True

    def close(self) -> None:
        """End every process, and every one that would start from now on."""
        with self._lock:
            self._is_closing = True
            tasks = list(self._tasks.values())
        for task in tasks:
            task.stop()
