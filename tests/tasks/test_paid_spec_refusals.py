"""A first spec for money that does not come: why, what it cost, and that nothing was changed."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.domain.task import TaskState
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.server import Mischief
from tests.tasks.paid_specs import PaidStudio, google, paid, plan, segment

__all__ = ["google", "paid"]

BARE = {"usageMetadata": {"promptTokenCount": 9}}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answers.blocked("PROHIBITED_CONTENT"), "refused the story before it wrote"),
        (BARE, "without a text and without a reason"),
        (answers.text_answer(plan(), finishReason="SAFETY"), "withholds the text"),
        (answers.text_answer(plan(), finishReason="RECITATION"), "too close to an existing work"),
        (answers.text_answer('{"segments": [', finishReason="MAX_TOKENS"), "half a spec is none"),
        (answers.text_answer("", finishReason="OTHER"), "stopped before the spec was finished"),
        (answers.text_answer("", finishReason="STOP"), "nothing at all"),
        (answers.text_answer('Sure! {"segments": ['), "wrote no JSON"),
        (answers.text_answer("[1, 2]"), "no object"),
    ],
)
def test_each_way_without_a_spec_has_its_words_its_cost_and_changes_nothing(
    paid: PaidStudio, answer: dict[str, Any], told: str
) -> None:
    paid.google.text_answer = answer
    failed = paid.made()
    assert (failed.state, failed.error_code) == (TaskState.FAILED, "engine")
    assert told in str(failed.error_message)
    assert "Nothing was changed" in str(failed.error_message)
    receipt = paid.receipt(failed)
    assert receipt.state == "refused"
    assert receipt.billed_usd is not None
    assert receipt.billed_usd > 0
    assert not paid.spec_file.exists()


@pytest.mark.parametrize(
    "segments",
    [
        (segment(1), segment(1), segment(4)),
        (segment(3), segment(2), segment(4)),
        (segment(1), segment(3)),
        (segment(2), segment(9)),
        (segment(0), segment(4)),
        (segment(1), segment(4, image_prompt="  ")),
        (segment(1), segment(4, motion_prompt=7)),
        (segment(1), segment("4")),
        (segment(4, duration_s=True),),
        (segment(4, title="x" * 5000),),
    ],
    ids=[
        "empty run",
        "backwards",
        "too short",
        "too far",
        "from 0",
        "bare",
        "number",
        "text",
        "flag",
        "long",
    ],
)
def test_a_plan_that_is_not_the_story_is_paid_and_never_written(
    paid: PaidStudio, segments: tuple[dict[str, Any], ...]
) -> None:
    paid.google.text_answer = answers.text_answer(plan(*segments))
    failed = paid.made()
    assert (failed.state, failed.error_code) == (TaskState.FAILED, "engine")
    assert "no usable spec" in str(failed.error_message)
    assert paid.receipt(failed).state == "succeeded"
    assert not paid.spec_file.exists()


def test_a_plan_without_segments_is_refused(paid: PaidStudio) -> None:
    paid.google.text_answer = answers.text_answer(plan() | {"segments": []})
    assert "no segments" in str(paid.made().error_message)


def test_a_duration_out_of_range_is_brought_into_it(paid: PaidStudio) -> None:
    paid.google.text_answer = answers.text_answer(plan(segment(2, duration_s=400), segment(4, duration_s=0)))
    assert paid.made().state is TaskState.SUCCEEDED
    assert [one.duration_s for one in paid.workbench.streams.get("fresh").segments] == [15, 2]


@pytest.mark.parametrize(
    "reply",
    [answers.quota(), answers.refusal(503, "UNAVAILABLE", "Later."), answers.refusal(500, "INTERNAL", "Oh.")],
)
def test_it_is_asked_again_when_nothing_was_charged(paid: PaidStudio, reply: answers.Reply) -> None:
    paid.google.refuse_next(reply)
    done = paid.made()
    assert (done.state, paid.google.n_made) == (TaskState.SUCCEEDED, 1)


def test_a_google_that_never_has_time_is_asked_three_times_and_costs_nothing(paid: PaidStudio) -> None:
    for _ in range(4):
        paid.google.refuse_next(answers.quota())
    failed = paid.made()
    assert (failed.state, failed.error_code) == (TaskState.FAILED, "engine_busy")
    assert len(paid.google.seen) == 3
    assert (paid.receipt(failed).state, paid.receipt(failed).billed_usd) == ("unspent", 0.0)


@pytest.mark.parametrize(
    "mischief", [Mischief("reset", after_making=True), Mischief("reply", True, answers.page(502))]
)
def test_a_call_that_breaks_off_is_unknown_and_not_repeated(paid: PaidStudio, mischief: Mischief) -> None:
    paid.google.mischief.append(mischief)
    ended = paid.made()
    assert (ended.state, ended.error_code) == (TaskState.UNKNOWN, "outcome_unknown")
    assert (paid.google.n_made, paid.receipt(ended).state) == (1, "unknown")


def test_silence_ends_with_the_time_and_is_unknown(paid: PaidStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from director_lib.engines.registry import google_options
    from director_lib.tasks import spec_call

    monkeypatch.setattr(
        spec_call, "google_options", lambda told: replace(google_options(told), text_timeout_s=0.3)
    )
    paid.google.mischief.append(Mischief("silence", after_making=True))
    assert paid.made().state is TaskState.UNKNOWN


def test_a_refused_or_missing_key_costs_nothing_and_names_the_variable(
    paid: PaidStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("AIza-wrong", ""):
        monkeypatch.setenv("GOOGLE_AI_API_KEY", key)
        failed = paid.made()
        assert (failed.state, failed.error_code) == (TaskState.FAILED, "config")
        assert "GOOGLE_AI_API_KEY" in str(failed.error_message)
        assert paid.receipt(failed).billed_usd == 0.0


def test_a_model_that_is_gone_names_the_setting_and_costs_nothing(paid: PaidStudio) -> None:
    paid.google.refuse_next(answers.refusal(404, "NOT_FOUND", "models/x is not found."))
    failed = paid.made()
    assert "does not know the model" in str(failed.error_message)
    assert paid.receipt(failed).state == "unspent"
