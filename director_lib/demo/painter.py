"""Painting in child processes, so that two pictures are made at the same time."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from director_lib.domain.task import GenerationRequest
from director_lib.errors import EngineError

PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to be painted.

    Attributes:
        target: Where the finished file goes; its folder exists.
        keyframe: The still that a clip starts from; None for a still.
    """

    request: GenerationRequest
    target: Path
    keyframe: Path | None = None

    @property
    def note(self) -> Path:
        """The file beside the picture that says how it was made; it is written last."""
        return self.target.with_suffix(".json")


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished picture.

    Attributes:
        params: Further facts of its making (JSON values).
    """

    path: Path
    model: str
    params: dict[str, object]


def paint_all(jobs: Sequence[Job], progress: Callable[[int], None]) -> list[Painted]:
    """Paint every job, two at a time; finished ones of an earlier run are kept.

    Args:
        progress: Told how many are finished, after each one.

    Returns:
        One picture for each job, in their order.

    Raises:
        EngineError: A picture could not be painted; the others that were begun are finished first.
    """
    waiting = [job for job in jobs if not job.note.exists()]
    done = len(jobs) - len(waiting)
    with _easels(min(PROCESSES, len(waiting))) as easels, ThreadPoolExecutor(PROCESSES) as threads:
        try:
            for future in as_completed([threads.submit(_paint, job, easels) for job in waiting]):
                future.result()
                done += 1
                progress(done)
        finally:
            threads.shutdown(cancel_futures=True)
    return [Painted(job.target, **json.loads(job.note.read_text(encoding="utf-8"))) for job in jobs]


class _Easel:
    """One child process; it ends when its input ends, so also when this process is killed."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "director_lib.demo.easel"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            # a Ctrl-C is this process's to handle; it then closes the input
            start_new_session=True,
        )

    def paint(self, job: Job) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        line = {
            "request": asdict(job.request),
            "target": str(job.target),
            "note": str(job.note),
            "keyframe": str(job.keyframe) if job.keyframe else None,
        }
        answer = ""
        try:
            self._child.stdin.write(json.dumps(line) + "\n")
            self._child.stdin.flush()
            answer = self._child.stdout.readline()
        except BrokenPipeError:
            # an empty answer says the same: the child is gone
            answer = ""
        if answer.strip() != "painted":
            why = answer.strip() or "its process ended unexpectedly"
            raise EngineError(f"{job.target.name} could not be painted: {why} Run the same command again.")

    def close(self) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.terminate()
        self._child.wait()
        with suppress(BrokenPipeError):
            # a request that the child did not live to read has nowhere to go
            self._child.stdin.close()
        self._child.stdout.close()


@contextmanager
def _easels(count: int) -> Iterator[queue.SimpleQueue[_Easel]]:
    free: queue.SimpleQueue[_Easel] = queue.SimpleQueue()
    with ExitStack() as stack:
        for _ in range(count):
            easel = _Easel()
            stack.callback(easel.close)
            free.put(easel)
        yield free


def _paint(job: Job, easels: queue.SimpleQueue[_Easel]) -> None:
    easel = easels.get()
    try:
        easel.paint(job)
    finally:
        easels.put(easel)
