"""Learning everything that advice is made of, at once, from the judged attempts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.advice.effects import Effects, measure_effects, phrase_matrix
from director_lib.advice.evidence import auc, concentration, posterior
from director_lib.advice.phrases import PhraseBook, known_phrases, mine_phrases
from director_lib.advice.prediction import Vocabulary, build_vocabulary, predict

MOST_PROMPTS = 150_000
GRID = 101
_KINDS = ("keyframe", "video")
_SHARE = 0.001

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned: arrays that are read a few pages at a time, and facts that fit on a page.

    Attributes:
        arrays: By name; ``director_lib.advice.model`` says what each is.
        facts: JSON values.
    """

    arrays: Arrays
    facts: dict[str, Any]
    effects: Effects


def fit(attempts: pd.DataFrame, *, presets: Iterable[str] = ()) -> Fitted:
    """Learn from judged attempts.

    Args:
        attempts: See ``attempts_frame``; the newest prompts count when there are more than 150,000.
        presets: Texts of the studio's presets: phrases to look for.

    Returns:
        What was learned; without attempts it is empty and says so.
    """
    attempts, codes, kinds, prompts = _distinct(attempts.reset_index(drop=True))
    known = known_phrases(presets)
    book = _book(prompts, known)
    effects = measure_effects(attempts, book)
    vocabulary, matrix = build_vocabulary(prompts)
    predicted = predict(attempts, codes, matrix)
    first = attempts["is_first"].to_numpy(bool)
    sorts = auc(attempts["is_approved"].to_numpy(bool)[first], predicted.of_attempts[first])
    is_predictive = effects.is_enough and sorts[1] > 0.5
    prior = predicted.of_prompts if is_predictive else np.full(len(prompts), predicted.overall)
    chances, m = _chances(attempts, codes, prior)
    setting_arrays, settings = _settings(attempts, codes, len(prompts))
    source_arrays, streams = _sources(attempts, codes, len(prompts))
    arrays: Arrays = {
        "kind": kinds,
        "coefficients": predicted.coefficients,
        **chances,
        **_texts(prompts),
        **_index(vocabulary, matrix),
        **setting_arrays,
        **source_arrays,
        **_phrase_places(prompts, book, effects),
    }
    facts = {
        "n_attempts": len(attempts),
        "n_first": int(first.sum()),
        "n_approved": int(attempts["is_approved"].sum()),
        "n_prompts": len(prompts),
        "is_enough": effects.is_enough,
        "is_predictive": bool(is_predictive),
        "concentration": m,
        "intercepts": list(predicted.intercepts),
        "auc": list(sorts),
        "settings": settings,
        "streams": streams,
        "phrases": _records(effects.phrases),
        "makers": _records(effects.makers),
        "known": sorted(set(known)),
    }
    return Fitted(arrays, facts, effects)


def _distinct(
    attempts: pd.DataFrame,
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], npt.NDArray[np.int8], list[str]]:
    """Return the attempts that count, the number of each one's prompt, and the prompts with their kinds."""
    codes, names = _newest(attempts["kind"] + "\n" + attempts["prompt"])
    kinds = np.array([_KINDS.index(name.partition("\n")[0]) for name in names], dtype=np.int8)
    prompts = [name.partition("\n")[2] for name in names]
    counts = codes >= 0
    return attempts[counts].reset_index(drop=True), codes[counts], kinds, prompts


def _chances(
    attempts: pd.DataFrame, codes: npt.NDArray[np.int64], prior: npt.NDArray[np.float64]
) -> tuple[Arrays, float]:
    """Add each prompt's own decisions to what was predicted of it; also what a prediction is worth."""
    n = np.bincount(codes, minlength=len(prior))
    k = np.bincount(codes, attempts["is_approved"].to_numpy("float64"), len(prior))
    m = concentration(k, n, prior)
    mean, low, high = posterior(k, n, prior, m)
    grid = np.linspace(0, 1, GRID)
    _, grid_low, grid_high = posterior(0 * grid, 0 * grid, grid, m)
    shown = {"prior": prior, "mean": mean, "low": low, "high": high}
    chances: Arrays = {name: values.astype(np.float32) for name, values in shown.items()}
    counts = {"n": n.astype(np.int32), "k": np.rint(k).astype(np.int32)}
    return {**chances, **counts, "grid_low": grid_low, "grid_high": grid_high}, m


