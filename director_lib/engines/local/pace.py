"""Spreads the progress of fast work over a minimum of time, so that people can watch it and cancel it."""

from __future__ import annotations

import time
from collections.abc import Callable

from director_lib.engines.protocol import ProgressCallback

_TICK_S = 0.2


class Pacer:
    """Passes progress on, rising and within 0 to 100, and holds it back to the wanted pace.

    Args:
        progress: Receives the reports.
        pace_s: Wall seconds from the start to 100 percent at least; 0 holds nothing back.
        clock: Gives rising seconds.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        progress: ProgressCallback,
        *,
        pace_s: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._progress = progress
        self._pace_s = pace_s
        self._clock = clock
        self._sleep = sleep
        self._started = clock()
        self._percent = 0.0

    def report(self, phase: str, percent: float) -> None:
        """Report a phase and percent; waits while the work is ahead of its pace, reporting steps between."""
        wanted = max(self._percent, min(100.0, percent))
        while (ahead_s := self._pace_s * wanted / 100 - (self._clock() - self._started)) > 0:
            self._sleep(min(ahead_s, _TICK_S))
            passed = 100 * (self._clock() - self._started) / self._pace_s
            if self._percent < passed < wanted:
                self._percent = passed
                self._progress(phase, passed)
        self._percent = wanted
        self._progress(phase, wanted)
