"""The live page of metrics as one JSON value, made from counts: cards, plots, and what to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from director_lib.metrics.binned import DurationBins
from director_lib.metrics.board_cards import BoardCounts, make_board_cards
from director_lib.metrics.board_checkpoints import checkpoints_plot, stays_at_gates
from director_lib.metrics.board_choice import SPANS, BoardChoice, running_week
from director_lib.metrics.board_groups import group_plots
from director_lib.metrics.board_plots import (
    failures_plot,
    histogram_plot,
    incidence_plot,
    parts_plot,
    people_plot,
    segments_plot,
    trend_plot,
)
from director_lib.metrics.board_weeks import sums_by_week, weekly_sums
from director_lib.metrics.counts import Counts, Slice
from director_lib.metrics.effective import within
from director_lib.metrics.frames import check_checkpoints
from director_lib.metrics.groups import short_name
from director_lib.metrics.working_time import StudioHours

Json = dict[str, Any]
_KINDS = {"keyframe": "Stills", "video": "Clips"}


def slice_of(choice: BoardChoice, *, as_of: datetime, time_zone: str) -> Slice:
    """Return the part of the counts that a choice asks for."""
    first = choice.first_week(running_week(as_of, time_zone))
    return Slice(
        stream_id=choice.stream_id,
        since=first,
        until=None if choice.week is None else choice.week + pd.Timedelta(days=7),
        actors=None if choice.actor is None else (choice.actor,),
        engines=None if choice.engine is None else (choice.engine,),
        models=None if choice.model is None else (choice.model,),
        kinds=None if choice.kind is None else (choice.kind, ""),
    )


@dataclass(frozen=True)
class BoardSources:
    """What a page is made from.

    Attributes:
        counts: Of ``slice_of(choice)``; where ``by_week`` is there, its cells need no ``week``.
        everybody: Of ``slice_of(choice.everybody())``: who and what there is to choose from.
        gates: A checkpoints frame.
        weeks: Mondays whose durations are followed, rising, the running one last; without them no trend of
            durations is shown.
        weekly_durations: The counted durations of these weeks, with their ``week``.
        by_week: Every measure by Monday, rising; None adds up the cells.
        hours: When the studio works; None leaves working time out.
    """

    counts: Counts
    everybody: Counts
    gates: pd.DataFrame
    weeks: Sequence[pd.Timestamp] = ()
    weekly_durations: pd.DataFrame | None = None
    by_week: pd.DataFrame | None = None
    hours: StudioHours | None = None


def make_board(
    sources: BoardSources,
    choice: BoardChoice,
    *,
    titles: Mapping[str, str],
    as_of: datetime,
    time_zone: str,
) -> Json:
    """Describe the page.

    Args:
        sources: What it is made from.
        choice: What somebody wants to see.
        titles: Stream id to title.
        as_of: Aware instant up to which everything is known.
        time_zone: The studio's, by its IANA name.

    Returns:
        ``cards``, ``trend``, ``groups``, ``incidence``, ``histogram``, ``checkpoints``, ``hours``, ``parts``,
        ``failures``, ``people``, ``segments``, ``choice``, ``choices``; strict JSON.

    Raises:
        InputError: A frame is not what it should be, or there is no such time zone.
    """
    counts = sources.counts
    running = running_week(as_of, time_zone)
    by_week = sums_by_week(counts.cells) if sources.by_week is None else sources.by_week
    weekly = weekly_sums(by_week, running, choice.first_week(running))
    weekly_bins = {}
    if sources.weekly_durations is not None:
        weekly_bins = DurationBins.of_weeks(sources.weekly_durations, sources.weeks, as_of)
    bins = DurationBins(counts.durations, as_of)
    found = BoardCounts(counts, choice, by_week, weekly, by_week.sum(), bins, weekly_bins)
    stays = stays_at_gates(sources.gates, choice, as_of=as_of, time_zone=time_zone)
    return {
        "cards": make_board_cards(found),
        "trend": trend_plot(found),
        "groups": group_plots(found, gates_of(sources.gates, choice, as_of=as_of, time_zone=time_zone)),
        "incidence": incidence_plot(found),
        "histogram": histogram_plot(found),
        "checkpoints": checkpoints_plot(found, stays, sources.hours, as_of=as_of),
        "hours": _hours(sources.hours),
        "parts": parts_plot(found),
        "failures": failures_plot(found),
        "people": people_plot(found),
        "segments": segments_plot(found, titles),
        "choice": _chosen(choice),
        "choices": _choices(sources.everybody),
    }


def gates_of(gates: pd.DataFrame, choice: BoardChoice, *, as_of: datetime, time_zone: str) -> pd.DataFrame:
    """Keep the verdicts about whole streams that a choice counts: none when it is about engines or kinds.

    Raises:
        InputError: It is no checkpoints frame, or there is no such time zone.
    """
    known = check_checkpoints(gates)
    known = known[known["decided_at"].notna()]
    if choice.engine is not None or choice.model is not None or choice.kind is not None:
        return known.head(0)
    if choice.actor is not None:
        known = known[known["actor"] == choice.actor]
    return within(known, choice.span(running_week(as_of, time_zone), time_zone))


def _hours(hours: StudioHours | None) -> str:
    return "" if hours is None else f"{hours.text}, {hours.zone}"


def _chosen(choice: BoardChoice) -> Json:
    return {"weeks": choice.weeks, "actor": choice.actor, "engine": choice.engine, "kind": choice.kind}


def _choices(everybody: Counts) -> Json:
    engines = sorted(everybody.cells.loc[everybody.cells["kind"] != "", "engine"].unique())
    return {
        "weeks": [*SPANS],
        "people": sorted(everybody.people["actor"].unique()),
        "engines": [{"key": engine, "label": short_name(engine)} for engine in engines],
        "kinds": [{"key": key, "label": label} for key, label in _KINDS.items()],
    }
