"""Additive counts: what the metrics page is made from, by time, person, engine, model, stream and kind.

``count`` makes them from the full frames; it is the oracle. The store keeps the same counts in tables, up to
date with every write, and ``Workbench.insight.counts`` reads a ``Slice`` of them: both give a ``Counts``, so
that one metric function serves page and notebook. What is not a sum (rates, intervals, quantiles) is computed
last, from ``Counts``.

Time is counted in ISO weeks of the studio's time zone: windows are whole weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from director_lib.domain.measures import DECISION_MEASURES, MEASURES
from director_lib.metrics.activity import Activity
from director_lib.metrics.count_cells import CELL_KEYS, FAILURE_KEYS, count_cells, count_failures
from director_lib.metrics.count_durations import DURATION_KEYS, count_durations
from director_lib.metrics.count_facts import gather
from director_lib.metrics.count_segments import SEGMENT_COLUMNS, count_segments

SEGMENTS_SHOWN = 200
_TROUBLE = ["regenerations", "rejections", "cost_micro_usd", "open_since", "stream_id", "segment_id"]
_WORST_FIRST = [False, False, False, True, True, True]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of the counts to look at; what is None is not restricted.

    Attributes:
        stream_id: One stream.
        since: First week: its Monday (local, without a time zone).
        until: First week that is not in it any more.
        actors: Of these people; then only ``DECISION_MEASURES`` are counted, and durations not by person.
        engines: Of these engines; "" is what was made by none (found on disk). Whole segments have none, so
            ``SEGMENT_MEASURES`` are then missing.
        models: Of these models; "" is what was made by none.
        kinds: "keyframe" or "video"; whole segments have the kind "".
    """

    stream_id: str | None = None
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None
    actors: Sequence[str] | None = None
    engines: Sequence[str] | None = None
    models: Sequence[str] | None = None
    kinds: Sequence[str] | None = None


@dataclass(frozen=True)
class CountTables:
    """Every count there is, in full detail. Unknown engines and models are ""; numbers are int64.

    Attributes:
        cells: ``stream_id``, ``week`` (local Monday, naive datetime64[us]), ``kind``, ``engine``, ``model``,
            ``actor`` (str; "" where a measure does not belong to a person), and ``MEASURES``.
        durations: ``stream_id``, ``metric`` (of ``DURATIONS``), ``week``, ``kind``, ``engine``, ``bin``,
            ``n``.
        failures: ``stream_id``, ``week`` (in which the task ended), ``kind``, ``engine``, ``error_code``,
            ``n``: tasks that failed or whose outcome is unknown.
        segments: One row per segment that was begun: ``stream_id``, ``segment_id``, ``entered_at``,
            ``n_versions``, ``regenerations``, ``rejections``, ``cost_micro_usd``, ``n_open`` (units not
            decided), ``open_since`` (NaT when none), ``is_approved`` (bool: still and clip).

    Rows without any count are absent; rows are sorted by their keys. Empty frames have all columns.
    """

    cells: pd.DataFrame
    durations: pd.DataFrame
    failures: pd.DataFrame
    segments: pd.DataFrame


@dataclass(frozen=True)
class Counts:
    """A slice of the counts, added up to what a page shows.

    Attributes:
        cells: By ``week``, ``kind``, ``engine``, ``model``: the sums of ``MEASURES`` over streams and people.
        people: By ``actor``, ``kind``: the sums of ``DECISION_MEASURES`` over streams, weeks, engines.
        durations: By ``metric``, ``kind``, ``engine``, ``bin``: the sum ``n`` over streams and weeks. Slices
            by person or model do not narrow them.
        failures: By ``kind``, ``engine``, ``error_code``: the sum ``n``. Not narrowed by person or model.
        segments: At most ``SEGMENTS_SHOWN`` rows of ``CountTables.segments`` that were entered in the window
            and sent back at least once, worst first. Not narrowed by person, engine, model or kind.
    """

    cells: pd.DataFrame
    people: pd.DataFrame
    durations: pd.DataFrame
    failures: pd.DataFrame
    segments: pd.DataFrame


