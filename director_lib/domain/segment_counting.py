"""Counting one segment: its still, its clip, and the decisions on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from director_lib.domain.counting import (
    CountedDecision,
    CountedVersion,
    SegmentRow,
    Tally,
    Weeks,
    by_version,
    current_of,
    micro_usd,
)
from director_lib.domain.measures import HANDLING_CAP_US, LONGEST_GAP_US, PANEL

_APPROVALS = ("approved", "approved_with_notes")
_MEASURE = {"approved_with_notes": "with_notes", "adjust_prompt": "adjust_prompt", "regenerate": "regenerate"}
_KINDS = ("keyframe", "video")
Judged = dict[int, CountedDecision]


def count_segment(
    versions: Sequence[CountedVersion], decisions: Collection[CountedDecision], needed: int, weeks: Weeks
) -> tuple[Tally, SegmentRow | None]:
    """Count everything of one segment.

    Args:
        versions: All of its still and its clip, in any order.
        decisions: Every verdict on them, in any order; records of undoing are none.
        needed: How many people have to approve on the stream.
        weeks: From ``weeks_in``.

    Returns:
        What it adds to the counts, and its own row; None while it has no version.
    """
    tally = Tally()
    if not versions:
        return tally, None
    opinions = by_version(decisions)
    judged: Judged = {}
    for version in versions:
        said = opinions.get(version.version_id)
        if said:
            _count_said(tally, version, said, weeks)
            found = _effective(said, needed)
            if found is not None:
                judged[version.version_id] = found
        _count_version(tally, version, judged.get(version.version_id), weeks)
    units = [
        _count_unit(tally, of_kind, judged, weeks)
        for kind in _KINDS
        if (of_kind := [version for version in versions if version.kind == kind])
    ]
    rejections = sum(decision.decision not in _APPROVALS for decision in judged.values())
    return tally, _count_whole(tally, units, rejections, weeks)


def _count_said(tally: Tally, version: CountedVersion, said: Iterable[CountedDecision], weeks: Weeks) -> None:
    newest: dict[str, CountedDecision] = {}
    for decision in said:
        cell = (weeks(decision.decided_us), version.kind, version.engine, version.model, decision.actor)
        tally.cells[(*cell, "made")] += 1
        if decision.is_undone:
            tally.cells[(*cell, "undone")] += 1
        else:
            newest[decision.actor] = decision
        gap_us = None if decision.before_us is None else decision.decided_us - decision.before_us
        if gap_us is None or gap_us > LONGEST_GAP_US:
            tally.cells[(*cell, "stretches")] += 1
        else:
            tally.cells[(*cell, "active_us")] += gap_us
    if len(newest) > 1:
        approving = sum(one.decision in _APPROVALS for one in newest.values())
        week = weeks(max(one.decided_us for one in newest.values()))
        tally.durations["panel", week, version.kind, version.engine, len(newest) * PANEL + approving] += 1


def _effective(said: Iterable[CountedDecision], needed: int) -> CountedDecision | None:
    """Find what counts, given a version's verdicts by ``seq``; ``domain.review.judge`` is the rule."""
    latest, approvers = None, set()
    for decision in said:
        if decision.is_undone:
            continue
        latest = decision
        if decision.decision in _APPROVALS:
            approvers.add(decision.actor)
        else:
            approvers.clear()
    return latest if not approvers or len(approvers) >= needed else None


def _count_version(
    tally: Tally, version: CountedVersion, judged: CountedDecision | None, weeks: Weeks
) -> None:
    week = weeks(version.created_us)
    cells = tally.cells
    own = (week, version.kind, version.engine, version.model, "")
    cells[(*own, "versions")] += 1
    if version.origin in ("found", "restored"):
        cells[(*own, version.origin)] += 1
    if version.cost_usd:
        cells[(*own, "cost_micro_usd")] += micro_usd(version.cost_usd)
    if judged is None:
        return
    cell = (weeks(judged.decided_us), version.kind, version.engine, version.model, judged.actor)
    cells[(*cell, "effective")] += 1
    if judged.decision in _APPROVALS:
        cells[(*cell, "approved")] += 1
    measure = _MEASURE.get(judged.decision)
    if measure is not None:
        cells[(*cell, measure)] += 1


class _Unit:
    """Where a still or a clip stands."""

    __slots__ = ("cost", "entered_us", "n_versions", "regenerations", "state")

    def __init__(self, versions: Sequence[CountedVersion], state: str, regenerations: int) -> None:
        self.entered_us = min([version.created_us for version in versions])
        self.n_versions = len(versions)
        self.cost = sum([micro_usd(version.cost_usd) for version in versions])
        self.state = state
        self.regenerations = regenerations


