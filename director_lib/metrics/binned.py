"""Durations read from counts in bins: the same estimates as from single durations, at most 2.5 % apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.domain.duration_bins import bin_seconds, open_seconds
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


@dataclass(frozen=True)
class Binned:
    """Durations with how many there are of each.

    Attributes:
        seconds: What stands for each bin.
        outcomes: 0 has not ended; else how it ended.
        weights: How many.
    """

    seconds: npt.NDArray[np.float64]
    outcomes: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int64]

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

    def __init__(self, durations: pd.DataFrame, as_of: datetime) -> None:
        self._until_us = int(check_aware(as_of).timestamp() * 1_000_000)
        self._bins: dict[tuple[str, str], dict[int, int]] = {}
        # a page reads thirteen such tables, most of a few rows: quicker than grouping each
        columns = (durations[name].tolist() for name in ("metric", "kind", "bin", "n"))
        for metric, kind, number, n in zip(*columns, strict=True):
            if n > 0:
                bins = self._bins.setdefault((metric, kind), {})
                bins[number] = bins.get(number, 0) + n

    def numbers(self, metric: str, kind: str | None = None) -> dict[int, int]:
        """Return how many there are by bin, rising; of one kind ("" is whole segments), or of all."""
        added: dict[int, int] = {}
        for (name, of_kind), bins in self._bins.items():
            if name == metric and kind in (None, of_kind):
                for number, n in bins.items():
                    added[number] = added.get(number, 0) + n
        return dict(sorted(added.items()))

    def pick(self, metrics: Mapping[str, int], kind: str | None = None) -> Binned:
        """Pick durations.

        Args:
            metrics: Which, and how each ended.
            kind: "keyframe" or "video"; None for both.

        Returns:
            The durations; none without counts.
        """
        rows = [
            (self._seconds(metric, number), outcome, n)
            for metric, outcome in metrics.items()
            for number, n in self.numbers(metric, kind).items()
        ]
        seconds, outcomes, weights = zip(*rows, strict=True) if rows else ((), (), ())
        return Binned(
            np.asarray(seconds, dtype=float),
            np.asarray(outcomes, dtype="int64"),
            np.asarray(weights, dtype="int64"),
        )

    def _seconds(self, metric: str, number: int) -> float:
        return open_seconds(number, self._until_us) if metric.endswith("_open") else bin_seconds(number)
