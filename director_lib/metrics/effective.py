"""Which decisions count, as of an instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from director_lib.domain.review import APPROVALS
from director_lib.errors import InputError
from director_lib.metrics.frames import UNIT, check_decisions

Window = tuple[datetime | None, datetime | None]
"""Half-open: from the first instant, until before the second; None leaves that side open."""

_APPROVALS = [decision.value for decision in APPROVALS]


def standing_decisions(decisions: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Keep the decisions that had been made and not been taken back at an instant.

    Args:
        decisions: A decisions frame, in any order.
        as_of: Aware instant; what was made or undone later is not known yet. None takes everything recorded.

    Returns:
        Rows of ``decisions`` in their order.

    Raises:
        InputError: The frame is not a decisions frame, or ``as_of`` has no time zone.
    """
    known = check_decisions(decisions)
    if as_of is None:
        return known[known["undone_at"].isna()]
    check_aware(as_of)
    return known[(known["decided_at"] <= as_of) & ~(known["undone_at"] <= as_of)]


def effective_decisions(decisions: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Find the decision that counts for each version: the latest by ``seq`` that is not undone.

    ``seq`` and not the time decides, so that two clocks that disagree cannot change the outcome. It is the
    rule of ``director_lib.domain.review.judge``: where a stream asks for several approvals (the column
    ``approvals_needed``, as the stream asks now), a version that still lacks some is not judged yet.

    Args:
        decisions: A decisions frame, in any order.
        as_of: Aware instant; see ``standing_decisions``.

    Returns:
        One row per judged version, by ``seq``, with the further column ``is_approved`` (bool: with or without
        notes). Empty when nothing was decided.

    Raises:
        InputError: The frame is not a decisions frame, or ``as_of`` has no time zone.
    """
    standing = standing_decisions(decisions, as_of=as_of).sort_values("seq")
    standing = standing.assign(is_approved=approving(standing["decision"]))
    latest = standing.drop_duplicates("version_id", keep="last")
    if "approvals_needed" in latest.columns and (latest["approvals_needed"] > 1).any():
        given = latest["version_id"].map(_approvals_given(standing)).fillna(0)
        latest = latest[~latest["is_approved"] | (given >= latest["approvals_needed"])]
    return latest.reset_index(drop=True)


def first_judged(decisions: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Find, for each unit (segment × kind), the effective decision on its first judged attempt.

    The versions of a variant set (column ``set_id``) are one attempt: it counts as approved when any of them
    is. That one was picked as winner is no approval.

    Returns:
        Rows of ``effective_decisions``, one per unit, by stream, segment and kind.

    Raises:
        InputError: As ``effective_decisions``.
    """
    return first_of(effective_decisions(decisions, as_of=as_of))


def first_of(judged: pd.DataFrame) -> pd.DataFrame:
    """Find each unit's first judged attempt among rows of ``effective_decisions``; see ``first_judged``."""
    ordered = judged.sort_values("attempt", kind="stable")
    first = ordered.drop_duplicates(UNIT)
    if "set_id" in judged.columns:
        first = _sets_as_one(first, ordered)
    return first.sort_values(UNIT).reset_index(drop=True)


def approving(decisions: pd.Series[Any]) -> pd.Series[Any]:
    """Tell of each verdict by itself whether it says yes, with or without notes.

    Whether a version *is* approved is for ``effective_decisions`` to say: it knows about undoing and quorum.
    """
    return decisions.isin(_APPROVALS)


def within(frame: pd.DataFrame, window: Window | None, column: str = "decided_at") -> pd.DataFrame:
    """Keep the rows whose instant lies in a half-open window; None keeps all, NaT is in no bounded window.

    Raises:
        InputError: A bound has no time zone.
    """
    since, until = window or (None, None)
    if since is not None:
        check_aware(since)
        frame = frame[frame[column] >= since]
    if until is not None:
        check_aware(until)
        frame = frame[frame[column] < until]
    return frame


def _sets_as_one(first: pd.DataFrame, ordered: pd.DataFrame) -> pd.DataFrame:
    """Let the approved version of a variant set stand for the set: it is one attempt, whatever came first."""
    refused = first.loc[first["set_id"].notna() & ~first["is_approved"], [*UNIT, "set_id"]]
    if refused.empty:
        return first
    chosen = ordered[ordered["is_approved"]].merge(refused, on=[*UNIT, "set_id"]).drop_duplicates(UNIT)
    return pd.concat([chosen, first]).drop_duplicates(UNIT)


def _approvals_given(standing: pd.DataFrame) -> pd.Series[Any]:
    """Count, by version, the people who approved after it was last sent back; rows are by ``seq``."""
    sent_back_seqs = standing["seq"].where(~standing["is_approved"])
    last_sent_back = sent_back_seqs.groupby(standing["version_id"]).transform("max").fillna(-1)
    counting = standing[standing["is_approved"] & (standing["seq"] > last_sent_back)]
    counts: pd.Series[Any] = counting.groupby("version_id")["actor"].nunique()
    return counts


def check_aware(instant: datetime) -> datetime:
    """Return the instant unchanged.

    Raises:
        InputError: It has no time zone.
    """
    if instant.tzinfo is None:
        raise InputError(f"{instant} has no time zone; metrics compare aware instants only.")
    return instant
