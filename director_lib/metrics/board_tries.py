"""Regenerations per segment, read from counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from director_lib.metrics.binned import DurationBins
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.ratios import PairSums, Ratio, ratio_of_sums

MANY = 8
"""From so many times on, all stand in one bar."""


def is_bar(tries: pd.Series[Any], bar: int) -> pd.Series[Any]:
    """Tell which numbers of tries stand in a bar of the histogram; ``MANY`` is that or more."""
    return tries >= MANY if bar >= MANY else tries == bar


@dataclass(frozen=True, slots=True)
class TriesSummary:
    """How often things were made again.

    Attributes:
        mean: With its interval over segments.
        is_whole: Counted by segment; else by still and clip, because an engine or kind was chosen.
        histogram: How many were made again 0, 1, 2 … times.
    """

    mean: Ratio
    median: float | None
    p90: float | None
    is_whole: bool
    histogram: list[tuple[int, int]]


def tries_summary(bins: DurationBins, choice: BoardChoice) -> TriesSummary:
    """Summarise regenerations over the started segments.

    Returns:
        Mean, median and p90 (nearest rank); None without a started segment.
    """
    is_whole = choice.engine is None and choice.kind is None
    kinds = [""] if is_whole else [choice.kind] if choice.kind else ["keyframe", "video"]
    counts: Counter[int] = Counter()
    for kind in kinds:
        counts.update(bins.numbers("regenerations", kind))
    numbers = sorted(counts)
    tries = np.asarray(numbers, dtype=float)
    many = np.asarray([counts[number] for number in numbers], dtype="int64")
    n, total = int(many.sum()), float(tries @ many)
    mean = ratio_of_sums(PairSums(n, total, n, float(tries**2 @ many), n, total))
    if not n:
        return TriesSummary(mean, None, None, is_whole, [])
    histogram = [(number, counts[number]) for number in range(numbers[-1] + 1)]
    upto = np.cumsum(many)
    lower, upper, most = tries[np.searchsorted(upto, [(n - 1) // 2, n // 2, ceil(0.9 * (n - 1))], "right")]
    return TriesSummary(mean, float((lower + upper) / 2), float(most), is_whole, histogram)
