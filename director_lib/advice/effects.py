"""What phrases, engines and models did to approval: raw counts beside an effect that allows for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.advice.evidence import adjusted_p
from director_lib.advice.logistic import LogisticFit, fit_logistic
from director_lib.advice.phrases import PhraseBook
from director_lib.metrics.intervals import Z_95, wilson

FEWEST_ATTEMPTS = 5
"""First attempts that a phrase needs to be listed."""
ENOUGH_DECISIONS = 500
"""Judged attempts below which no effect is claimed."""
REAL_BELOW = 0.05
"""Adjusted p below which an effect is called real: of those called so, one in twenty is not."""
PENALTY = 0.5
RARE_LEVEL = 20

HELPS, HURTS, UNSURE = "helps", "hurts", "not enough data"


@dataclass(frozen=True, slots=True)
class Effects:
    """What was found out.

    Attributes:
        phrases: One row per phrase of five or more first attempts, the strongest evidence first: ``phrase``,
            ``together`` (others that came with it each time, and stand in no row of their own), ``n``, ``k``
            (first attempts and how many of them were approved), ``rate``, ``low``, ``high`` (Wilson),
            ``n_keyframe``, ``n_video`` (judged attempts), ``odds_ratio``, ``odds_low``, ``odds_high``,
            ``q``, ``verdict``; the odds are NaN below ``ENOUGH_DECISIONS``.
        makers: The same for each engine and model: ``engine``, ``model``, ``is_reference`` (the usual one
        that
            the others are compared with), counts, odds, ``q`` and ``verdict``.
        n: Judged attempts.
        n_first: Judged first attempts.
        is_enough: Whether there are ``ENOUGH_DECISIONS`` of them.
    """

    phrases: pd.DataFrame
    makers: pd.DataFrame
    n: int
    n_first: int
    is_enough: bool


def measure_effects(attempts: pd.DataFrame, book: PhraseBook) -> Effects:
    """Measure what each phrase and each model did.

    Raw counts are of first attempts. The adjusted odds ratio comes from one ridge logistic regression of all
    judged attempts on phrases, model, attempt (1, 2, 3 and more), actor and kind; errors are cluster-robust
    by segment, p values adjusted after Benjamini and Hochberg. It is observational: only an A/B set compares
    like with like.

    Args:
        attempts: See ``attempts_frame``.
        book: The phrases to look for.

    Returns:
        The tables; without attempts both are empty and ``is_enough`` is False.
    """
    present = phrase_matrix(attempts["prompt"], book)
    first = attempts["is_first"].to_numpy(bool)
    approved = attempts["is_approved"].to_numpy(bool)
    n_first = np.asarray(present[first].sum(axis=0)).ravel()
    twins = _twins(present, np.flatnonzero(n_first >= FEWEST_ATTEMPTS))
    listed = np.array(list(twins), dtype=np.int64)
    is_enough = len(attempts) >= ENOUGH_DECISIONS and 0 < approved.sum() < len(attempts)
    covariates, levels = _covariates(attempts)
    fit = None
    if is_enough and attempts.groupby(["stream_id", "segment_id"]).ngroups > 1:
        fit = _fit(present[:, listed], covariates, attempts)
    phrases = _counts(present[:, listed], attempts)
    phrases.insert(0, "phrase", pd.Series([book.phrases[n] for n in listed], dtype="str"))
    phrases.insert(
        1, "together", pd.Series([", ".join(book.phrases[n] for n in twins[m]) for m in listed], dtype="str")
    )
    phrases = _with_odds(phrases, fit, np.arange(len(listed)) + 1)
    makers = _makers(attempts, levels, fit, len(listed) + 1)
    ordered = phrases.sort_values(["q", "n"], ascending=[True, False], kind="stable")
    return Effects(ordered.reset_index(drop=True), makers, len(attempts), int(first.sum()), fit is not None)


def phrase_matrix(prompts: pd.Series[Any], book: PhraseBook) -> Any:
    """Mark which prompt has which phrase, as a sparse matrix of prompts × phrases."""
    import scipy.sparse as sparse

    texts, codes = np.unique(prompts.to_numpy(dtype=object).astype(str), return_inverse=True)
    found = [book.find(text) for text in texts]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in found])])
    columns = np.fromiter((number for one in found for number in one), "int64", int(starts[-1]))
    shape = (len(texts), len(book.phrases))
    distinct = sparse.csr_array((np.ones(len(columns)), columns, starts), shape=shape)
    return distinct[codes]


def _twins(present: Any, numbers: npt.NDArray[np.int64]) -> dict[int, list[int]]:
    """Return the first of the phrases that come only together, with the others: nothing tells them apart."""
    columns = present.tocsc()
    columns.sort_indices()
    first: dict[bytes, int] = {}
    twins: dict[int, list[int]] = {}
    for number in numbers.tolist():
        rows = columns.indices[columns.indptr[number] : columns.indptr[number + 1]].tobytes()
        if rows in first:
            twins[first[rows]].append(number)
        else:
            first[rows] = number
            twins[number] = []
    return twins


def _covariates(attempts: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """Return dummies (models first) and the model's level of each row; the commonest level is left out."""
    maker = _pooled(attempts["engine"] + " · " + attempts["model"])
    number = attempts.sort_values("attempt", kind="stable").groupby(["stream_id", "segment_id", "kind"])
    attempt = number.cumcount().clip(upper=2).reindex(attempts.index).astype(str)
    others = {"attempt": attempt, "actor": _pooled(attempts["actor"]), "kind": attempts["kind"]}
    dummies = [_dummies("maker", maker), *(_dummies(name, level) for name, level in others.items())]
    return pd.concat(dummies, axis=1), maker


