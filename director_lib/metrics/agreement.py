"""Do people who judge the same version say the same? Share equal, and kappa."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.metrics.effective import Window, approving, standing_decisions, within
from director_lib.metrics.intervals import Z_95, Rate, rate


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance: 1 is perfect, 0 is what chance gives, below 0 is less than that.

    Attributes:
        n: Versions that it was estimated from.
        value: None without data, or when everybody always said the same one thing, so that chance agrees
            as well.
        low: Lower bound of the 95 % interval; −1 when unknown.
        high: Upper bound; 1 when unknown.
    """

    n: int
    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree about whether a version is approved.

    Attributes:
        equal: Pairs of judgements of the same version that are equal ÷ such pairs. With more than two judges
            of a version its pairs are not independent, and the interval is narrower than it should be.
        kappa: Cohen's for two people, else Fleiss'.
        by_pair: One row per pair of people: ``actor``, ``other``, ``n`` (versions both judged), ``k``
            (equal), ``kappa``, ``low``, ``high`` (NaN when unknown). Empty when no version was judged by two.
    """

    equal: Rate
    kappa: Kappa
    by_pair: pd.DataFrame


def agreement(
    decisions: pd.DataFrame, *, window: Window | None = None, as_of: datetime | None = None
) -> Agreement:
    """Compare people on the versions that two or more of them judged.

    Each person's judgement of a version is the latest of theirs that is not undone: approved (with or
    without notes) or not. Who judged second could see the first judgement, so this is agreement at work
    and not agreement of blind judges.

    Args:
        decisions: A decisions frame.
        window: Judgements of this time only.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        n = 0 and values None without a version that two people judged.

    Raises:
        InputError: The frame is not a decisions frame, or an instant has no time zone.
    """
    opinions = ratings(within(standing_decisions(decisions, as_of=as_of), window))
    pairs = [_pair(opinions, first, second) for first, second in combinations(opinions.columns, 2)]
    columns = ["actor", "other", "n", "k", "kappa", "low", "high"]
    by_pair = pd.DataFrame([row for row in pairs if row["n"]], columns=columns)
    counts = np.column_stack([(opinions == said).sum(axis=1) for said in (True, False)])
    kappa = fleiss_kappa(counts)
    if len(opinions.columns) == 2:
        both = opinions.to_numpy(dtype=bool)
        kappa = cohen_kappa(both[:, 0], both[:, 1])
    return Agreement(rate(int(by_pair["k"].sum()), int(by_pair["n"].sum())), kappa, by_pair)


def ratings(standing: pd.DataFrame) -> pd.DataFrame:
    """Arrange judgements: a row per version that two or more people judged, a column per person.

    Args:
        standing: From ``standing_decisions``.

    Returns:
        True (approved), False or None (not judged by that person), by version id and name.
    """
    latest = standing.sort_values("seq").drop_duplicates(["version_id", "actor"], keep="last")
    several = latest[latest.groupby("version_id")["actor"].transform("size") > 1]
    said = several.assign(said=approving(several["decision"]).astype(object))
    return said.pivot(index="version_id", columns="actor", values="said").rename_axis(columns=None)


def cohen_kappa(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> Kappa:
    """Compute Cohen's kappa of two people with its 95 % interval.

    κ = (p_o − p_e) ÷ (1 − p_e) (Cohen 1960, Educational and Psychological Measurement 20:37) with the
    large-sample variance of Fleiss, Cohen and Everitt (1969, Psychological Bulletin 72:323).

    Args:
        first: What one said of each version.
        second: What the other said of the same.

    Returns:
        n = 0 and the value None without versions.
    """
    n = len(first)
    table = np.array([[np.sum((first == a) & (second == b)) for b in (True, False)] for a in (True, False)])
    if not n:
        return Kappa(0, None, -1.0, 1.0)
    shares = table / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float(np.trace(shares)), float(rows @ columns)
    if expected >= 1:
        return Kappa(n, None, -1.0, 1.0)
    kappa = (observed - expected) / (1 - expected)
    sums = rows[None, :] + columns[:, None]
    agreed = np.sum(np.diag(shares) * (1 - np.diag(sums) * (1 - kappa)) ** 2)
    crossed = (1 - kappa) ** 2 * (np.sum(shares * sums**2) - np.sum(np.diag(shares) * np.diag(sums) ** 2))
    variance = (agreed + crossed - (kappa - expected * (1 - kappa)) ** 2) / (1 - expected) ** 2 / n
    return _bounded(n, kappa, float(variance))


def fleiss_kappa(counts: npt.NDArray[np.int64], weights: npt.NDArray[np.int64] | None = None) -> Kappa:
    """Compute Fleiss' kappa with a 95 % interval, whoever judged and however many did.

    P_i = Σ_j n_ij(n_ij − 1) ÷ n_i(n_i − 1); κ = (mean P − Σ p_j²) ÷ (1 − Σ p_j²) (Fleiss 1971, Psychological
    Bulletin 76:378; with numbers of judges that differ, shares p_j are of all judgements). The interval
    leaves out one version at a time (jackknife; Efron and Stein 1981, Annals of Statistics 9:586).

    Args:
        counts: A row per version and a column per judgement: how many said so. Two or more a row.
        weights: How many versions there are of each row; None is one of each.

    Returns:
        n = 0 and the value None without versions; an interval −1 to 1 for a single one.
    """
    many = np.ones(len(counts), dtype="int64") if weights is None else weights
    n = int(many.sum())
    if not n:
        return Kappa(0, None, -1.0, 1.0)
    judges = counts.sum(axis=1)
    equal = (counts * (counts - 1)).sum(axis=1) / (judges * (judges - 1))
    agreed, totals = equal @ many, many @ counts
    value = _fleiss(agreed / n, totals)
    if np.isnan(value):
        return Kappa(n, None, -1.0, 1.0)
    if n == 1:
        return Kappa(1, float(value), -1.0, 1.0)
    without = _fleiss((agreed - equal) / (n - 1), totals - counts)
    without = np.where(np.isnan(without), value, without)
    variance = (n - 1) / n * ((without - without @ many / n) ** 2 @ many)
    return _bounded(n, float(value), float(variance))


def _fleiss(agreed: npt.NDArray[np.float64], totals: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    shares = totals / totals.sum(axis=-1, keepdims=True)
    chance = (shares**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance < 1, (agreed - chance) / (1 - chance), np.nan)


def _bounded(n: int, kappa: float, variance: float) -> Kappa:
    half = Z_95 * float(np.sqrt(max(variance, 0.0)))
    return Kappa(n, kappa, max(-1.0, kappa - half), min(1.0, kappa + half))


def _pair(opinions: pd.DataFrame, first: str, second: str) -> dict[str, object]:
    both = opinions[[first, second]].dropna().to_numpy(dtype=bool)
    kappa = cohen_kappa(both[:, 0], both[:, 1])
    known = kappa.value is not None
    return {
        "actor": first,
        "other": second,
        "n": len(both),
        "k": int((both[:, 0] == both[:, 1]).sum()),
        "kappa": kappa.value if known else np.nan,
        "low": kappa.low if known else np.nan,
        "high": kappa.high if known else np.nan,
    }
