"""How often segments were sent back and made again, and which ones need help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from director_lib.metrics.effective import effective_decisions
from director_lib.metrics.frames import SEGMENT, UNIT
from director_lib.metrics.standing import OPEN, standings_of, versions_known

_RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class RegenerationsSummary:
    """Regenerations per started segment.

    Attributes:
        n: Started segments.
        n_never_started: Segments without any version; they are in none of the figures.
        total: Sum over the segments.
        mean: None when n is 0; so are ``median`` and ``p90``.
        histogram: ``regenerations`` (int64, 0 to the largest without gaps), ``n_segments`` (int64); empty
            when n is 0.
    """

    n: int
    n_never_started: int
    total: int
    mean: float | None
    median: float | None
    p90: float | None
    histogram: pd.DataFrame


def regenerations(
    decisions: pd.DataFrame, versions: pd.DataFrame, *, as_of: datetime | None = None
) -> pd.DataFrame:
    """Find the decisions that made the studio try again.

    These are the effective decisions "regenerate" and "adjust prompt" that were followed by a newer attempt
    of the same unit. A version put back from history is no new attempt, and a retry of a failed task never
    had a decision, so neither counts.

    The versions of a variant set (column ``set_id``) are one attempt: none of them is a newer attempt than
    another, and however many of them were sent back, the first such decision by ``seq`` counts, in its week
    and for its person, engine and model. What is said later of the same set moves no number of the past.

    Returns:
        Rows of ``effective_decisions``, by ``seq``.

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    return regenerations_of(
        effective_decisions(decisions, as_of=as_of), versions_known(versions, as_of=as_of)
    )


