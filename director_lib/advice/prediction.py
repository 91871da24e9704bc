"""Predicting approval from a prompt's words: TF-IDF and logistic regression, judged on words it never saw."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.advice.words import clauses

Floats = npt.NDArray[np.float64]
FOLDS = 5
FEWEST_PROMPTS = 3
_MOST_OFTEN = 0.5
_MOST_TERMS = 60_000
_STRENGTH = 1.0
_BLEND_BELOW = 30


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that are known.

    Attributes:
        terms: 64-bit digests, sorted.
        weights: Inverse document frequencies ln((1 + N) ÷ (1 + df)) + 1 (as scikit-learn's ``smooth_idf``).
    """

    terms: npt.NDArray[np.uint64]
    weights: Floats


@dataclass(frozen=True, slots=True)
class Predictions:
    """What was predicted.

    Attributes:
        of_prompts: Of each distinct prompt, by a model that never saw it.
        intercepts: For a still's and for a clip's first attempt.
        coefficients: One for each term of the vocabulary.
        of_attempts: ``of_prompts`` for each attempt.
        overall: The shrunken rate of all attempts: what is left to say when words predict nothing.
    """

    of_prompts: Floats
    intercepts: tuple[float, float]
    coefficients: Floats
    of_attempts: Floats
    overall: float


def digest(term: str) -> int:
    """Return the 64-bit number that stands for a term, the same in every process."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def terms_of(text: str) -> list[str]:
    """Return the terms of a prompt: its words and its pairs of neighbouring words within a clause."""
    return [term for clause in clauses(text) for term in _terms(clause)]


def build_vocabulary(prompts: Sequence[str]) -> tuple[Vocabulary, Any]:
    """Learn the terms of three or more prompts, at most half of them, and weigh each prompt by them.

    Returns:
        The vocabulary, and a sparse matrix of prompts × terms: term counts × weights, each row of length 1
        (a row of zeros for a prompt without a known term). Without prompts both are empty.
    """
    import scipy.sparse as sparse

    numbers: dict[str, int] = {}
    counted = [_count(text, numbers) for text in prompts]
    in_prompts = np.zeros(len(numbers), dtype=np.int64)
    for counts in counted:
        in_prompts[list(counts)] += 1
    most = max(FEWEST_PROMPTS, _MOST_OFTEN * len(prompts))
    kept = np.flatnonzero((in_prompts >= FEWEST_PROMPTS) & (in_prompts <= most))
    kept = kept[np.argsort(-in_prompts[kept], kind="stable")][:_MOST_TERMS]
    names = list(numbers)
    digests = np.array([digest(names[number]) for number in kept], dtype=np.uint64)
    order = np.argsort(digests)
    kept, digests = kept[order], digests[order]
    weights = np.log((1 + len(prompts)) / (1 + in_prompts[kept])) + 1
    place = np.full(len(numbers), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    rows = [_weighed(counts, place, weights) for counts in counted]
    starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in rows])]).astype(np.int64)
    columns = np.concatenate([columns for columns, _ in rows] or [np.zeros(0, np.int64)])
    values = np.concatenate([values for _, values in rows] or [np.zeros(0)])
    matrix = sparse.csr_array((values, columns, starts), shape=(len(prompts), len(kept)))
    return Vocabulary(digests, weights), matrix


def weigh(text: str, vocabulary: Vocabulary) -> tuple[npt.NDArray[np.int64], Floats]:
    """Weigh one prompt by a vocabulary: places of its known terms, and weights, of length 1 together."""
    counts = Counter(terms_of(text))
    digests = np.array([digest(term) for term in counts], dtype=np.uint64)
    times = np.array([*counts.values()], dtype=np.float64)
    at = np.searchsorted(vocabulary.terms, digests)
    known = at < len(vocabulary.terms)
    known[known] = vocabulary.terms[at[known]] == digests[known]
    places = at[known].astype(np.int64)
    values = times[known] * vocabulary.weights[places]
    length = math.sqrt(float(values @ values))
    return places, values / length if length else values


def predict(attempts: pd.DataFrame, codes: npt.NDArray[np.int64], matrix: Any) -> Predictions:
    """Predict the approval of each prompt's first attempt.

    Ridge logistic regression of approval on the terms, with kind and first or later attempt beside them.
    ``of_prompts`` is cross-fitted in five folds by prompt, so that a prompt's own decisions are no part of
    what is predicted of it and can be added to it as evidence. Of fewer than 30 attempts, or when all were
    judged alike, the prediction is the shrunken overall rate for all.

    Args:
        attempts: See ``attempts_frame``.
        codes: The row of ``matrix`` of each attempt's prompt.
        matrix: Of ``build_vocabulary``.
    """
    import scipy.sparse as sparse

    approved = attempts["is_approved"].to_numpy(dtype=np.int64)
    is_clip = (attempts["kind"] == "video").to_numpy(dtype=np.float64)
    is_later = (~attempts["is_first"].to_numpy(bool)).astype(np.float64)
    flat = (approved.sum() + 1) / (len(approved) + 2)
    if len(approved) < _BLEND_BELOW or not 0 < approved.sum() < len(approved):
        level = float(np.log(flat / (1 - flat)))
        same = np.full(matrix.shape[0], flat)
        return Predictions(same, (level, level), np.zeros(matrix.shape[1]), same[codes], float(flat))
    x = sparse.hstack([matrix[codes], is_clip[:, None], is_later[:, None]], format="csr")
    fold = np.random.default_rng(0).permutation(matrix.shape[0])[codes] % FOLDS
    unseen = np.full(len(approved), flat)
    for number in range(FOLDS):
        out = fold == number
        if out.any() and 0 < approved[~out].sum() < int((~out).sum()):
            coefficients, intercept = _learn(x[~out], approved[~out])
            # as a first attempt: that is what a suggestion is about
            odds = x[out] @ coefficients + intercept - is_later[out] * coefficients[-1]
            unseen[out] = 0.5 * (1 + np.tanh(odds / 2))
    coefficients, intercept = _learn(x, approved)
    n_attempts = np.bincount(codes, minlength=matrix.shape[0])
    of_prompts = np.bincount(codes, unseen, matrix.shape[0]) / np.maximum(n_attempts, 1)
    levels = (float(intercept), float(intercept + coefficients[-2]))
    return Predictions(of_prompts, levels, coefficients[:-2], unseen, float(flat))


def _learn(x: Any, approved: npt.NDArray[np.int64]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=1e-4)
    model.fit(x, approved)
    return model.coef_[0], float(model.intercept_[0])


def _terms(clause: Sequence[str]) -> Iterator[str]:
    yield from clause
    for first, second in zip(clause, clause[1:], strict=False):
        yield f"{first} {second}"


def _count(text: str, numbers: dict[str, int]) -> Counter[int]:
    return Counter(numbers.setdefault(term, len(numbers)) for term in terms_of(text))


def _weighed(
    counts: Counter[int], place: npt.NDArray[np.int64], weights: Floats
) -> tuple[npt.NDArray[np.int64], Floats]:
    columns = place[list(counts)] if counts else np.zeros(0, np.int64)
    times = np.array([*counts.values()], dtype=np.float64)
    known = columns >= 0
    columns, values = columns[known], times[known] * weights[columns[known]]
    order = np.argsort(columns)
    length = math.sqrt(float(values @ values))
    return columns[order], values[order] / length if length else values