def count(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    tasks: pd.DataFrame,
    *,
    time_zone: str,
    lost: pd.DataFrame | None = None,
    activity: Activity | None = None,
) -> CountTables:
    """Count everything from scratch.

    A person's active time goes across streams. So the frames have to be of the whole studio, or of whole
    streams beside the whole studio's ``activity``. Take one stream's part with ``slice_counts``.

    Args:
        decisions: A decisions frame.
        versions: A versions frame.
        tasks: A tasks frame.
        time_zone: IANA name of the studio's time zone, for the weeks.
        lost: What was billed for tasks that made no version: ``task_id``, ``lost_micro_usd`` (int64); None
            when nothing was.
        activity: Of all verdicts of the studio; None when the decisions are all there are.

    Returns:
        The counts; empty frames give empty counts.

    Raises:
        InputError: A frame is not what it should be, or there is no such time zone.
    """
    facts = gather(decisions, versions, tasks, time_zone=time_zone, lost=lost, activity=activity)
    return CountTables(
        cells=count_cells(facts),
        durations=count_durations(facts),
        failures=count_failures(facts),
        segments=count_segments(facts),
    )


def slice_counts(tables: CountTables, chosen: Slice | None = None) -> Counts:
    """Add up a part of the counts.

    Returns:
        The counts of the slice; empty frames when nothing is in it.
    """
    chosen = chosen or Slice()
    by_engine = {"kind": chosen.kinds, "engine": chosen.engines}
    by_all = {**by_engine, "model": chosen.models, "actor": chosen.actors}
    cells = _pick(tables.cells, chosen, by_all)
    persons = cells[cells["actor"] != ""]
    return Counts(
        cells=_sums(cells, CELL_KEYS[1:5], list(MEASURES)),
        people=_sums(persons, ["actor", "kind"], list(DECISION_MEASURES)),
        durations=_sums(
            _pick(tables.durations, chosen, by_engine), [DURATION_KEYS[1], *DURATION_KEYS[3:]], ["n"]
        ),
        failures=_sums(_pick(tables.failures, chosen, by_engine), FAILURE_KEYS[2:], ["n"]),
        segments=_worst(tables.segments, chosen),
    )


def _pick(table: pd.DataFrame, chosen: Slice, values: dict[str, Sequence[str] | None]) -> pd.DataFrame:
    kept: pd.Series[Any] = pd.Series(True, index=table.index)
    if chosen.stream_id is not None:
        kept &= table["stream_id"] == chosen.stream_id
    if chosen.since is not None:
        kept &= table["week"] >= chosen.since
    if chosen.until is not None:
        kept &= table["week"] < chosen.until
    for column, wanted in values.items():
        if wanted is not None:
            kept &= table[column].isin(list(wanted))
    return table[kept]


def _sums(table: pd.DataFrame, keys: list[str], measures: list[str]) -> pd.DataFrame:
    added = table.groupby(keys, as_index=False)[measures].sum()
    return added[(added[measures] != 0).any(axis=1)].reset_index(drop=True)


def _worst(segments: pd.DataFrame, chosen: Slice) -> pd.DataFrame:
    kept = segments[(segments["regenerations"] > 0) | (segments["rejections"] > 0)]
    if chosen.stream_id is not None:
        kept = kept[kept["stream_id"] == chosen.stream_id]
    if chosen.since is not None:
        kept = kept[kept["week"] >= chosen.since]
    if chosen.until is not None:
        kept = kept[kept["week"] < chosen.until]
    ordered = kept.sort_values(_TROUBLE, ascending=_WORST_FIRST)
    return ordered.head(SEGMENTS_SHOWN)[SEGMENT_COLUMNS].reset_index(drop=True)