def _dummies(name: str, level: pd.Series[Any]) -> pd.DataFrame:
    counts = level.value_counts()
    kept = sorted(counts.index.drop(counts.index[0])) if len(counts) else []
    return pd.DataFrame({(name, one): (level == one).astype("float64") for one in kept}, index=level.index)


def _pooled(level: pd.Series[Any]) -> pd.Series[Any]:
    counts = level.map(level.value_counts())
    return level.where(counts >= RARE_LEVEL, "others")


def _fit(present: Any, covariates: pd.DataFrame, attempts: pd.DataFrame) -> LogisticFit:
    import scipy.sparse as sparse

    ones = np.ones((len(attempts), 1))
    x = sparse.hstack([ones, present, covariates.to_numpy(dtype="float64")], format="csr")
    penalties = np.full(x.shape[1], PENALTY)
    penalties[0] = 0.0
    clusters = attempts.groupby(["stream_id", "segment_id"]).ngroup().to_numpy()
    return fit_logistic(x, attempts["is_approved"].to_numpy(dtype="float64"), clusters, penalties=penalties)


def _counts(present: Any, attempts: pd.DataFrame) -> pd.DataFrame:
    first = attempts["is_first"].to_numpy(bool)
    approved = attempts["is_approved"].to_numpy("float64")
    still = (attempts["kind"] == "keyframe").to_numpy(bool)
    return _rated(
        _sums(present, first.astype("float64")),
        _sums(present, first * approved),
        n_keyframe=_sums(present, still.astype("float64")),
        n_video=_sums(present, (~still).astype("float64")),
    )


def _sums(present: Any, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    sums: npt.NDArray[np.int64] = np.rint(present.T @ weights).astype("int64").ravel()
    return sums


def _rated(n: npt.NDArray[np.int64], k: npt.NDArray[np.int64], **more: npt.NDArray[np.int64]) -> pd.DataFrame:
    low, high = wilson(k, n)
    rate = np.where(n > 0, k / np.maximum(n, 1), np.nan)
    return pd.DataFrame({"n": n, "k": k, "rate": rate, "low": low, "high": high, **more})


def _makers(
    attempts: pd.DataFrame, levels: pd.Series[Any], fit: LogisticFit | None, first: int
) -> pd.DataFrame:
    counts = levels.value_counts()
    usual = counts.index[:1].tolist()
    names = usual + (sorted(counts.index.drop(counts.index[0])) if len(counts) else [])
    firsts = attempts[attempts["is_first"]]
    judged = firsts.groupby(levels[firsts.index])["is_approved"].agg(["size", "sum"]).reindex(names).fillna(0)
    table = _rated(judged["size"].to_numpy("int64"), judged["sum"].to_numpy("int64"))
    parts = [str(name).partition(" · ") for name in names]
    table.insert(0, "engine", pd.Series([part[0] for part in parts], dtype="str"))
    table.insert(1, "model", pd.Series([part[2] for part in parts], dtype="str"))
    table.insert(2, "is_reference", pd.Series([name in usual for name in names], dtype="bool"))
    others = _with_odds(table.iloc[1:].reset_index(drop=True), fit, first + np.arange(max(0, len(names) - 1)))
    reference = table.iloc[:1].assign(odds_ratio=1.0, odds_low=1.0, odds_high=1.0, q=1.0, verdict="")
    return pd.concat([reference, others], ignore_index=True) if len(others) else reference


def _with_odds(table: pd.DataFrame, fit: LogisticFit | None, columns: npt.NDArray[np.int64]) -> pd.DataFrame:
    nothing = np.full(len(table), np.nan)
    if fit is None or not fit.has_converged:
        unsure = pd.Series([UNSURE] * len(table), index=table.index, dtype="str")
        odds = {"odds_ratio": nothing, "odds_low": nothing, "odds_high": nothing, "q": nothing + 0.0}
        return table.assign(**odds, verdict=unsure)
    from scipy.special import ndtr

    # of a phrase that was hardly ever, or always, approved the robust error is far too small: take the larger
    effect, error = fit.coefficients[columns], np.maximum(fit.errors, fit.plain_errors)[columns]
    z = np.divide(effect, error, out=np.zeros_like(effect), where=error > 0)
    q = adjusted_p(2 * ndtr(-np.abs(z)))
    low, high = np.exp(effect - Z_95 * error), np.exp(effect + Z_95 * error)
    is_real = (q < REAL_BELOW) & (error > 0)
    verdict = np.where(is_real & (low > 1), HELPS, np.where(is_real & (high < 1), HURTS, UNSURE))
    odds = {"odds_ratio": np.exp(effect), "odds_low": low, "odds_high": high, "q": q}
    return table.assign(**odds, verdict=pd.Series(verdict, index=table.index, dtype="str"))
