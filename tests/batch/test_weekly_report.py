from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from director_lib.batch.paper_blocks import Figures, Grid, Paragraph, Picture
from director_lib.batch.weekly_facts import StudioHistory, WeekFacts
from director_lib.batch.weekly_report import week_paper
from director_lib.batch.weeks import Week, find_week
from director_lib.errors import InputError
from director_lib.metrics.frames import BILLS, DECISIONS, TASKS, VERSIONS

BUDAPEST = ZoneInfo("Europe/Budapest")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, tzinfo=BUDAPEST)


def history() -> StudioHistory:
    """Two weeks of one stream: three units, one sent back and made again in the week of 9 November."""
    versions = pd.DataFrame(
        [
            (1, "film", 1, "keyframe", 1, "generated", "google", "imagen", 0.5, MONDAY - timedelta(days=3)),
            (2, "film", 2, "keyframe", 1, "generated", "google", "imagen", 0.25, MONDAY + timedelta(hours=1)),
            (3, "film", 2, "keyframe", 2, "generated", "local", "painter", 0.0, MONDAY + timedelta(days=1)),
            (4, "film", 3, "keyframe", 1, "found", None, None, 0.0, MONDAY + timedelta(days=2)),
        ],
        columns=["version_id", "stream_id", "segment_id", "kind", "attempt", "origin", "engine", "model",
                 "cost_usd", "created_at"],
    )  # fmt: skip
    blank = dict.fromkeys(("image_prompt", "motion_prompt", "task_id"), None)
    versions = versions.assign(**blank, seed=pd.NA, source_version_id=pd.NA)
    decisions = pd.DataFrame(
        [
            (1, 1, 1, 1, "approved", "", "ada", MONDAY - timedelta(minutes=1)),
            (2, 2, 2, 1, "regenerate", "too dark", "dora", MONDAY),
            (3, 2, 3, 2, "approved", "", "ada", MONDAY + timedelta(days=6, hours=23)),
            (4, 3, 4, 1, "approved", "", "ada", MONDAY + timedelta(days=7)),
        ],
        columns=["seq", "segment_id", "version_id", "attempt", "decision", "note", "actor", "decided_at"],
    ).assign(stream_id="film", kind="keyframe", undone_at=pd.NaT)
    decisions["decision_id"] = decisions["seq"]
    return StudioHistory(
        DECISIONS.check(_utc(decisions)),
        VERSIONS.check(_utc(versions)),
        TASKS.empty(),
        _bills(),
        {"film": "The film"},
    )


def _bills() -> pd.DataFrame:
    """Segment 1's clip was billed in this week and the next, segment 9's still at its begin."""
    rows = [
        ("b1", 1, "video", 0.1, MONDAY + timedelta(days=2)),
        ("b2", 9, "keyframe", 0.05, MONDAY),
        ("b3", 1, "video", 7.0, MONDAY + timedelta(days=7)),
    ]
    frame = pd.DataFrame(rows, columns=["task_id", "segment_id", "kind", "billed_usd", "billed_at"])
    instants = pd.to_datetime(frame["billed_at"], utc=True)
    return BILLS.check(frame.assign(stream_id="film", engine="google", billed_at=instants))


def _utc(frame: pd.DataFrame) -> pd.DataFrame:
    named = [name for name in ("decided_at", "undone_at", "created_at") if name in frame]
    return frame.assign(**{name: pd.to_datetime(frame[name], utc=True) for name in named})


def test_a_week_is_what_lies_between_its_mondays_in_the_studios_time() -> None:
    facts = WeekFacts(history(), Week(date(2026, 11, 9), BUDAPEST, NOW))
    assert facts.judged["seq"].tolist() == [2, 3]
    assert (facts.approval.k, facts.approval.n) == (1, 2)
    assert (facts.first_pass.k, facts.first_pass.n) == (0, 1)
    assert facts.again["seq"].tolist() == [2]
    assert facts.made["version_id"].tolist() == [2, 3]
    assert (facts.cost_usd, facts.lost_usd) == (0.4, 0.15000000000000002)
    assert facts.n_open == 1


def test_a_week_costs_what_failed_in_it_too_and_cost_per_segment_is_of_all_so_far() -> None:
    """Segment 1 is approved whole: 0.5 + 0.3 for its versions, 0.1 billed; 2 cost 0.25, 9 was billed 0.05."""
    told = history()
    clip = told.versions.iloc[[0]].assign(version_id=5, kind="video", cost_usd=0.3)
    approval = told.decisions.iloc[[0]].assign(seq=5, decision_id=5, version_id=5, kind="video")
    whole = replace(
        told,
        versions=pd.concat([told.versions, clip], ignore_index=True),
        decisions=pd.concat([told.decisions, approval], ignore_index=True),
    )
    facts = WeekFacts(whole, Week(date(2026, 11, 9), BUDAPEST, NOW))
    # begun are segments 1, 2, 3 and 9
    assert (facts.per_approved.n, facts.per_approved.value) == (4, pytest.approx(1.2))
    assert facts.n_approved == 1
    [figures] = [block for block in week_paper(whole, facts.week).blocks if isinstance(block, Figures)]
    shown = {figure.label: figure for figure in figures.figures}
    assert shown["Cost per approved segment"].value == "$1.20"
    assert shown["Spent"].basis == "on 2 versions, $0.15 on failed ones"
    assert WeekFacts(whole, facts.week.before()).per_approved.value == pytest.approx(0.8)


