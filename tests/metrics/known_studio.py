"""Studios whose truth is known: units, engines that differ, drift by week. Each seed is one studio.

All studios come in one frame, each as a stream named after its seed, so that one call measures them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from director_lib.metrics.frames import check_decisions, check_versions
from tests.metrics.rows import START

ENGINES = {"quick": 0.75, "plain": 0.55, "rough": 0.35}
APPROVAL_PER_DAY, REJECTION_PER_DAY, WATCHED_DAYS = 0.5, 0.2, 6.0
N_WEEKS = 6

Drawn = dict[str, np.ndarray]


@dataclass(frozen=True)
class KnownStudios:
    """Units with one version each, decided once or still open."""

    decisions: pd.DataFrame
    versions: pd.DataFrame
    as_of: pd.Timestamp


def known_studios(seeds: Iterable[int]) -> KnownStudios:
    """Draw studios where engines approve as ``ENGINES`` say."""
    return _studios(seeds, _planted)


def racing_studios(seeds: Iterable[int]) -> KnownStudios:
    """Draw studios where approval and rejection race; units come in over six days, and then it is now."""
    return _studios(seeds, _racing)


def drifting_studios(seeds: Iterable[int]) -> KnownStudios:
    """Draw studios whose approval rises week by week as ``true_drift`` says."""
    return _studios(seeds, _drifting)


def true_incidence(days: float) -> float:
    """Return the share approved within so many days in a racing studio."""
    rates = APPROVAL_PER_DAY + REJECTION_PER_DAY
    return APPROVAL_PER_DAY / rates * (1 - float(np.exp(-rates * days)))


def true_drift(week: np.ndarray) -> np.ndarray:
    """Return the approval rate of weeks."""
    return 1 / (1 + np.exp(0.8 - 0.35 * week))


def _planted(random: np.random.Generator, n_units: int = 240) -> Drawn:
    place = random.integers(0, len(ENGINES), n_units)
    approved = random.random(n_units) < np.array([*ENGINES.values()])[place]
    decided = random.random(n_units) * 60
    return {
        "engine": np.array([*ENGINES])[place],
        "entered": decided - 0.1,
        "decided": decided,
        "ok": approved,
    }


def _racing(random: np.random.Generator, n_units: int = 160) -> Drawn:
    entered = random.random(n_units) * WATCHED_DAYS
    rates = APPROVAL_PER_DAY + REJECTION_PER_DAY
    decided = entered + random.exponential(1 / rates, n_units)
    approved = random.random(n_units) < APPROVAL_PER_DAY / rates
    decided = np.where(decided <= WATCHED_DAYS, decided, np.nan)
    return {"engine": np.repeat("plain", n_units), "entered": entered, "decided": decided, "ok": approved}


def _drifting(random: np.random.Generator, per_week: int = 40) -> Drawn:
    week = np.repeat(np.arange(N_WEEKS), per_week)
    approved = random.random(len(week)) < true_drift(week)
    decided = week * 7 + random.random(len(week)) * 4
    engine = np.repeat("plain", len(week))
    return {"engine": engine, "entered": decided - 0.1, "decided": decided, "ok": approved}


def _studios(seeds: Iterable[int], draw: Callable[[np.random.Generator], Drawn]) -> KnownStudios:
    drawn = pd.concat(
        [pd.DataFrame({**draw(np.random.default_rng(seed)), "stream_id": str(seed)}) for seed in seeds],
        ignore_index=True,
    )
    number, start = drawn.index + 1, pd.Timestamp(START)
    shared = drawn[["stream_id", "engine"]].assign(
        segment_id=number, kind="keyframe", attempt=1, version_id=number
    )
    versions = shared.assign(
        origin="generated",
        model="m",
        image_prompt="a sea",
        motion_prompt=None,
        seed=1,
        source_version_id=None,
        cost_usd=0.1,
        task_id=None,
        created_at=start + pd.to_timedelta(drawn["entered"], unit="D"),
    )
    decisions = shared.drop(columns="engine").assign(
        decision_id=number,
        seq=number,
        decision=np.where(drawn["ok"], "approved", "regenerate"),
        note="",
        actor="dora",
        decided_at=start + pd.to_timedelta(drawn["decided"], unit="D"),
        undone_at=pd.Series(pd.NaT, index=drawn.index, dtype="datetime64[us, UTC]"),
    )
    decisions = decisions[decisions["decided_at"].notna()]
    as_of = start + pd.Timedelta(days=WATCHED_DAYS)
    return KnownStudios(check_decisions(decisions), check_versions(versions), as_of)