def regenerations_of(judged: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Find ``regenerations`` among rows of ``effective_decisions``, given rows of ``versions_known``."""
    made = known[known["origin"] != _RESTORED]
    sent_back = judged[~judged["is_approved"]]
    if "set_id" not in judged.columns or sent_back["set_id"].isna().all():
        return _followed(sent_back, made, UNIT).reset_index(drop=True)
    is_of_set = sent_back["set_id"].notna()
    of_sets = sent_back[is_of_set].sort_values("seq")
    outside = _outside_of_sets(of_sets, made)
    once = _followed(of_sets, outside, [*UNIT, "set_id"]).drop_duplicates([*UNIT, "set_id"])
    found = pd.concat([_followed(sent_back[~is_of_set], made, UNIT), once])
    return found.sort_values("seq").reset_index(drop=True)


def regenerations_per_segment(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    *,
    segments: pd.DataFrame | None = None,
    as_of: datetime | None = None,
) -> pd.DataFrame:
    """Count regenerations for each segment, over its still and its clip; filter the frames for one kind.

    Args:
        decisions: A decisions frame.
        versions: A versions frame.
        segments: Every segment there is (``stream_id``, ``segment_id``), to count those never started; None
            lists the started ones only.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        One row per segment, by stream and segment: ``stream_id``, ``segment_id``, ``is_started`` (bool),
        ``n_versions``, ``regenerations``, ``rejections`` (effective "regenerate" and "adjust prompt",
        followed or not), all int64, ``cost_usd`` (of all its versions), ``entered_at``, ``n_open`` (units
        not yet decided), ``open_since`` (when its oldest open unit was entered; NaT when none is).

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    judged = effective_decisions(decisions, as_of=as_of)
    known = versions_known(versions, as_of=as_of)
    return segments_of(
        standings_of(judged, known), judged, regenerations_of(judged, known), segments=segments
    )


def segments_of(
    standings: pd.DataFrame,
    judged: pd.DataFrame,
    again: pd.DataFrame,
    *,
    segments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compute ``regenerations_per_segment`` from what it is made of.

    Args:
        standings: From ``unit_standings``.
        judged: From ``effective_decisions``.
        again: From ``regenerations``.
        segments: Every segment there is; None for the started ones.
    """
    rows = _segment_totals(standings)
    if segments is not None:
        rows = segments[SEGMENT].drop_duplicates().merge(rows, on=SEGMENT, how="outer")
    sent_back = judged[~judged["is_approved"]]
    for name, counted in (("regenerations", again), ("rejections", sent_back)):
        rows = rows.merge(counted.groupby(SEGMENT).size().rename(name).reset_index(), on=SEGMENT, how="left")
    counts = ["n_versions", "n_open", "regenerations", "rejections"]
    rows[counts] = rows[counts].fillna(0).astype("int64")
    rows["cost_usd"] = rows["cost_usd"].fillna(0.0)
    rows.insert(2, "is_started", rows["n_versions"] > 0)
    return rows.sort_values(SEGMENT).reset_index(drop=True)


def regenerations_summary(per_segment: pd.DataFrame) -> RegenerationsSummary:
    """Summarise regenerations over the *started* segments: mean, median, p90 and histogram.

    p90 is the smallest count that at least 90 % of the segments do not exceed (nearest rank).

    Args:
        per_segment: From ``regenerations_per_segment``.

    Returns:
        The summary; without a started segment n is 0 and the figures are None.
    """
    counts = per_segment.loc[per_segment["is_started"], "regenerations"].astype("int64")
    never = int((~per_segment["is_started"].astype(bool)).sum())
    if counts.empty:
        nothing = pd.DataFrame({"regenerations": [], "n_segments": []}, dtype="int64")
        return RegenerationsSummary(0, never, 0, None, None, None, nothing)
    shares = counts.value_counts().reindex(range(int(counts.max()) + 1), fill_value=0)
    histogram = shares.rename_axis("regenerations").rename("n_segments").reset_index().astype("int64")
    p90 = float(counts.quantile(0.9, interpolation="higher"))
    total = int(counts.sum())
    return RegenerationsSummary(
        len(counts), never, total, total / len(counts), float(counts.median()), p90, histogram
    )


def problem_segments(per_segment: pd.DataFrame, *, limit: int = 20) -> pd.DataFrame:
    """List the segments that gave most trouble.

    By regenerations, then rejections, then cost, then how long they have been open (oldest first). Raw
    counts: it describes these segments and says nothing about others.

    Args:
        per_segment: From ``regenerations_per_segment``.
        limit: At most so many rows.

    Returns:
        Rows of ``per_segment`` that were sent back at least once, worst first.
    """
    troubled = per_segment[(per_segment["regenerations"] > 0) | (per_segment["rejections"] > 0)]
    order = ["regenerations", "rejections", "cost_usd", "open_since", *SEGMENT]
    ascending = [False, False, False, True, True, True]
    return troubled.sort_values(order, ascending=ascending).head(limit).reset_index(drop=True)


def technical_retries(tasks: pd.DataFrame) -> int:
    """Count tasks that failed or whose outcome is unknown: tries that were lost without a judgement."""
    return int(tasks["state"].isin(["failed", "unknown"]).sum())


def _followed(sent_back: pd.DataFrame, made: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Keep the decisions after which there is a newer attempt among the versions with the same keys."""
    newest = made.groupby(keys, as_index=False).agg(
        newest_attempt=("attempt", "max"), newest_at=("created_at", "max")
    )
    paired = sent_back.merge(newest, on=keys, how="left")
    led_on = (paired["newest_attempt"] > paired["attempt"]) & (paired["newest_at"] >= paired["decided_at"])
    return paired[led_on].drop(columns=["newest_attempt", "newest_at"])


def _outside_of_sets(of_sets: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """List for each set the versions of its unit that are not of it, with the set's id for ``set_id``."""
    own = made["set_id"] if "set_id" in made.columns else None
    beside = made[[*UNIT, "attempt", "created_at"]].assign(own_set_id=own)
    pairs = of_sets[[*UNIT, "set_id"]].drop_duplicates().merge(beside, on=UNIT)
    return pairs[pairs["own_set_id"].isna() | (pairs["own_set_id"] != pairs["set_id"])]


def _segment_totals(standings: pd.DataFrame) -> pd.DataFrame:
    is_open = standings["state"] == OPEN
    marked = standings.assign(is_open=is_open, open_since=standings["entered_at"].where(is_open))
    return marked.groupby(SEGMENT, as_index=False).agg(
        n_versions=("n_versions", "sum"),
        cost_usd=("cost_usd", "sum"),
        entered_at=("entered_at", "min"),
        n_open=("is_open", "sum"),
        open_since=("open_since", "min"),
    )
