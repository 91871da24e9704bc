"""Advice on one prompt out of a hundred thousand: what the director waits for when the sheet opens."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.report import Measurement
from director_lib.advice.fitting import fit
from director_lib.advice.model import find_model, write_model
from director_lib.advice.suggesting import Adviser

N_PROMPTS = 100_000
LIMIT_MS = 50.0
_WHO = ("old", "young", "misty", "quiet", "red", "blue", "golden", "lonely", "tall", "broken")
_WHAT = ("harbour", "girl", "boat", "street", "forest", "kitchen", "tower", "garden", "horse", "train")
_WHERE = ("valley", "city", "village", "desert", "coast", "station", "library", "attic")
_PHRASES = ("gentle pan", "whip pan", "slow push in", "golden hour", "soft light", "film grain", "fog")
_EFFECTS = (0.9, -0.9, 0.5, 0.6, 0.3, 0.0, -0.2)


def measure_advice(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure learning, opening what was learned, and a suggestion with its evidence."""
    tell(f"learning from {N_PROMPTS:,} prompts")
    attempts = _attempts(N_PROMPTS)
    started = time.perf_counter()
    fitted = fit(attempts)
    learning = (time.perf_counter() - started) * 1000
    write_model(home, fitted.arrays, fitted.facts)
    tell("asking for advice")
    opening, asking, chance = [], [], random.Random(7)
    for _ in range(max(20, runs)):
        started = time.perf_counter()
        model = find_model(home)
        assert model is not None
        adviser = Adviser(model)
        opened = time.perf_counter()
        text = f"{attempts['prompt'].iloc[chance.randrange(N_PROMPTS)]}, soft light"
        adviser.advise(text, "keyframe", chance=chance)
        asking.append((time.perf_counter() - opened) * 1000)
        opening.append((opened - started) * 1000)
    label = f"{N_PROMPTS:,} prompts"
    return [
        Measurement("advice, a suggestion", label, asking, limit=LIMIT_MS),
        Measurement("advice, opening it", label, opening),
        Measurement("advice, learning it", label, [learning]),
    ]


def _attempts(n: int) -> pd.DataFrame:
    """Make n judged attempts of as many prompts, with phrases that help and hurt."""
    rng = np.random.default_rng(20261121)
    has = rng.random((n, len(_PHRASES))) < 0.2
    approved = rng.random(n) < 1 / (1 + np.exp(0.4 - has @ np.array(_EFFECTS)))
    names = np.array(_PHRASES)
    who, what, where = (rng.integers(len(words), size=n) for words in (_WHO, _WHAT, _WHERE))
    prompts = [
        f"{_WHO[who[at]]} {_WHAT[what[at]]} in the {_WHERE[where[at]]}, take {at}, "
        + ", ".join(names[has[at]])
        for at in range(n)
    ]
    model = [f"m{at}" for at in rng.integers(0, 3, n)]
    texts = {
        "stream_id": [f"film-{at % 40}" for at in range(n)],
        "kind": ["video" if at % 3 == 0 else "keyframe" for at in range(n)],
        "engine": ["local"] * n,
        "model": model,
        "setting": [f"local · {name}" for name in model],
        "prompt": prompts,
        "actor": [f"director-{at % 5}" for at in range(n)],
    }
    table = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in texts.items()})
    return table.assign(
        version_id=range(1, n + 1),
        segment_id=np.arange(n) // 40 + 1,
        attempt=1,
        is_approved=approved,
        is_first=True,
        decided_at=pd.Timestamp("2026-03-02", tz="UTC"),
    )