def test_causes_of_failures_say_what_was_billed_all_the_same() -> None:
    told = history()
    task = {"task_id": "b1", "stream_id": "film", "segment_id": 1, "kind": "video", "engine": "google",
            "state": "failed", "error_code": "", "queued_at": MONDAY, "started_at": MONDAY,
            "ended_at": MONDAY + timedelta(days=2)}  # fmt: skip
    rows = pd.DataFrame([task, task | {"task_id": "b4"}])
    named = ["queued_at", "started_at", "ended_at"]
    failed = TASKS.check(rows.assign(**{name: pd.to_datetime(rows[name], utc=True) for name in named}))
    paper = week_paper(replace(told, tasks=failed), Week(date(2026, 11, 9), BUDAPEST, NOW))
    grids = {block.title: block for block in paper.blocks if isinstance(block, Grid)}
    assert grids["Why tasks failed"].rows == (("google", "not said", "2", "$0.10"),)


def test_one_week_alone_is_told_as_one_and_a_week_without_decisions_says_so() -> None:
    first = week_paper(history(), Week(date(2026, 11, 2), BUDAPEST, NOW))
    second = week_paper(history(), Week(date(2026, 11, 9), BUDAPEST, NOW))
    empty = week_paper(history(), Week(date(2026, 10, 26), BUDAPEST, NOW))
    said = [
        block.words
        for paper in (first, second, empty)
        for block in paper.blocks
        if isinstance(block, Picture)
    ]
    assert said[0].startswith("This week alone. The line is")
    assert said[1].startswith("The 2 weeks up to this one. The band is")
    assert said[2] == "Nobody decided anything until then."


def test_a_past_week_is_reported_as_it_was_known_then() -> None:
    before = WeekFacts(history(), Week(date(2026, 11, 2), BUDAPEST, NOW))
    assert (before.approval.k, before.approval.n, before.n_open) == (1, 1, 0)


def test_the_report_shows_both_weeks_and_the_rows_behind() -> None:
    paper = week_paper(history(), Week(date(2026, 11, 9), BUDAPEST, NOW))
    [figures] = [block for block in paper.blocks if isinstance(block, Figures)]
    told = {figure.label: (figure.value, figure.before) for figure in figures.figures}
    assert told["First-pass approval"] == ("0 %", "the week before: 100 % (21–100 %)")
    assert told["Decisions"] == ("2", "the week before: 1")
    assert told["Spent"] == ("$0.40", "the week before: $0.50")
    grids = {block.title: block for block in paper.blocks if isinstance(block, Grid)}
    assert grids["Segments that were made again most often"].rows == (("The film", "2", "1", "too dark"),)
    assert grids["Streams"].rows[0][:5] == ("The film", "2", "1", "0 %", "0–79 %")
    assert grids["Why tasks failed"].note == "No task failed."
    assert paper.outcome == "2026-W46: 2 decisions, 1 approval, 2 new versions"


def test_the_running_week_says_that_it_is_not_over() -> None:
    running = week_paper(history(), Week(date(2026, 11, 16), BUDAPEST, NOW))
    over = week_paper(history(), Week(date(2026, 11, 9), BUDAPEST, NOW))
    assert [isinstance(paper.blocks[1], Paragraph) for paper in (running, over)] == [True, False]


def test_a_week_without_anything_has_a_report_that_says_so() -> None:
    nothing = StudioHistory(DECISIONS.empty(), VERSIONS.empty(), TASKS.empty(), BILLS.empty(), {})
    paper = week_paper(nothing, Week(date(2026, 11, 9), BUDAPEST, NOW))
    [figures] = [block for block in paper.blocks if isinstance(block, Figures)]
    assert figures.figures[0].value == "no data"
    assert all(not block.rows for block in paper.blocks if isinstance(block, Grid))


@pytest.mark.parametrize(
    ("name", "monday"),
    [
        ("", (2026, 11, 9)),
        ("2026-W47", (2026, 11, 16)),
        ("2026w01", (2025, 12, 29)),
        ("2020-W53", (2020, 12, 28)),
    ],
)
def test_weeks_are_found_by_their_iso_names(name: str, monday: tuple[int, int, int]) -> None:
    assert find_week(name, "Europe/Budapest", NOW).monday == date(*monday)


@pytest.mark.parametrize("name", ["2026-W54", "2021-W53", "46", "2026-11-09", "2026-W48"])
def test_what_is_no_week_or_has_not_begun_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        find_week(name, "Europe/Budapest", NOW)


def test_a_week_in_which_clocks_change_has_an_hour_more_or_less() -> None:
    spring, autumn = (Week(date(*day), BUDAPEST, NOW) for day in ((2026, 3, 23), (2026, 10, 19)))
    lengths = [(week.window[1].astimezone(UTC) - week.window[0].astimezone(UTC)) for week in (spring, autumn)]
    assert lengths == [timedelta(hours=167), timedelta(hours=169)]


def test_a_week_is_named_as_one_speaks() -> None:
    assert Week(date(2026, 11, 9), BUDAPEST, NOW).words == "9 – 15 November 2026"
    assert Week(date(2026, 11, 30), BUDAPEST, NOW).words == "30 November – 6 December 2026"
