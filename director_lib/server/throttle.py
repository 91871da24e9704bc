"""Slowing down password guessing: so many failures in so much time, for each user name and each address."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

_MANY_KEYS = 10_000


class Throttle:
    """Counts failures in a sliding window, in memory: there is one server process.

    An attempt counts as failed from the moment it begins, so that a burst of parallel guesses is counted too;
    :meth:`forgive` takes it back when it succeeds.

    Args:
        limit: Failures allowed within the window.
        window_s: Length of the window in seconds.
        clock: Monotonic seconds; a test may pass its own.
    """

    def __init__(
        self, limit: int = 5, window_s: float = 300.0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._window_s = window_s
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}

    def wait_s(self, *keys: str) -> int:
        """Return the whole seconds to wait until every key may try again; 0 when all may try now."""
        now = self._clock()
        waits = [self._wait_for(key, now) for key in keys]
        return math.ceil(max(waits, default=0.0))

    def begin(self, *keys: str) -> None:
        """Count an attempt as failed for every key."""
        if len(self._failures) > _MANY_KEYS:
            self._forget_old()
        for key in keys:
            self._failures.setdefault(key, deque()).append(self._clock())

    def forgive(self, user_key: str, address_key: str) -> None:
        """Take back a successful attempt: all of the user's failures, and this one of the address's."""
        self._failures.pop(user_key, None)
        tries = self._failures.get(address_key)
        if tries:
            tries.pop()

    def _wait_for(self, key: str, now: float) -> float:
        tries = self._failures.get(key)
        if tries is None:
            return 0.0
        while tries and tries[0] <= now - self._window_s:
            tries.popleft()
        return tries[-self._limit] + self._window_s - now if len(tries) >= self._limit else 0.0

    def _forget_old(self) -> None:
        oldest = self._clock() - self._window_s
        self._failures = {key: tries for key, tries in self._failures.items() if tries and tries[-1] > oldest}
