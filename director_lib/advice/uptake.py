"""What became of what was suggested: attempts made with a suggestion, beside those made without one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from director_lib.metrics.intervals import Rate, rate

FEWEST = 20
"""Judged attempts on both sides below which they are not compared."""

Showing = tuple[str, int, str, datetime]


@dataclass(frozen=True, slots=True)
class Uptake:
    """Approval of attempts by how they came about.

    Attributes:
        used: Made with a suggestion that was taken.
        trial: Those of them where it was shown to learn about it.
        declined: Suggestions were shown for it, and none was taken.
        without: Nothing was suggested; only attempts since the first suggestion was ever shown.
        difference: ``used`` less ``declined`` and ``without`` together, with its 95 % interval; None while
        either
            side has fewer than 20 judged attempts.
    """

    used: Rate
    trial: Rate
    declined: Rate
    without: Rate
    difference: tuple[float, float, float] | None


def measure_uptake(
    judged: pd.DataFrame,
    made_with: Mapping[int, bool],
    showings: Sequence[Showing],
    *,
    since: datetime | None,
) -> Uptake:
    """Compare judged attempts with and without a suggestion.

    Who takes advice, and where, is no accident: this is observational. Attempts are compared decision by
    decision, the effective one on each version.

    Args:
        judged: Rows of ``effective_decisions`` on versions that were made here, with their ``created_at``;
        files
            found on disk are nobody's attempt.
        made_with: Versions made with a suggestion; whether that was a trial.
        showings: For what and when suggestions were shown.
        since: When the first suggestion was shown; None gives no attempts at all.

    Returns:
        Four rates with their intervals; n is 0 where there is nothing.
    """
    rows = judged[judged["created_at"] >= since] if since is not None else judged[:0]
    is_used = rows["version_id"].isin(list(made_with))
    is_trial = rows["version_id"].isin([version_id for version_id, trial in made_with.items() if trial])
    was_shown = pd.Series(_was_shown(rows, showings), index=rows.index, dtype=bool)
    used, rest = _rate(rows[is_used]), _rate(rows[~is_used])
    return Uptake(
        used,
        _rate(rows[is_trial]),
        _rate(rows[~is_used & was_shown]),
        _rate(rows[~is_used & ~was_shown]),
        newcombe(used, rest) if min(used.n, rest.n) >= FEWEST else None,
    )


def newcombe(one: Rate, other: Rate) -> tuple[float, float, float]:
    """Return the difference of two rates with its 95 % interval, from their Wilson bounds.

    d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²) (Newcombe 1998, Statistics in Medicine 17:873,
    method 10).

    Raises:
        ValueError: One of them has no data.
    """
    if one.value is None or other.value is None:
        raise ValueError("newcombe needs data on both sides")
    difference = one.value - other.value
    down = math.hypot(one.value - one.low, other.high - other.value)
    up = math.hypot(one.high - one.value, other.value - other.low)
    return difference, difference - down, difference + up


def _was_shown(rows: pd.DataFrame, showings: Sequence[Showing]) -> list[bool]:
    """Tell of each version whether suggestions had been shown for its segment since the version before it."""
    shown: dict[tuple[str, int, str], list[datetime]] = {}
    for stream_id, segment_id, kind, shown_at in showings:
        shown.setdefault((stream_id, segment_id, kind), []).append(shown_at)
    found, before = {}, dict[tuple[str, int, str], datetime]()
    ordered = rows.sort_values("created_at", kind="stable")
    columns = (ordered[name] for name in ("version_id", "stream_id", "segment_id", "kind", "created_at"))
    for version_id, stream_id, segment_id, kind, made_at in zip(*columns, strict=True):
        place = (stream_id, int(segment_id), kind)
        last = before.get(place)
        times = shown.get(place, [])
        found[version_id] = any(at <= made_at and (last is None or at > last) for at in times)
        before[place] = made_at
    return [found[version_id] for version_id in rows["version_id"]]


def _rate(rows: pd.DataFrame) -> Rate:
    return rate(int(rows["is_approved"].sum()), len(rows))
