"""Durations read from counts in bins: the same estimates as from single durations, at most 2.5 % apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.domain.duration_bins import EDGES_US, bin_seconds, open_seconds
from director_lib.metrics.effective import check_aware
from director_lib.metrics.incidence import APPROVAL, OPEN, REJECTION, aalen_johansen
from director_lib.metrics.survival_bands import Lasting, curve_arrays, lasting_of

_ENDED, _CENSORED = 1, 0
STAYS: Mapping[str, int] = {"stay_ended": _ENDED, "stay_open": _CENSORED}
QUEUE: Mapping[str, int] = {"queue_ended": _ENDED, "queue_censored": _CENSORED, "queue_open": _CENSORED}
RENDER: Mapping[str, int] = {"render_ended": _ENDED, "render_censored": _CENSORED, "render_open": _CENSORED}
IDLE: Mapping[str, int] = {"idle_ended": _ENDED, "idle_censored": _CENSORED, "idle_open": _CENSORED}
HANDLING: Mapping[str, int] = {"handling": _ENDED}
UNITS: Mapping[str, int] = {"unit_approved": APPROVAL, "unit_rejected": REJECTION, "unit_open": OPEN}
"""Which of the counted durations belong together, and how each ended."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_BIN_SECONDS = np.asarray([bin_seconds(number) for number in range(len(EDGES_US) + 1)])


@dataclass(frozen=True)
class Binned:
    """Durations with how many there are of each.

    Attributes:
        seconds: What stands for each bin.
        outcomes: 0 has not ended; else how it ended.
        weights: How many.
    """

    seconds: Floats
    outcomes: Ints
    weights: Ints

    @property
    def n(self) -> int:
        """How many there are."""
        return int(self.weights.sum())

    @property
    def n_open(self) -> int:
        """How many have not ended."""
        return int(self.weights[self.outcomes == OPEN].sum())

    def quantile(self, share: float = 0.5) -> Lasting:
        """Return the time by which a share has ended, with its interval (Kaplan–Meier)."""
        return lasting_of(self._curve, share)

    def incidence(self) -> pd.DataFrame:
        """Return the share approved over time, rejection competing; see ``aalen_johansen``."""
        return aalen_johansen(self.seconds, self.outcomes, self.weights)

    @cached_property
    def _curve(self) -> tuple[npt.NDArray[Any], ...]:
        return curve_arrays(self.seconds, self.outcomes != OPEN, self.weights)


class DurationBins:
    """Counted durations, sorted once so that many figures can be read from them.

    Args:
        durations: ``metric``, ``kind``, ``bin``, ``n``; see ``counts.Counts.durations``.
        as_of: Aware instant up to which open ones were watched.

    Raises:
        InputError: ``as_of`` has no time zone.
    """

    def __init__(self, durations: pd.DataFrame, as_of: datetime, *, places: _Places | None = None) -> None:
        self._until_us = int(check_aware(as_of).timestamp() * 1_000_000)
        self._places = places or _find_places(durations, np.zeros(len(durations), dtype="int64"), 1)[0]

    @classmethod
    def of_weeks(
        cls, durations: pd.DataFrame, weeks: Sequence[pd.Timestamp], as_of: datetime
    ) -> dict[pd.Timestamp, DurationBins]:
        """Take the durations of several weeks apart, all at once.

        Args:
            durations: As above, with ``week`` (Monday).
            weeks: The Mondays wanted, rising.
            as_of: Aware instant up to which open ones were watched.
        """
        week = pd.Index(weeks).get_indexer(pd.Index(durations["week"]))
        found = _find_places(durations, week, len(weeks))
        return {monday: cls(durations, as_of, places=each) for monday, each in zip(weeks, found, strict=True)}

    def numbers(self, metric: str, kind: str | None = None) -> dict[int, int]:
        """Return how many there are by bin, rising; of one kind ("" is whole segments), or of all."""
        bins, many = self._of(metric, kind)
        numbers, place = np.unique(bins, return_inverse=True)
        added = np.zeros(len(numbers), dtype="int64")
        np.add.at(added, place, many)
        return dict(zip(numbers.tolist(), added.tolist(), strict=True))

    def pick(self, metrics: Mapping[str, int], kind: str | None = None) -> Binned:
        """Pick durations.

        Args:
            metrics: Which, and how each ended.
            kind: "keyframe" or "video"; None for both.

        Returns:
            The durations; none without counts.
        """
        found = [(*self._of(metric, kind), metric, outcome) for metric, outcome in metrics.items()]
        return Binned(
            np.concatenate([self._seconds(metric, bins) for bins, _, metric, _ in found]),
            np.repeat([outcome for *_, outcome in found], [len(bins) for bins, *_ in found]),
            np.concatenate([many for _, many, *_ in found]),
        )

    def _of(self, metric: str, kind: str | None) -> tuple[Ints, Ints]:
        at = self._places
        if metric not in at.metrics or kind not in (None, *at.kinds):
            return at.bins[:0], at.many[:0]
        first, n_kinds = at.metrics[metric] * len(at.kinds), len(at.kinds)
        if kind is not None:
            first, n_kinds = first + at.kinds[kind], 1
        part = slice(at.begins[first], at.begins[first + n_kinds])
        return at.bins[part], at.many[part]

    def _seconds(self, metric: str, bins: Ints) -> Floats:
        if metric.endswith("_open"):
            lasted = [open_seconds(quarter, self._until_us) for quarter in bins.tolist()]
            return np.asarray(lasted, dtype=float)
        return _BIN_SECONDS[np.clip(bins, 0, len(EDGES_US))]


@dataclass(frozen=True, slots=True)
class _Places:
    """Bins with how many there are, those of one metric and kind together, and so those of one metric.

    Attributes:
        begins: Where each metric and kind begins, in that order, and where the last one ends.
    """

    bins: Ints
    many: Ints
    begins: Ints
    metrics: Mapping[str, int]
    kinds: Mapping[str, int]


def _find_places(durations: pd.DataFrame, week: Ints, n_weeks: int) -> list[_Places]:
    """Sort durations by week, metric and kind; those of the week −1 are left out."""
    metric, metrics = pd.factorize(durations["metric"])
    kind, kinds = pd.factorize(durations["kind"])
    bins, many = durations["bin"].to_numpy(), durations["n"].to_numpy()
    of_week = len(metrics) * len(kinds)
    which = week * of_week + metric * len(kinds) + kind
    order = np.argsort(which, kind="stable")
    order = order[(many[order] > 0) & (week[order] >= 0)]
    begins = np.searchsorted(which[order], np.arange(n_weeks * of_week + 1))
    names = [{name: place for place, name in enumerate(each)} for each in (metrics, kinds)]
    return (
        [
            _Places(bins[order], many[order], begins[first : first + of_week + 1], *names)
            for first in range(0, n_weeks * of_week, of_week)
        ]
        if of_week
        else [_Places(bins, many, begins, {}, {})] * n_weeks
    )