def _count_unit(tally: Tally, versions: list[CountedVersion], judged: Judged, weeks: Weeks) -> _Unit:
    versions.sort(key=lambda version: version.number)
    made = [version for version in versions if version.origin != "restored"]
    deciding = current_of(versions)
    verdict = judged.get(deciding.version_id)
    state = "open" if verdict is None else "approved" if verdict.decision in _APPROVALS else "rejected"
    unit = _Unit(versions, state, _count_regenerations(tally, versions, made, judged, weeks))
    _count_first(tally, versions, judged, weeks)
    place = (weeks(unit.entered_us), deciding.kind, deciding.engine)
    cell = (*place, deciding.model, "")
    tally.cells[(*cell, "units")] += 1
    tally.cells[(*cell, "unit_cost_micro_usd")] += unit.cost
    if verdict is None:
        tally.open("unit_open", place, unit.entered_us)
    else:
        tally.cells[(*cell, f"units_{state}")] += 1
        tally.lasting(f"unit_{state}", place, verdict.decided_us - unit.entered_us)
        if state == "approved" and deciding.duration_s:
            tally.cells[(*cell, "approved_us")] += micro_usd(deciding.duration_s)
    tally.durations[("regenerations", *place, unit.regenerations)] += 1
    _count_stays(
        tally, made, [judged[v.version_id] for v in versions if v.version_id in judged], deciding, weeks
    )
    _count_idle(tally, made, judged, weeks)
    return unit


def _count_regenerations(
    tally: Tally,
    versions: Sequence[CountedVersion],
    made: Sequence[CountedVersion],
    judged: Judged,
    weeks: Weeks,
) -> int:
    """Count the verdicts that led to a new attempt; of a variant set, which is one attempt, the first one."""
    sent_back = [
        (verdict, version)
        for version in versions
        if (verdict := judged.get(version.version_id)) and verdict.decision not in _APPROVALS
    ]
    n_found, sets = 0, set[str]()
    for verdict, version in sorted(sent_back):
        set_id = version.set_id
        if set_id in sets:
            continue
        others = made if set_id is None else [each for each in made if each.set_id != set_id]
        if not others or others[-1].number <= version.number:
            continue
        if max([each.created_us for each in others]) >= verdict.decided_us:
            cell = (weeks(verdict.decided_us), version.kind, version.engine, version.model, verdict.actor)
            tally.cells[(*cell, "regenerations")] += 1
            n_found += 1
            if set_id is not None:
                sets.add(set_id)
    return n_found


def _count_first(tally: Tally, versions: Sequence[CountedVersion], judged: Judged, weeks: Weeks) -> None:
    """Count the first judged attempt; the versions of a variant set are one attempt."""
    first = next((version for version in versions if version.version_id in judged), None)
    if first is None:
        return
    if first.set_id is not None:
        first = next(
            (
                version
                for version in versions
                if version.set_id == first.set_id
                and version.version_id in judged
                and judged[version.version_id].decision in _APPROVALS
            ),
            first,
        )
    verdict = judged[first.version_id]
    cell = (weeks(verdict.decided_us), first.kind, first.engine, first.model, verdict.actor)
    tally.cells[(*cell, "first")] += 1
    if verdict.decision in _APPROVALS:
        tally.cells[(*cell, "first_approved")] += 1


def _count_stays(
    tally: Tally,
    made: Iterable[CountedVersion],
    verdicts: Iterable[CountedDecision],
    deciding: CountedVersion,
    weeks: Weeks,
) -> None:
    """Count how long it was at its checkpoint: a version after an approval begins a new stay."""
    moments = [(version.created_us, 0) for version in made]
    moments += [(verdict.decided_us, 1) for verdict in verdicts if verdict.decision in _APPROVALS]
    entered_us: int | None = None
    for at_us, approves in sorted(moments):
        if not approves:
            entered_us = at_us if entered_us is None else entered_us
        elif entered_us is not None:
            place = (weeks(entered_us), deciding.kind, deciding.engine)
            tally.lasting("stay_ended", place, at_us - entered_us)
            entered_us = None
    if entered_us is not None:
        tally.open("stay_open", (weeks(entered_us), deciding.kind, deciding.engine), entered_us)


def _count_idle(tally: Tally, made: Sequence[CountedVersion], judged: Judged, weeks: Weeks) -> None:
    for place_in_row, version in enumerate(made):
        place = (weeks(version.created_us), version.kind, version.engine)
        verdict = judged.get(version.version_id)
        if verdict is None:
            if place_in_row + 1 < len(made):
                replaced_us = made[place_in_row + 1].created_us
                tally.lasting("idle_censored", place, replaced_us - version.created_us)
            else:
                tally.open("idle_open", place, version.created_us)
            continue
        viewed_us = verdict.viewed_us
        if viewed_us is None or viewed_us > verdict.decided_us:
            tally.lasting("idle_ended", place, verdict.decided_us - version.created_us)
            continue
        tally.lasting("idle_ended", place, viewed_us - version.created_us)
        tally.lasting("handling", place, min(verdict.decided_us - viewed_us, HANDLING_CAP_US))


def _count_whole(tally: Tally, units: Sequence[_Unit], rejections: int, weeks: Weeks) -> SegmentRow:
    entered_us = min(unit.entered_us for unit in units)
    week = weeks(entered_us)
    cost = sum(unit.cost for unit in units)
    regenerations = sum(unit.regenerations for unit in units)
    is_approved = [unit.state for unit in units] == ["approved", "approved"]
    cell = (week, "", "", "", "")
    tally.cells[(*cell, "segments")] = 1
    tally.cells[(*cell, "segments_approved")] = int(is_approved)
    tally.cells[(*cell, "segment_cost_micro_usd")] = cost
    tally.durations["regenerations", week, "", "", regenerations] = 1
    open_since = [unit.entered_us for unit in units if unit.state == "open"]
    return SegmentRow(
        week,
        entered_us,
        sum(unit.n_versions for unit in units),
        regenerations,
        rejections,
        cost,
        len(open_since),
        min(open_since, default=None),
        is_approved,
    )
