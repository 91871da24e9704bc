"""How sure a survival curve is: Greenwood's variance, and intervals of its quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.metrics.intervals import Z_95
from director_lib.metrics.survival import count_ended, remaining_share

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Lasting:
    """A quantile of durations with its 95 % interval, in seconds.

    Attributes:
        value_s: None when it has not been reached, or without data.
        low_s: None as well when not even the lower bound has been reached.
        high_s: None when it is not known how long it may be: the upper bound has not been reached.
    """

    value_s: float | None
    low_s: float | None
    high_s: float | None


def survival_curve(
    durations_s: npt.ArrayLike, ended: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> pd.DataFrame:
    """Estimate the share that has not ended yet, with a 95 % interval.

    Kaplan–Meier with Greenwood's variance (Greenwood 1926) on the scale log(−log S), so that the bounds stay
    within 0 and 1 (Kalbfleisch and Prentice 2002, section 1.4).

    Args:
        durations_s: Seconds each lasted, or has lasted so far; not negative.
        ended: Whether it has ended; False is still open (censored).
        weights: How many there are of each; None is one of each.

    Returns:
        One row per time at which something ended, rising: ``lasted_s``, ``at_risk``, ``ended`` (int64),
        ``remaining``, ``low``, ``high`` (float64). Empty when nothing ended. Where nothing remains the
        upper bound is that before times the exact one for the last n, 1 − 0.025^(1/n).

    Raises:
        ValueError: A duration is negative or unknown, or the lengths differ.
    """
    moments, deaths, at_risk, remaining, low, high = curve_arrays(durations_s, ended, weights)
    return pd.DataFrame(
        {
            "lasted_s": moments,
            "at_risk": at_risk.astype("int64"),
            "ended": deaths.astype("int64"),
            "remaining": remaining,
            "low": low,
            "high": high,
        }
    )


def curve_arrays(
    durations_s: npt.ArrayLike, ended: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[Any], ...]:
    """Compute the columns of ``survival_curve``."""
    moments, deaths, at_risk = count_ended(durations_s, ended, weights)
    remaining = remaining_share(deaths, at_risk)
    left = at_risk - deaths
    greenwood = np.cumsum(np.where(left > 0, deaths / (at_risk * np.maximum(left, 1)), 0.0))
    some = (remaining > 0) & (remaining < 1)
    safe = np.where(some, remaining, 0.5)
    spread = np.exp(Z_95 * np.sqrt(greenwood) / np.abs(np.log(safe)))
    high = np.where(some, safe ** (1 / spread), 1.0)
    if remaining.size and remaining[-1] <= 0:
        # all n that were left ended at once: an exact bound of what might have gone on
        high[-1] = (high[-2] if high.size > 1 else 1.0) * (1 - 0.025 ** (1 / at_risk[-1]))
    return moments, deaths, at_risk, remaining, np.where(some, safe**spread, 0.0), high


def lasting(
    durations_s: npt.ArrayLike,
    ended: npt.ArrayLike,
    share: float = 0.5,
    weights: npt.ArrayLike | None = None,
) -> Lasting:
    """Find the time by which a share has ended, with its interval.

    The bounds are where the bounds of the curve pass the share (Brookmeyer and Crowley 1982, Biometrics
    38:29, on the log(−log S) scale).

    Args:
        durations_s: See ``survival_curve``.
        ended: See ``survival_curve``.
        share: Above 0, below 1; 0.5 is the median.
        weights: See ``survival_curve``.

    Returns:
        The quantile; all None without anything that ended.

    Raises:
        ValueError: The durations are not valid.
    """
    return lasting_of(curve_arrays(durations_s, ended, weights), share)


def lasting_of(curve: tuple[npt.NDArray[Any], ...], share: float) -> Lasting:
    """Find ``lasting`` on a curve that is computed already, by ``curve_arrays``."""
    moments, _, _, *bounds = curve
    reached = [np.flatnonzero(bound <= 1 - share + _ROUNDING)[:1] for bound in bounds]
    return Lasting(*(float(moments[first[0]]) if first.size else None for first in reached))
