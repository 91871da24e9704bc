"""Every metric of one scope, computed once: what cards, tables and charts are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from director_lib.metrics.approval import Eventual, eventual_of, rate_of, undo_rate
from director_lib.metrics.cost import KINDS, SegmentCost, bills_known, cost_of
from director_lib.metrics.effective import check_aware, effective_decisions, first_of
from director_lib.metrics.frames import empty_bills
from director_lib.metrics.intervals import Rate
from director_lib.metrics.regenerations import (
    RegenerationsSummary,
    regenerations_of,
    regenerations_summary,
    segments_of,
    technical_retries,
)
from director_lib.metrics.standing import standings_of, versions_known
from director_lib.metrics.timing import checkpoint_times, stays_of, stream_stays, task_parts
from director_lib.metrics.trend import weeks_of
from director_lib.metrics.working_time import StudioHours, studio_hours
from director_lib.work_hours import DEFAULT_WORK_HOURS


@dataclass(frozen=True)
class StudioFrames:
    """The frames of one stream, or of all.

    Attributes:
        segments: Every segment there is (``stream_id``, ``segment_id``); None when that is not known.
        titles: Stream id to title; a stream without one is called by its id.
        bills: What attempts were billed that made no version.
    """

    decisions: pd.DataFrame
    versions: pd.DataFrame
    tasks: pd.DataFrame
    checkpoints: pd.DataFrame
    segments: pd.DataFrame | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    bills: pd.DataFrame = field(default_factory=empty_bills)


@dataclass(frozen=True)
class Findings:
    """Every metric of one scope at one instant, unrounded.

    Attributes:
        judged: From ``effective_decisions``.
        first: From ``first_judged``.
        standings: From ``unit_standings``.
        per_segment: From ``regenerations_per_segment``.
        weekly: From ``weekly_approval``.
        times: From ``checkpoint_times``.
        parts: From ``task_parts``.
        costs: By "keyframe", "video" and "both".
        n_failed: Tasks lost to technical failures.
    """

    approval: Rate
    first_pass: Rate
    undone: Rate
    eventual: Eventual
    regenerations: RegenerationsSummary
    judged: pd.DataFrame
    first: pd.DataFrame
    standings: pd.DataFrame
    per_segment: pd.DataFrame
    weekly: pd.DataFrame
    times: pd.DataFrame
    parts: pd.DataFrame
    costs: Mapping[str, SegmentCost]
    n_failed: int
    zone: ZoneInfo
    hours: StudioHours


def find(
    frames: StudioFrames, *, time_zone: str, as_of: datetime, work_hours: str = DEFAULT_WORK_HOURS
) -> Findings:
    """Compute every metric.

    Args:
        frames: What to compute from.
        time_zone: IANA name of the studio's time zone, for weeks and times of day.
        as_of: Aware instant; what came later is not known yet.
        work_hours: When the studio works, as in the settings.

    Raises:
        InputError: A frame is not what it should be, ``as_of`` has no time zone, or there is no such zone, or
            the hours cannot be read.
    """
    hours = studio_hours(work_hours, time_zone)
    judged = effective_decisions(frames.decisions, as_of=check_aware(as_of))
    first = first_of(judged)
    known = versions_known(frames.versions, as_of=as_of)
    standings = standings_of(judged, known)
    per_segment = segments_of(standings, judged, regenerations_of(judged, known), segments=frames.segments)
    stays = [stays_of(judged, known), stream_stays(frames.checkpoints, as_of=as_of)]
    return Findings(
        approval=rate_of(judged),
        first_pass=rate_of(first),
        undone=undo_rate(frames.decisions, window=(None, as_of)),
        eventual=eventual_of(standings),
        regenerations=regenerations_summary(per_segment),
        judged=judged,
        first=first,
        standings=standings,
        per_segment=per_segment,
        weekly=weeks_of(judged, first, time_zone=time_zone, as_of=as_of),
        times=checkpoint_times(pd.concat(stays, ignore_index=True), as_of=as_of, hours=hours),
        parts=task_parts(frames.tasks, as_of=as_of),
        costs={
            kind or "both": cost_of(standings, kind=kind, bills=bills_known(frames.bills, as_of=as_of))
            for kind in (*KINDS, None)
        },
        n_failed=technical_retries(frames.tasks),
        zone=hours.zone,
        hours=hours,
    )
