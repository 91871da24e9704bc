"""Studios whose truth is known: phrases and models with planted effects on approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

PHRASES: Mapping[str, float] = {"gentle pan": 0.9, "whip pan": -0.9, "golden hour": 0.5, "film grain": 0.0}
MODELS: Mapping[str, float] = {"m1": 0.0, "m2": -0.7}
START = pd.Timestamp("2026-03-02 09:00", tz="UTC")


def planted_attempts(
    n: int,
    seed: int,
    *,
    phrases: Mapping[str, float] = PHRASES,
    alike: float = 0.3,
    subjects: Sequence[str] = ("a harbour", "a girl", "an old boat", "the street"),
) -> pd.DataFrame:
    """Make an attempts frame of n rows, two attempts for each segment.

    The chance of approval is exactly logistic in phrases and model. With the chance ``alike`` both attempts
    of a segment share their luck, so that they depend on each other without changing that.
    """
    rng = np.random.default_rng(seed)
    has = rng.random((n, len(phrases))) < 0.3
    model = (rng.random(n) < 0.4).astype(int)
    odds = -0.2 + has @ np.array([*phrases.values()]) + np.array([*MODELS.values()])[model]
    segment = np.arange(n) // 2
    shared, own = rng.random(n // 2 + 1)[segment], rng.random(n)
    luck = np.where((rng.random(n // 2 + 1) < alike)[segment], shared, own)
    approved = luck < 1 / (1 + np.exp(-odds))
    names = [*phrases]
    prompts = [
        ", ".join([subjects[rng.integers(len(subjects))], *(names[at] for at in np.flatnonzero(row))])
        for row in has
    ]
    return frame(
        prompts,
        approved.tolist(),
        segments=(segment + 1).tolist(),
        attempts=(np.arange(n) % 2 + 1).tolist(),
        models=[[*MODELS][at] for at in model],
        actors=[f"actor {at}" for at in rng.integers(0, 2, n)],
    )


def frame(
    prompts: Sequence[str],
    approved: Sequence[bool],
    *,
    segments: Sequence[int] | None = None,
    attempts: Sequence[int] | None = None,
    models: Sequence[str] | None = None,
    actors: Sequence[str] | None = None,
    kind: str = "keyframe",
) -> pd.DataFrame:
    """Make an attempts frame of one stream, by default one attempt for each segment."""
    n = len(prompts)
    made_by = list(models or ["m1"] * n)
    numbers = list(attempts or [1] * n)
    texts = {"stream_id": "film", "kind": kind, "engine": "local"}
    table = pd.DataFrame(
        {
            "version_id": range(1, n + 1),
            "segment_id": list(segments or range(1, n + 1)),
            "attempt": numbers,
            "model": pd.Series(made_by, dtype="str"),
            "setting": pd.Series([f"local · {model}" for model in made_by], dtype="str"),
            "prompt": pd.Series(list(prompts), dtype="str"),
            "actor": pd.Series(list(actors or ["dora"] * n), dtype="str"),
            "is_approved": pd.Series(list(approved), dtype="bool"),
            "is_first": pd.Series([number == 1 for number in numbers], dtype="bool"),
            "decided_at": START,
        }
    )
    return table.assign(**{name: pd.Series([text] * n, dtype="str") for name, text in texts.items()})
