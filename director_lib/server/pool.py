"""Kernels that have run a page's notebook already and wait for its visitor."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_log = logging.getLogger("director.server")

# A page that is opening has both cores to itself.
_REFILL_AFTER_S = 2.5
_REST_AFTER_FAILURE_S = 60.0


@dataclass(frozen=True, slots=True)
class Warm:
    """A kernel that waits.

    Attributes:
        html: What the notebook displayed.
        stamp: The notebook file's state when it ran.
    """

    kernel_id: str
    html: str
    stamp: tuple[int, int]


class WarmPool:
    """Keeps one waiting kernel for each of a few notebooks.

    A page never needs it: whatever goes wrong here only makes the next page open more slowly.

    Args:
        notebooks: The notebooks folder.
        names: Notebooks to keep ready; those that do not exist are left out.
        render: Runs a notebook in a new kernel of the given id and returns its page's html.
        end: Ends a kernel.
        is_alive: Tells whether a kernel runs.
    """

    def __init__(
        self,
        notebooks: Path,
        names: Iterable[str],
        *,
        render: Callable[[str, str], Awaitable[str]],
        end: Callable[[str], Awaitable[None]],
        is_alive: Callable[[str], bool],
    ) -> None:
        self._notebooks = notebooks
        self._names = [name for name in names if (notebooks / name).is_file()]
        self._render = render
        self._end = end
        self._is_alive = is_alive
        self._waiting: dict[str, Warm] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to fill."""
        for name in self._names:
            self._later(self._fill(name, 0.0))

    def take(self, name: str) -> Warm | None:
        """Return a waiting kernel for a notebook and begin to replace it; None when none is ready."""
        warm = self._waiting.pop(name, None)
        if warm is None:
            return None
        self._later(self._fill(name, _REFILL_AFTER_S))
        if warm.stamp == self._stamp(name) and self._is_alive(warm.kernel_id):
            return warm
        self._later(self._end(warm.kernel_id))
        return None

    async def close(self) -> None:
        """Stop filling."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fill(self, name: str, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        kernel_id = str(uuid.uuid4())
        try:
            stamp = self._stamp(name)
            html = await self._render(name, kernel_id)
        except Exception:  # noqa: BLE001 - like a worker's loop: nothing here may stop the server
            _log.exception("no kernel could be made ready for %s", name)
            await self._end(kernel_id)
            self._later(self._fill(name, _REST_AFTER_FAILURE_S))
            return
        if stamp is None:
            await self._end(kernel_id)
        else:
            self._waiting[name] = Warm(kernel_id, html, stamp)
            _log.info("kernel %s waits for a visitor of %s", kernel_id, name)

    def _stamp(self, name: str) -> tuple[int, int] | None:
        path = self._notebooks / name
        if not path.is_file():
            return None
        facts = path.stat()
        return facts.st_mtime_ns, facts.st_size

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
