"""One deed on many segments: what is left out is named, and one undo takes all of it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.workbench import Workbench
from director_lib.workbench.bulk import Bulk, Shown
from director_lib.workbench.tasks import Tasks
from tests.workbench.conftest import OpenAs, write_still
from tests.workbench.repairing import PricedEngine, current, finish

STILL = Kind.KEYFRAME


def shown(workbench: Workbench, *segment_ids: int) -> dict[int, Shown]:
    standing = workbench.reviews.standing("film")
    seen = {}
    for number in segment_ids:
        version, decision = standing.version(number, STILL), standing.decision(number, STILL)
        seen[number] = Shown(version.sha256 if version else None, decision.seq if decision else 0)
    return seen


def judge(workbench: Workbench, segment_id: int, decision: DecisionKind) -> None:
    version = current(workbench, STILL, segment_id)
    workbench.reviews.decide("film", STILL, {segment_id: version.sha256}, decision)


def verdicts(workbench: Workbench) -> dict[int, str]:
    standing = workbench.reviews.standing("film")
    return {number: decision.decision.value for (number, _), decision in standing.decisions.items()}


def priced(workbench: Workbench, **settings: object) -> Bulk:
    studio = workbench.studio
    changed = studio.settings.model_copy(update=settings)
    tasks = Tasks(studio.database, changed, studio.actor, studio.clock, engines=lambda *_: PricedEngine())
    return Bulk(studio, workbench.streams, tasks, workbench.comments)


def test_all_that_can_be_approved_is_and_the_rest_is_named(
    director: Workbench, open_as: OpenAs, stream_folder: Path
) -> None:
    judge(director, 1, DecisionKind.APPROVED)
    seen = shown(director, 4, 3, 2, 1)
    judge(open_as("cleo", Role.DIRECTOR), 2, DecisionKind.ADJUST_PROMPT)
    result = director.bulk.approve("film", STILL, seen)
    assert (result.done, result.skipped) == (
        [3],
        [
            (1, "it is approved already"),
            (2, "somebody decided otherwise just now"),
            (4, "it has no keyframe yet"),
        ],
    )
    assert verdicts(director) == {1: "approved", 2: "adjust_prompt", 3: "approved"}


def test_a_still_that_was_replaced_or_is_being_made_is_not_approved_with_the_others(
    director: Workbench, stream_folder: Path
) -> None:
    seen = shown(director, 1, 2, 3)
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "white")
    director.streams.scan("film")
    director.tasks.generate("film", STILL, [2])
    result = director.bulk.approve("film", STILL, seen)
    assert result.done == [3]
    assert result.skipped == [(1, "it is version 2 by now"), (2, "it is being made already")]


def test_one_undo_takes_all_approvals_back_and_one_redo_gives_them_again(director: Workbench) -> None:
    director.bulk.approve("film", STILL, shown(director, 1, 2, 3))
    assert director.reviews.undo() == "approved 3 keyframes"
    assert verdicts(director) == {}
    assert director.reviews.redo() == "approved 3 keyframes"
    assert verdicts(director) == {1: "approved", 2: "approved", 3: "approved"}


def test_nothing_to_approve_is_no_step(director: Workbench) -> None:
    judge(director, 1, DecisionKind.APPROVED)
    assert director.bulk.approve("film", STILL, shown(director, 1)).done == []
    assert director.reviews.undo() == "approved keyframe 1"


def test_what_is_foreseen_is_what_is_done_and_paid(director: Workbench) -> None:
    judge(director, 1, DecisionKind.APPROVED)
    director.tasks.generate("film", STILL, [2])
    bulk = priced(director)
    planned = bulk.foresee("film", STILL, [1, 2, 3, 4], variants=2)
    assert planned.segment_ids == [3, 4]
    assert planned.price_usd == pytest.approx(0.16)
    assert planned.skipped == [(1, "its keyframe is approved"), (2, "it is being made already")]
    result = bulk.regenerate("film", STILL, shown(director, 1, 2, 3, 4), variants=2)
    assert (result.done, result.skipped) == (planned.segment_ids, planned.skipped)
    assert (result.price_usd, len(result.tasks)) == (planned.price_usd, 4)
    assert verdicts(director) == {1: "approved", 3: "regenerate"}


def test_one_undo_stops_all_that_was_queued_and_takes_the_verdicts_back(director: Workbench) -> None:
    before = current(director, STILL, 2)
    result = director.bulk.regenerate("film", STILL, shown(director, 2, 3))
    made = finish(director, result.tasks[0])
    assert current(director, STILL, 2) == made != before
    assert director.reviews.undo() == "regenerated 2 keyframes"
    assert verdicts(director) == {}
    assert current(director, STILL, 2) == before
    assert director.tasks.get(result.tasks[1].id).state is TaskState.CANCELLED


def test_what_somebody_else_judged_meanwhile_is_not_sent_back_with_the_others(
    director: Workbench, open_as: OpenAs
) -> None:
    seen = shown(director, 2, 3)
    colleague = open_as("cleo", Role.DIRECTOR)
    judge(colleague, 2, DecisionKind.APPROVED)
    assert director.bulk.regenerate("film", STILL, seen).skipped == [(2, "its keyframe is approved")]
    assert verdicts(director) == {2: "approved", 3: "regenerate"}


def test_over_the_budget_nothing_at_all_is_queued_or_decided(director: Workbench) -> None:
    bulk = priced(director, budget_stream_usd=0.05)
    with pytest.raises(RuleError):
        bulk.regenerate("film", STILL, shown(director, 2, 3))
    assert (verdicts(director), director.tasks.list()) == ({}, [])


def test_the_same_words_begin_a_thread_at_each_and_one_undo_closes_them(director: Workbench) -> None:
    result = director.bulk.comment("film", STILL, [3, 1, 4, 3], "  Warmer, please. ")
    assert (result.done, result.skipped) == ([1, 3, 4], [])
    said = [director.comments.list("film", number, STILL) for number in (1, 3, 4)]
    assert [[(one.text, one.version_number) for one in thread] for thread in said] == [
        [("Warmer, please.", 1)],
        [("Warmer, please.", 1)],
        [("Warmer, please.", None)],
    ]
    assert director.reviews.undo() == "commented on 3 keyframes"
    closed = [director.comments.list("film", number, STILL)[0] for number in (1, 3, 4)]
    assert all(one.resolved_by == "dora" for one in closed)
    director.reviews.redo()
    assert director.comments.list("film", 1, STILL)[0].resolved_at is None


def test_nothing_is_said_without_words_or_at_a_segment_that_is_not_there(director: Workbench) -> None:
    with pytest.raises(InputError):
        director.bulk.comment("film", STILL, [1], " ")
    with pytest.raises(NotFoundError):
        director.bulk.comment("film", STILL, [1, 9], "Warmer.")
    assert director.comments.list("film", 1, STILL) == []


def test_a_viewer_does_nothing_to_many_either(director: Workbench, open_as: OpenAs) -> None:
    viewer, seen = open_as("vera", Role.VIEWER), shown(director, 1)
    for deed in (viewer.bulk.approve, viewer.bulk.regenerate):
        with pytest.raises(PermissionDeniedError):
            deed("film", STILL, seen)
    with pytest.raises(PermissionDeniedError):
        viewer.bulk.comment("film", STILL, [1], "Warmer.")
