"""How much people decide in the hours they are at it."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.metrics.effective import Window, effective_decisions, within
from director_lib.metrics.intervals import Z_95
from director_lib.metrics.trend import studio_zone

GAP_S = 15 * 60
"""A longer gap than this ends a stretch of work; looking longer than this is not counted as looking."""

_EXACT = 61
_STEPS = 8

COLUMNS = {
    "actor": "str",
    "n": "int64",
    "n_bulk": "int64",
    "n_stretches": "int64",
    "active_days": "int64",
    "handling_p50_s": "float64",
    "active_s": "float64",
    "per_hour": "float64",
    "low": "float64",
    "high": "float64",
}


def throughput(
    decisions: pd.DataFrame, *, time_zone: str, as_of: datetime | None = None, window: Window | None = None
) -> pd.DataFrame:
    """Compute what people decide per active hour.

    Effective decisions ÷ active hours. A gap over 15 minutes ends a stretch; a stretch lasts from its first
    decision to its last, and what the first took is taken to be the median handling time. Decisions of one
    person at one instant are one act on many (bulk): they count as decisions, are shown apart, and their act
    is handled once. It measures the work of deciding: whose cases were harder it does not say, so it is no
    ranking.

    Args:
        decisions: A decisions frame; with ``viewed_at`` handling is viewed → decided, at most 15 minutes,
            else the time since the person's previous act in the stretch.
        time_zone: IANA name, for the days.
        as_of: Aware instant; None takes everything recorded.
        window: Decisions of this time only.

    Returns:
        One row per person who decided, by name: ``actor`` (str), ``n``, ``n_bulk`` (decisions made with
        others at once), ``n_stretches``, ``active_days`` (int64), ``handling_p50_s``, ``active_s``,
        ``per_hour``, ``low``, ``high`` (float64). The interval takes n as a Poisson count (exact: Garwood
        1936, Biometrika 28:437); people work in bursts, so it is a lower limit of the uncertainty.
        ``per_hour`` and its interval are NaN without any active time. Empty without decisions.

    Raises:
        InputError: The frame is not a decisions frame, an instant has no time zone, or there is no such zone.
    """
    counted = within(effective_decisions(decisions, as_of=as_of), window)
    zone = studio_zone(time_zone)
    rows = [_person(str(actor), of_one, zone) for actor, of_one in counted.groupby("actor")]
    found = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    active_h = found["active_s"].where(found["active_s"] > 0) / 3600
    low, high = poisson_interval(found["n"].to_numpy())
    return found.assign(per_hour=found["n"] / active_h, low=low / active_h, high=high / active_h)


def poisson_interval(
    counts: npt.ArrayLike,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Compute 95 % intervals of Poisson means from counts (Garwood 1936, Biometrika 28:437).

    The bounds are those means at which a count so high, or so low, has a chance of 2.5 %: Byar's
    approximation (Breslow and Day 1987, section 2.3), made exact for counts up to 60 by Newton's steps;
    above, it is right to three digits.
    """
    seen = np.asarray(counts, dtype=int)
    low = np.asarray([_poisson_bound(int(n), -Z_95, 0.975) if n else 0.0 for n in seen], dtype=float)
    return low, np.asarray([_poisson_bound(int(n) + 1, Z_95, 0.025) for n in seen], dtype=float)


def _poisson_bound(n: int, z: float, tail: float) -> float:
    """Find the mean at which fewer than n have the chance ``tail``."""
    mean = n * (1 - 1 / (9 * n) + z / (3 * math.sqrt(n))) ** 3
    for _ in range(_STEPS if n <= _EXACT else 0):
        chances = [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(n)]
        mean = max(mean / 4, mean + (math.fsum(chances) - tail) / chances[-1])
    return mean


def handling_seconds(counted: pd.DataFrame) -> pd.Series[Any]:
    """Compute how long each decision took: viewed → decided, at most 15 minutes; NaN when not known.

    Args:
        counted: Rows of a decisions frame.
    """
    if "viewed_at" not in counted.columns:
        return pd.Series(np.nan, index=counted.index)
    took = (counted["decided_at"] - counted["viewed_at"]).dt.total_seconds()
    return took.where(took >= 0).clip(upper=GAP_S)


def _person(actor: str, of_one: pd.DataFrame, zone: Any) -> dict[str, object]:
    acts = of_one.assign(handling=handling_seconds(of_one)).groupby("decided_at")
    handled, sizes = acts["handling"].max(), acts.size()
    moments = handled.index.sort_values()
    gaps = moments.to_series().diff().dt.total_seconds()
    within_stretch = gaps[gaps <= GAP_S]
    typical = float((handled.dropna() if handled.notna().any() else within_stretch).median())
    n_stretches = len(moments) - len(within_stretch)
    first_acts = 0.0 if np.isnan(typical) else typical * n_stretches
    return {
        "actor": actor,
        "n": len(of_one),
        "n_bulk": int(sizes[sizes > 1].sum()),
        "n_stretches": n_stretches,
        "active_days": int(moments.to_series().dt.tz_convert(zone).dt.normalize().nunique()),
        "handling_p50_s": typical,
        "active_s": float(within_stretch.sum()) + first_acts,
        "per_hour": np.nan,
        "low": np.nan,
        "high": np.nan,
    }
