"""Durations as whole numbers of a scale, so that counts of them can be added and taken away.

Each bin is 5 % wide: a quantile read from such counts is at most 2.5 % from the exact one. The edges are
whole microseconds, so that every way of counting puts a duration into the same bin.
"""

from __future__ import annotations

from bisect import bisect_right

WIDTH = 1.05
_SHORTEST_US = 1_000
_LONGEST_US = 20 * 366 * 86_400 * 1_000_000
QUARTER_US = 15 * 60 * 1_000_000
"""Open durations are counted by the quarter of an hour since 1970 (UTC) in which they began."""


def _edges() -> tuple[int, ...]:
    edges = [_SHORTEST_US]
    while edges[-1] < _LONGEST_US:
        edges.append(round(_SHORTEST_US * WIDTH ** len(edges)))
    return tuple(edges)


EDGES_US = _edges()
"""Where bins 1, 2, … begin; bin 0 is everything shorter than a millisecond."""


def duration_bin(duration_us: int) -> int:
    """Return the bin of a duration; negative ones (clocks that disagree) count as none at all, bin 0."""
    return bisect_right(EDGES_US, duration_us)


def bin_seconds(number: int) -> float:
    """Return the duration that stands for a bin: the geometric middle of its edges, 0.0 for bin 0."""
    if number <= 0:
        return 0.0
    low = EDGES_US[min(number, len(EDGES_US)) - 1]
    return float(low * WIDTH**0.5 / 1_000_000)


def open_seconds(quarter: int, until_us: int) -> float:
    """Return how long what began in a quarter of an hour has lasted until an instant, from its middle."""
    return max(0.0, (until_us - quarter * QUARTER_US - QUARTER_US // 2) / 1_000_000)
