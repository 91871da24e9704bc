"""Rates with their uncertainty: the Wilson score interval, one value at a time or a whole column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Z_95 = 1.959963984540054
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share k of n with its 95 % interval.

    Attributes:
        value: k ÷ n, or None when n is 0: no data is never 0 %.
        low: Lower bound, 0 to 1; 0 when n is 0.
        high: Upper bound, 0 to 1; 1 when n is 0.
    """

    k: int
    n: int
    value: float | None
    low: float
    high: float


def wilson(k: npt.ArrayLike, n: npt.ArrayLike, *, z: float = Z_95) -> tuple[Floats, Floats]:
    """Compute Wilson score intervals, element by element.

    Centre (p + z²/2n) ÷ (1 + z²/n), half width z·√(p(1−p)/n + z²/4n²) ÷ (1 + z²/n), with p = k/n (Wilson
    1927, JASA 22:209; recommended by Brown, Cai and DasGupta 2001, Statistical Science 16:101). Unlike the
    normal interval it stays within 0 to 1 and does not collapse at k = 0 or k = n.

    Args:
        k: Counts of successes, 0 to n.
        n: Counts of trials; broadcast against ``k``.
        z: Normal quantile; the default is the 95 % interval.

    Returns:
        Lower and upper bounds. Where n is 0 nothing is known: 0 and 1.

    Raises:
        ValueError: A count is negative or k is more than n.
    """
    successes, trials = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    if bool(((successes < 0) | (successes > trials)).any()):
        raise ValueError("wilson needs 0 <= k <= n")
    some = trials > 0
    safe = np.where(some, trials, 1.0)
    share = successes / safe
    scale = 1 + z * z / safe
    centre = (share + z * z / (2 * safe)) / scale
    half = z * np.sqrt(share * (1 - share) / safe + z * z / (4 * safe * safe)) / scale
    low = np.where(some & (successes > 0), np.clip(centre - half, 0, 1), 0.0)
    high = np.where(some & (successes < trials), np.clip(centre + half, 0, 1), 1.0)
    return low, high


def rate(k: int, n: int) -> Rate:
    """Return k of n as a rate; n = 0 gives the value None and the interval 0 to 1."""
    low, high = wilson(k, n)
    return Rate(int(k), int(n), k / n if n else None, float(low), float(high))


def rate_columns(k: pd.Series[Any], n: pd.Series[Any]) -> pd.DataFrame:
    """Compute a column of rates.

    Returns:
        On the index of ``k``: ``n`` (int64), ``k`` (int64), ``rate`` (float64, NaN where n is 0), ``low`` and
        ``high`` (float64, the 95 % Wilson interval).
    """
    successes, trials = k.to_numpy(dtype="int64"), n.to_numpy(dtype="int64")
    low, high = wilson(successes, trials)
    value = successes / np.where(trials > 0, trials, np.nan)
    return pd.DataFrame({"n": trials, "k": successes, "rate": value, "low": low, "high": high}, index=k.index)


def rates(k: npt.ArrayLike, n: npt.ArrayLike) -> list[Rate]:
    """Return each k of its n as ``rate`` does, all at once."""
    low, high = wilson(k, n)
    counts = (np.broadcast_to(np.asarray(each, dtype="int64"), low.shape).tolist() for each in (k, n))
    columns = zip(*counts, low.tolist(), high.tolist(), strict=True)
    return [Rate(hits, cases, hits / cases if cases else None, *bounds) for hits, cases, *bounds in columns]
