"""Sum over sum, with its interval: money per approved segment or second, regenerations per segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from director_lib.metrics.intervals import Z_95

_NONE_SEEN = 3.6888794541139363
"""Upper 95 % bound of a Poisson mean of which nothing was seen: −ln 0.025."""
_CHUNK = 2_000_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum over a sum with its 95 % interval.

    Attributes:
        n: Segments (or whatever was summed over).
        value: None when the lower sum is 0.
        low: None as well then, or when one segment alone leaves the spread unknown.
        high: As ``low``.
    """

    n: int
    value: float | None
    low: float | None
    high: float | None


def ratio(over: npt.ArrayLike, under: npt.ArrayLike, *, besides: float = 0.0) -> Ratio:
    """Divide two sums; the interval by the delta method on the log scale.

    r = (Σx + besides) ÷ Σy; var(r) = n ÷ (n − 1) · Σ(e_i − ē)² ÷ (Σy)², e_i = x_i − r·y_i; the
    bounds are r·exp(± z·√var ÷ r) (the ratio estimator: Cochran 1977, Sampling Techniques, section 6.4). It
    never averages ratios.

    Args:
        over: What is above the line, by segment; not negative.
        under: What is below the line, by segment.
        besides: An amount above the line that belongs to no segment; taken as exactly known.

    Returns:
        The ratio; value None without anything below the line. When nothing was ever above the line the upper
        bound is that of a Poisson count, 3.69 ÷ Σy, for "none yet" is not "never".
    """
    x, y = np.asarray(over, dtype=float), np.asarray(under, dtype=float)
    n, total = x.size, float(y.sum())
    if total <= 0:
        return Ratio(n, None, None, None)
    value = (float(x.sum()) + besides) / total
    if value <= 0:
        return Ratio(n, 0.0, 0.0, _NONE_SEEN / total)
    if n < 2:
        return Ratio(n, value, None, None)
    residuals = x - value * y
    variance = n / (n - 1) * float(((residuals - residuals.mean()) ** 2).sum()) / total**2
    spread = float(np.exp(Z_95 * np.sqrt(variance) / value))
    return Ratio(n, value, value / spread, value * spread)


@dataclass(frozen=True, slots=True)
class PairSums:
    """What the spread of a ratio needs to be known of n pairs (x, y), added up.

    Attributes:
        x_2: Sum of the squares of x; ``y_2`` of y.
        xy: Sum of the products.
    """

    n: int
    x: float
    y: float
    x_2: float
    y_2: float
    xy: float


def ratio_of_sums(sums: PairSums, *, besides: float = 0.0) -> Ratio:
    """Divide two sums; value and interval equal those of ``ratio`` over the pairs."""
    if sums.y <= 0:
        return Ratio(sums.n, None, None, None)
    value = (sums.x + besides) / sums.y
    if value <= 0:
        return Ratio(sums.n, 0.0, 0.0, _NONE_SEEN / sums.y)
    if sums.n < 2:
        return Ratio(sums.n, value, None, None)
    mean = (sums.x - value * sums.y) / sums.n
    squares = sums.x_2 - 2 * value * sums.xy + value**2 * sums.y_2 - sums.n * mean**2
    variance = sums.n / (sums.n - 1) * max(0.0, squares) / sums.y**2
    spread = float(np.exp(Z_95 * np.sqrt(variance) / value))
    return Ratio(sums.n, value, value / spread, value * spread)


def bootstrap_ratio(
    over: npt.ArrayLike,
    under: npt.ArrayLike,
    *,
    besides: float = 0.0,
    n_resamples: int = 2_000,
    seed: int = 0,
) -> Ratio:
    """Divide two sums; the interval by drawing segments again and again.

    The middle 95 % of the ratios of ``n_resamples`` draws with replacement (percentile bootstrap: Efron 1979,
    Annals of Statistics 7:1). Slower than ``ratio`` and without its assumption of a smooth spread.

    Args:
        over: See ``ratio``.
        under: See ``ratio``.
        besides: See ``ratio``.
        n_resamples: How often to draw.
        seed: Of the drawing; equal seeds give equal intervals.

    Returns:
        As ``ratio``. Draws with nothing below the line count as infinite.
    """
    plain = ratio(over, under, besides=besides)
    if plain.low is None or not plain.value:
        return plain
    x, y = np.asarray(over, dtype=float), np.asarray(under, dtype=float)
    generator = np.random.default_rng(seed)
    sums = np.empty((n_resamples, 2))
    step = max(1, _CHUNK // x.size)
    for start in range(0, n_resamples, step):
        rows = min(step, n_resamples - start)
        drawn = generator.integers(0, x.size, (rows, x.size))
        sums[start : start + rows] = np.column_stack([x[drawn].sum(axis=1), y[drawn].sum(axis=1)])
    with np.errstate(divide="ignore"):
        found = (sums[:, 0] + besides) / sums[:, 1]
    low, high = np.quantile(found, [0.025, 0.975], method="inverted_cdf")
    return Ratio(x.size, plain.value, float(low), float(high))
