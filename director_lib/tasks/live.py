"""The attempts that are under way right now, so that another thread can end one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from director_lib.tasks.leash import kill_tree


class WorkerStops(Exception):  # noqa: N818 - nothing is wrong: the task stays open for the next worker
    """Ends the thread of an attempt without an ending, because the worker stops."""


class LiveTask:
    """One attempt, known from before it begins until after it ended.

    Attributes:
        stopped: Set when somebody wanted it to end.
        closing: Set when the worker stops.
    """

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.closing = threading.Event()
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._pid: int | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether somebody wanted it to end."""
        return self.stopped.is_set()

    @property
    def is_closing(self) -> bool:
        """Whether the worker stops."""
        return self.closing.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it is to end or the worker stops; False when neither happened in time."""
        return self._woken.wait(timeout_s)

    def attach(self, pid: int) -> None:
        """Tell which process works for it and dies with it; ends that at once if it is to end already."""
        with self._lock:
            self._pid = pid
            if self._woken.is_set():
                kill_tree(pid)

    def detach(self) -> None:
        """Tell that the process ended by itself, ending what it left behind; its id may now be reused."""
        with self._lock:
            if self._pid is not None:
                kill_tree(self._pid)
            self._pid = None

    def stop(self) -> None:
        """End the attempt; returns when the attached process and everything it started are gone."""
        self._wake(self.stopped)

    def close(self) -> None:
        """Let the attempt's thread go because the worker stops; the attached process ends."""
        self._wake(self.closing)

    def _wake(self, reason: threading.Event) -> None:
        with self._lock:
            reason.set()
            self._woken.set()
            if self._pid is not None:
                kill_tree(self._pid)
                self._pid = None


class LiveTasks:
    """Every attempt of this worker."""

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
        """Know a task while it is worked on."""
        task = LiveTask()
        with self._lock:
            self._tasks[task_id] = task
            if self._is_closing:
                task.close()
        try:
            yield task
        finally:
            with self._lock:
                # the same task may have come back meanwhile, after it was lost to another worker
                if self._tasks.get(task_id) is task:
                    del self._tasks[task_id]

    def ids(self) -> set[str]:
        """Return the ids of the tasks that are worked on."""
        with self._lock:
            return set(self._tasks)

    def leave(self, task_id: str) -> None:
        """Let an attempt go that another worker has taken over."""
        with self._lock:
            task = self._tasks.get(task_id)
        if task is not None:
            task.close()

    def stop(self, task_id: str) -> bool:
        """End a task's attempt; False when it has none."""
        with self._lock:
            task = self._tasks.get(task_id)
        if task is None:
            return False
        task.stop()
        return True

    def close(self) -> None:
        """Let every attempt go, and every one that would begin from now on."""
        with self._lock:
            self._is_closing = True
            tasks = list(self._tasks.values())
        for task in tasks:
            task.close()
