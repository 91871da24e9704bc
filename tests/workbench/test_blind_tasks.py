"""Rows of tasks tell nothing by which the engines of versions to be chosen from blind could be told apart."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.metrics.board_choice import BoardChoice
from director_lib.pages.desk_state import read_tasks
from director_lib.pages.queue_reasons import QueueStanding
from director_lib.pages.queue_standing import read_standing
from director_lib.pages.task_rows import Window, read_board
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.queue_order import list_queue
from director_lib.store.tasks import Outcome, report_progress, start
from director_lib.store.tasks import finish as close
from director_lib.store.variant_sets import list_sets
from director_lib.workbench import Workbench
from director_lib.workbench.insight_rows import RowsWanted, read_rows
from tests.workbench.repairing import finish
from tests.workbench.test_blind_everywhere import ARMS

TIMES = ("started_at", "ended_at")


@pytest.fixture
def asked(director: Workbench) -> list[Task]:
    """The two tasks of a set that is to be chosen from blind, by engines that took some seconds before."""
    for engine_arm in ARMS:
        director.tasks.generate("film", Kind.KEYFRAME, [1], variants=2, arms=(engine_arm, engine_arm))
    for task in queued(director):
        finish(director, task)
    director.tasks.generate("film", Kind.KEYFRAME, [3], variants=2, arms=ARMS, blind=True)
    return queued(director)


def queued(director: Workbench) -> list[Task]:
    with director.studio.database.read() as connection:
        return list_queue(connection)


def rows(director: Workbench, tasks: list[Task]) -> list[dict[str, Any]]:
    shown = read_board(director, Window(ended=50)).rows
    return [shown[task.id] for task in tasks]


def took(director: Workbench) -> set[tuple[str, str]]:
    """Return what the rows behind numbers say of how long they waited and took."""
    table = read_rows(director.studio, RowsWanted("tasks", BoardChoice(stream_id="film")), {})
    return {(row["waited"], row["took"]) for row in table["rows"] if "segment=3" in row["href"]}


def test_how_long_they_took_is_told_when_somebody_chose(director: Workbench, asked: list[Task]) -> None:
    made = [finish(director, task) for task in asked]
    for row in rows(director, asked):
        assert (row["started_at"], row["ended_at"], row["eta_s"], row["percent"]) == (None, None, None, 100.0)
    listed = [director.tasks.get(task.id) for task in asked] + director.tasks.list(limit=2)
    assert {getattr(task, name) for task in listed for name in TIMES} == {None}
    assert took(director) == {("", "")}
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    director.variants.pick(found.id, made[1].id)
    assert all(row[name] for row in rows(director, asked) for name in TIMES)
    assert all(director.tasks.get(task.id).ended_at for task in asked)
    assert ("", "") not in took(director)


def test_how_far_they_are_is_not_told_either(director: Workbench, asked: list[Task]) -> None:
    with director.studio.database.write() as connection:
        for task, phase in zip(asked, ("painting", "asking google"), strict=True):
            start(connection, task.id, director.studio.clock())
            report_progress(connection, task.id, phase, 40.0)
    told = [{name: row[name] for name in ("phase", "percent", "eta_s", "price_usd", "worker", *TIMES)}
            for row in rows(director, asked)]  # fmt: skip
    assert told[0] == told[1]
    assert (told[0]["phase"], told[0]["percent"], told[0]["eta_s"]) == ("being made", 0.0, None)


def test_a_card_of_the_desk_shows_no_more_of_it(director: Workbench, asked: list[Task]) -> None:
    with director.studio.database.write() as connection:
        start(connection, asked[1].id, director.studio.clock())
        report_progress(connection, asked[1].id, "asking google", 40.0)
    with director.studio.database.read() as connection:
        [chip] = read_tasks(director, connection, "film", Kind.KEYFRAME).values()
        [found] = list_sets(connection, "film", 3, Kind.KEYFRAME)
    prices = [task.price_usd for task in found.tasks]
    assert len({*prices}) == 2
    assert (chip["phase"], chip["percent"], chip["eta_s"]) == ("being made", 0.0, None)
    assert chip["price_usd"] == pytest.approx(sum(prices) / 2)


def test_what_waits_says_neither_when_it_is_done_nor_what_for(
    director: Workbench, asked: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_two_places(*given: Any) -> QueueStanding:
        return replace(read_standing(*given), slots=2)

    # as if a worker was there: without one, nobody could say when anything is done
    monkeypatch.setattr("director_lib.pages.task_rows.read_standing", with_two_places)
    for row in rows(director, asked):
        assert (row["reason"], row["again_at"], row["eta_s"]) == ("waits for its turn", None, None)


def test_whose_account_to_look_into_is_not_told_in_its_row(director: Workbench, asked: list[Task]) -> None:
    now = director.studio.clock()
    with director.studio.database.write() as connection:
        tag = open_attempt(connection, start(connection, asked[1].id, now), now)
        close_attempt(connection, tag, billed_usd=None, ended_at=now, state="unknown")
        close(connection, asked[1].id, Outcome(TaskState.UNKNOWN, now, error_message="google hung up"))
    [outcome] = director.tasks.unknown()
    assert "google" in outcome.advice
    [row] = rows(director, asked[1:])
    assert (row["state"], row["advice"]) == ("unknown", "")
    assert "google" not in json.dumps(row)