def _book(prompts: list[str], known: list[str]) -> PhraseBook:
    fewest = max(5, int(_SHARE * len(prompts)))
    return PhraseBook([*known, *mine_phrases(prompts, known=known, fewest=fewest)])


def _newest(keys: pd.Series[Any]) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Number the distinct prompts; of too many the ones that were made last, others are -1."""
    reversed_codes, names = pd.factorize(keys[::-1])
    codes = np.asarray(reversed_codes[::-1], dtype=np.int64)
    codes[codes >= MOST_PROMPTS] = -1
    return codes, [str(name) for name in names[:MOST_PROMPTS]]


def _texts(prompts: list[str]) -> Arrays:
    encoded = [prompt.encode() for prompt in prompts]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in encoded])]).astype(np.int64)
    return {"text": np.frombuffer(b"".join(encoded), dtype=np.uint8), "text_start": starts}


def _index(vocabulary: Vocabulary, matrix: Any) -> Arrays:
    by_term = matrix.tocsc()
    by_term.sort_indices()
    return {
        "term": vocabulary.terms,
        "term_weight": vocabulary.weights,
        "term_start": by_term.indptr.astype(np.int64),
        "term_prompt": by_term.indices.astype(np.int32),
        "term_value": by_term.data.astype(np.float32),
    }


def _settings(attempts: pd.DataFrame, codes: npt.NDArray[np.int64], n_prompts: int) -> tuple[Arrays, Any]:
    numbers, names = pd.factorize(attempts["setting"], sort=True)
    table = pd.DataFrame({"prompt": codes, "setting": numbers, "approved": attempts["is_approved"]})
    counted = table.groupby(["prompt", "setting"])["approved"].agg(["size", "sum"]).reset_index()
    starts = np.searchsorted(counted["prompt"].to_numpy("int64"), np.arange(n_prompts + 1)).astype(np.int64)
    arrays = {
        "setting_start": starts,
        "setting": counted["setting"].to_numpy("int32"),
        "setting_n": counted["size"].to_numpy("int32"),
        "setting_k": counted["sum"].to_numpy("int32"),
    }
    known = attempts.assign(number=numbers).drop_duplicates("number").sort_values("number")
    return arrays, known[["setting", "engine", "model"]].to_dict("records")


def _sources(attempts: pd.DataFrame, codes: npt.NDArray[np.int64], n_prompts: int) -> tuple[Arrays, Any]:
    """Say where each prompt was used: where its newest approved version is, else its newest one."""
    ranked = attempts.assign(code=codes).sort_values(["is_approved", "version_id"])
    last = ranked.drop_duplicates("code", keep="last").sort_values("code")
    numbers, names = pd.factorize(last["stream_id"], sort=True)
    arrays = {
        "source_stream": numbers.astype(np.int32),
        "source_segment": last["segment_id"].to_numpy("int64"),
        "source_version": last["version_id"].to_numpy("int64"),
    }
    return arrays, [str(name) for name in names]


def _phrase_places(prompts: list[str], book: PhraseBook, effects: Effects) -> Arrays:
    """Say which prompts have each listed phrase, in the order of the table."""
    listed = PhraseBook(effects.phrases["phrase"].tolist())
    numbers = {phrase: number for number, phrase in enumerate(book.phrases)}
    columns = [numbers[phrase] for phrase in listed.phrases]
    present = phrase_matrix(pd.Series(prompts, dtype="str"), book)[:, columns].tocsc()
    present.sort_indices()
    return {
        "phrase_start": present.indptr.astype(np.int64),
        "phrase_prompt": present.indices.astype(np.int32),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.to_dict("records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return None if not np.isfinite(value) else float(value)
    if isinstance(value, np.bool_ | bool):
        return bool(value)
    return int(value) if isinstance(value, np.integer) else value
