"""The live page's numbers are those of the metric functions, though they are made from counts."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from director_lib.metrics.binned import STAYS
from director_lib.metrics.binned import DurationBins as Counted
from director_lib.metrics.board import BoardSources, make_board, slice_of
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.board_tries import tries_summary
from director_lib.metrics.board_weeks import lasting_trend
from director_lib.metrics.counts import count, slice_counts
from director_lib.metrics.findings import StudioFrames
from director_lib.metrics.frames import check_checkpoints, empty_checkpoints
from director_lib.metrics.incidence import time_to_approval, unit_outcomes
from director_lib.metrics.ratios import ratio
from director_lib.metrics.summary import summarise
from director_lib.metrics.working_time import studio_hours
from tests.metrics.rows import Story, at

ZONE = "Europe/Budapest"
WEEK = 7 * 24 * 60
NOW = at(3 * WEEK)


@pytest.fixture
def story() -> Story:
    told = Story()
    for segment in range(1, 9):
        begun = 60 * segment + WEEK * (segment % 3)
        engine, actor = ("a", "b")[segment % 2], ("dora", "eli")[segment % 2]
        for kind in ("keyframe", "video"):
            first = told.version(segment, begun, kind, engine=engine, cost_usd=0.25, duration_s=4.0)
            told.decide(first, "regenerate" if segment % 3 else "approved", begun + 20, actor=actor)
            if segment % 3 == 1:
                again = told.version(segment, begun + 40, kind, engine=engine, cost_usd=0.25, duration_s=4.0)
                told.decide(again, "approved", begun + 55, actor=actor)
            told.task(begun - 9, begun - 5, begun, "succeeded", kind=kind, engine=engine)
    told.task(5, 6, 9, "failed", engine="a", error_code="timeout")
    told.decide(told.version(9, 3, "keyframe", engine=None, model=None, origin="found"), "approved", 30)
    told.undo(told.decide(told.version(10, 3, "keyframe"), "approved", 33), 34)
    return told


def board_of(story: Story, choice: BoardChoice | None = None, gates: pd.DataFrame | None = None) -> Any:
    chosen = choice or BoardChoice()
    tables = count(story.decisions_frame(), story.versions_frame(), story.tasks_frame(), time_zone=ZONE)
    counts, everybody = (
        slice_counts(tables, slice_of(each, as_of=NOW, time_zone=ZONE))
        for each in (chosen, chosen.everybody())
    )
    sources = BoardSources(counts, everybody, empty_checkpoints() if gates is None else gates)
    board = make_board(sources, chosen, titles={"film": "The film"}, as_of=NOW, time_zone=ZONE)
    return json.loads(json.dumps(board, allow_nan=False))


def cards(board: Any) -> dict[str, Any]:
    return {card["key"]: card for card in board["cards"]}


def test_rates_and_money_equal_the_summary_of_reports_and_command_line(story: Story) -> None:
    frames = StudioFrames(
        story.decisions_frame(), story.versions_frame(), story.tasks_frame(), empty_checkpoints()
    )
    summary = {card.key: card for card in summarise(frames, time_zone=ZONE, as_of=NOW).cards}
    found = cards(board_of(story))
    for key in ("approval_rate", "first_pass", "eventual_approval", "cost_per_segment"):
        assert found[key]["value"] == summary[key].value
        assert found[key]["label"] == summary[key].label
    assert found["eventual_approval"]["basis"] == summary["eventual_approval"].basis
    for key in ("approval_rate", "first_pass"):
        assert (found[key]["interval"], found[key]["basis"]) == (summary[key].interval, summary[key].basis)
    assert float(found["regenerations"]["value"]) == pytest.approx(
        float(summary["regenerations"].value), abs=0.05
    )


def test_times_equal_those_of_single_durations_as_far_as_bins_can_tell(story: Story) -> None:
    curve = board_of(story)["incidence"]
    outcomes = unit_outcomes(story.decisions_frame(), story.versions_frame(), as_of=NOW)
    exact_s = time_to_approval(outcomes, 0.5)
    reached = next(point for point in curve["points"] if point[1] >= 0.5)
    assert exact_s is not None
    assert reached[0] == pytest.approx(exact_s, rel=0.026)
    parts = {(part["kind"], part["part"]): part for part in board_of(story)["parts"]}
    assert parts["keyframe", "queue"]["p50_s"] == pytest.approx(240, rel=0.026)
    assert parts["video", "render"]["p50_s"] == pytest.approx(300, rel=0.026)


def test_medians_by_week_carry_bounds_and_say_when_nothing_ended() -> None:
    story = Story()
    for segment in range(1, 30):
        story.decide(story.version(segment, 0), "approved", 60)
    story.version(30, WEEK)
    tables = count(story.decisions_frame(), story.versions_frame(), story.tasks_frame(), time_zone=ZONE)
    weeks = {
        week: Counted(
            slice_counts(tables, slice_of(BoardChoice(week=week), as_of=NOW, time_zone=ZONE)).durations, NOW
        ).pick(STAYS)
        for week in pd.date_range("2026-03-02", periods=3, freq="7D", unit="us")
    }
    first, open_one, none = lasting_trend(weeks)
    assert first["low"] <= first["value"] <= first["high"]
    assert first["value"] == pytest.approx(3600, rel=0.026)
    assert (open_one["value"], open_one["text"]) == (None, "not yet known")
    assert (none["text"], none["is_running"]) == ("no data", True)


def test_a_person_an_engine_a_kind_and_a_time_narrow_the_numbers(story: Story) -> None:
    whole = cards(board_of(story))
    eli = cards(board_of(story, BoardChoice(actor="eli")))
    engine = cards(board_of(story, BoardChoice(engine="b")))
    clips = cards(board_of(story, BoardChoice(kind="video")))
    week = cards(board_of(story, BoardChoice(weeks=2)))
    assert eli["approval_rate"]["basis"] == engine["approval_rate"]["basis"]
    assert eli["eventual_approval"]["value"] == "–"
    assert engine["cost_per_segment"]["value"] == "–"
    assert engine["cost_per_second"]["value"] != "–"
    assert clips["first_pass"]["basis"] == "n = 8 stills and clips judged"
    assert whole["first_pass"]["basis"] == "n = 17 stills and clips judged"
    assert len(week["first_pass"]["trend"]) == 2
    found = board_of(story, BoardChoice(engine=""))
    assert cards(found)["approval_rate"]["basis"] == "n = 1 decision"
    assert {each["label"] for each in found["choices"]["engines"]} == {"a", "b", "local", "found on disk"}


def test_groups_carry_n_interval_and_what_is_not_enough(story: Story) -> None:
    groups = {group["key"]: group for group in board_of(story)["groups"]}
    engines = {row["label"]: row for row in groups["engine"]["rows"]}
    assert engines["found on disk"]["is_few"] is True
    assert engines["a"]["n"] == 8
    assert engines["a"]["low"] <= engines["a"]["value"] <= engines["a"]["high"]
    assert {row["label"] for row in groups["actor"]["rows"]} == {"dora", "eli"}
    gates = check_checkpoints(
        pd.DataFrame(
            [("film", "spec", at(0), at(9), "approved", "dora"), ("film", "final", at(0), None, None, None)],
            columns=["stream_id", "checkpoint", "entered_at", "decided_at", "decision", "actor"],
        )
    )
    of_gates = {group["key"]: group for group in board_of(story, gates=gates)["groups"]}["checkpoint"]
    assert [(row["key"], row["n"]) for row in of_gates["rows"]] == [
        ("spec", 1),
        ("keyframes", 12),
        ("videos", 11),
    ]
    by_eli = {group["key"]: group for group in board_of(story, BoardChoice(actor="eli"), gates)["groups"]}
    assert "spec" not in [row["key"] for row in by_eli["checkpoint"]["rows"]]


def test_causes_segments_and_tries_are_told(story: Story) -> None:
    board = board_of(story)
    assert [(cause["cause"], cause["n"]) for cause in board["failures"]] == [("timeout", 1)]
    assert board["segments"][0]["again"] == 2
    assert board["segments"][0]["href"].startswith("/s/film/keyframes?segment=")
    assert sum(bar["n"] for bar in board["histogram"]["bars"]) == 10


def test_what_was_taken_back_counts_in_one_number_alone(story: Story) -> None:
    found = cards(board_of(story))
    n = len(story.decisions)
    assert found["undo_rate"]["basis"] == f"n = {n} decisions made"
    assert found["approval_rate"]["basis"] == f"n = {n - 1} decisions"


def test_a_week_is_the_studios_from_monday_to_monday() -> None:
    choice = BoardChoice(week=pd.Timestamp("2026-03-23"))
    since, until = choice.span(pd.Timestamp("2026-04-06"), ZONE)
    assert since is not None
    assert until is not None
    assert (since.hour, until.hour) == (0, 0)
    # the clocks went forward on Sunday, so this week has an hour less
    assert until.timestamp() - since.timestamp() == (7 * 24 - 1) * 3600
    assert BoardChoice().span(pd.Timestamp("2026-04-06"), ZONE) == (None, None)


def test_nothing_at_all_is_no_data_everywhere() -> None:
    board = board_of(Story())
    assert {card["value"] for card in board["cards"]} == {"no data"}
    assert board["incidence"] is board["histogram"] is None
    assert [len(board[name]) for name in ("parts", "failures", "people", "segments")] == [0] * 4


def test_time_per_checkpoint_is_calendar_time_with_working_time_beside_it(story: Story) -> None:
    stays = [
        ("film", "spec", at(0), at(24 * 60 + 30), "approved", "dora"),
        ("film", "final", at(0), None, None, None),
    ]
    columns = ["stream_id", "checkpoint", "entered_at", "decided_at", "decision", "actor"]
    gates = check_checkpoints(pd.DataFrame(stays, columns=columns))
    tables = count(story.decisions_frame(), story.versions_frame(), story.tasks_frame(), time_zone=ZONE)
    counts = slice_counts(tables, slice_of(BoardChoice(), as_of=NOW, time_zone=ZONE))
    sources = BoardSources(counts, counts, gates, hours=studio_hours("Mon-Fri 09:00-17:00", "UTC"))
    board = make_board(sources, BoardChoice(), titles={}, as_of=NOW, time_zone=ZONE)
    rows = {row["checkpoint"]: row for row in board["checkpoints"]}
    assert [*rows] == ["spec", "keyframes", "videos", "final"]
    # from nine on Monday to half past nine on Tuesday
    assert (rows["spec"]["p50"], rows["spec"]["working"]) == ("1 d", "8 h 30 min")
    assert (rows["final"]["p50"], rows["final"]["working"], rows["final"]["n_open"]) == (
        "not yet known",
        "",
        1,
    )
    assert rows["keyframes"]["working"] == ""
    assert board["hours"] == "Mon-Fri 09:00-17:00, UTC"
    assert board_of(story, BoardChoice(actor="dora"), gates)["checkpoints"] == []
    clips = board_of(story, BoardChoice(kind="video"), gates)["checkpoints"]
    assert [(row["checkpoint"], row["working"]) for row in clips] == [("videos", "")]


def test_tries_of_counts_are_those_of_single_segments() -> None:
    again = [0, 0, 0, 1, 1, 2, 5, 9]
    rows = pd.DataFrame({"metric": "regenerations", "kind": "", "bin": again, "n": 1}).astype(
        {"metric": "str", "kind": "str"}
    )
    found = tries_summary(Counted(rows, NOW), BoardChoice())
    mean = ratio(again, [1] * len(again))
    assert (found.mean.value, found.mean.low, found.mean.high) == pytest.approx(
        (mean.value, mean.low, mean.high)
    )
    assert (found.median, found.p90) == (1.0, float(np.quantile(again, 0.9, method="higher")))
