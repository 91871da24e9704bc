"""What people did and whether they agree, read from counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.domain.measures import PANEL
from director_lib.metrics.adding import added_by
from director_lib.metrics.agreement import Kappa, fleiss_kappa
from director_lib.metrics.binned import HANDLING, DurationBins
from director_lib.metrics.board_weeks import week_words
from director_lib.metrics.counts import Counts
from director_lib.metrics.intervals import wilson
from director_lib.metrics.throughput import poisson_interval
from director_lib.metrics.words import NO_DATA, percent, span

Json = dict[str, Any]
_HOUR_US = 3_600_000_000
_WORKED = ("active_us", "stretches", "effective")
_NOTHING = {"value": None, "low": None, "high": None}


@dataclass(frozen=True, slots=True)
class Pace:
    """Decisions per active hour, with the interval of a Poisson count; None without active time."""

    n: int
    hours: float
    value: float | None
    low: float | None
    high: float | None


def per_hour(counts: Counts, bins: DurationBins) -> Pace:
    """Compute decisions per active hour of all in the counts.

    Active time is the time between decisions up to 15 minutes apart, and for each stretch what its first
    decision took: the median handling time.
    """
    worked = [int(counts.people[name].sum()) for name in _WORKED]
    return _pace(np.asarray([worked], dtype="int64"), _typical_s(bins))[0]


def per_hour_by_person(counts: Counts, bins: DurationBins) -> dict[str, Pace]:
    """Compute decisions per active hour of each person, by name; see ``per_hour``."""
    actors, worked = added_by(counts.people, "actor", _WORKED)
    return dict(zip(actors, _pace(worked, _typical_s(bins)), strict=True))


def _typical_s(bins: DurationBins) -> float:
    return bins.pick(HANDLING).quantile().value_s or 0.0


def _pace(worked: npt.NDArray[np.int64], typical_s: float) -> list[Pace]:
    """Return the pace of each row of sums of ``_WORKED``."""
    active_us, stretches, effective = worked.T
    all_hours = (active_us + stretches * typical_s * 1e6) / _HOUR_US
    columns = (effective, all_hours, *poisson_interval(effective))
    return [
        Pace(n, hours, n / hours, low / hours, high / hours) if hours > 0 else Pace(n, 0.0, None, None, None)
        for n, hours, low, high in zip(*(column.tolist() for column in columns), strict=True)
    ]


def agreement_of(bins: DurationBins) -> tuple[Kappa, float | None]:
    """Compute agreement from counted panels: kappa, and the share of equal pairs (None without any)."""
    panels = bins.numbers("panel")
    many = np.asarray([*panels.values()], dtype="int64")
    people, approving = np.divmod(np.asarray([*panels], dtype="int64"), PANEL)
    counts = np.column_stack([approving, people - approving])
    pairs = (people * (people - 1)) @ many
    equal = (counts * (counts - 1)).sum(axis=1) @ many
    return fleiss_kappa(counts, many), float(equal / pairs) if pairs else None


def agreement_trend(weeks: Mapping[pd.Timestamp, DurationBins]) -> list[Json]:
    """Return the share of equal pairs by the week of the latest judgement.

    The band is Wilson's, with the versions as cases and not their pairs: pairs about one version go together.

    Args:
        weeks: Durations by Monday, rising; the last one is the running week.

    Returns:
        The fields of ``board_weeks.value_trend``, with ``low`` and ``high``.
    """
    points = []
    for place, (monday, bins) in enumerate(weeks.items(), 1):
        kappa, equal = agreement_of(bins)
        low, high = (float(bound) for bound in wilson((equal or 0.0) * kappa.n, kappa.n))
        known = {"value": equal, "low": low, "high": high} if equal is not None else _NOTHING
        text = f"{percent(equal)} of {kappa.n:,} ({span(low, high)})" if kappa.n else NO_DATA
        points.append({**week_words(monday, place == len(weeks)), **known, "n": kappa.n, "text": text})
    return points
