"""A first spec for money: written by the story's own words, paid once, within the budgets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from director_lib.domain.people import Actor, Role
from director_lib.domain.spec_state import StateOrigin
from director_lib.domain.story_match import find_differences
from director_lib.domain.task import TaskState
from director_lib.engines.google.texts import GoogleTextEngine
from director_lib.errors import ConfigError, PermissionDeniedError, RuleError, StaleWriteError
from director_lib.store.overview import spend_by_stream
from director_lib.store.tasks import committed_usd
from director_lib.tasks import spec_call, spec_job
from director_lib.workbench import Workbench
from tests.tasks.paid_specs import STREAM, PaidStudio, google, paid

__all__ = ["google", "paid"]


class Death(BaseException):
    """The end of the worker."""


def test_the_spec_is_written_with_the_storys_own_words_and_is_a_state_that_undo_takes_back(
    paid: PaidStudio,
) -> None:
    done = paid.made()
    assert (done.state, done.error_message) == (TaskState.SUCCEEDED, None)
    assert done.result is not None
    assert done.result["segments"] == 3
    made = paid.workbench.streams.get(STREAM)
    assert find_differences(made) == []
    assert [section.text for section in made.sections] == [
        "The lighthouse stood above the sea.",
        "An old keeper lit the lamp. Nobody came.",
        "Then winter came.",
    ]
    assert made.palette == {"lamp": "#f0b35a"}
    assert made.segments[0].duration_s == 6
    newest = paid.workbench.specs.states(STREAM)[0]
    assert (newest.origin, newest.actor) == (StateOrigin.DRAFTED, "dora")
    paid.workbench.reviews.undo()
    assert not paid.spec_file.exists()


def test_google_gets_the_story_and_the_brief_and_never_the_customer(paid: PaidStudio) -> None:
    paid.made()
    [seen] = paid.google.seen
    told = json.dumps(seen.body, ensure_ascii=False)
    assert "[4] Then winter came." in told
    assert "Brief, tone: quiet" in told
    assert "Secret" not in told


def test_what_google_counted_is_billed_and_stands_in_the_spend_of_stream_and_day(paid: PaidStudio) -> None:
    offer = paid.workbench.specs.drafting(paid.workbench.streams.get(STREAM)).offer
    assert offer is not None
    task = paid.order()
    promised = paid.workbench.tasks.spend(STREAM)
    assert (promised.promised_usd, promised.total.total_usd) == (offer.usd, 0.0)
    paid.work()
    receipt = paid.receipt(task)
    assert (receipt.state, receipt.billed_usd) == ("succeeded", pytest.approx(0.0165))
    spend = paid.workbench.tasks.spend(STREAM)
    assert (spend.total.billed_usd, spend.today.billed_usd, spend.promised_usd) == (0.0165, 0.0165, 0.0)
    with paid.workbench.studio.database.read() as connection:
        assert spend_by_stream(connection) == {STREAM: pytest.approx(0.0165)}
        assert committed_usd(connection, stream_id=STREAM) == pytest.approx(0.0165)


@pytest.mark.parametrize("budget", ["budget_day_usd", "budget_stream_usd"])
def test_what_is_over_a_budget_is_not_queued(paid: PaidStudio, budget: str) -> None:
    settings = paid.settings.model_copy(update={budget: 0.01})
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR)) as poor:
        with pytest.raises(RuleError, match="left to spend"):
            poor.specs.draft(STREAM, engine="google")
        assert poor.stream_tasks.list() == []
        assert poor.tasks.spend(STREAM).promised_usd == 0.0


def test_a_promise_counts_against_the_next_one(paid: PaidStudio) -> None:
    task = paid.order()
    assert paid.order().id == task.id
    price_usd = paid.receipt(task).estimated_usd
    paid.workbench.stream_tasks.cancel(task.id)
    assert (paid.receipt(task).state, paid.receipt(task).billed_usd) == ("unspent", 0.0)
    settings = paid.settings.model_copy(update={"budget_stream_usd": price_usd})
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR)) as exact:
        exact.stream_tasks.retry(task.id)
        assert exact.tasks.spend(STREAM).promised_usd == pytest.approx(price_usd)


def test_after_a_death_during_the_call_the_outcome_is_unknown_and_nothing_is_asked_again(
    paid: PaidStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: Any) -> None:
        raise Death

    task = paid.order()
    with monkeypatch.context() as dying:
        dying.setattr(GoogleTextEngine, "write", die)
        with pytest.raises(Death):
            paid.work()
    assert paid.receipt(task).state == "started"
    abandon(paid)
    paid.work()
    ended = paid.workbench.stream_tasks.get(task.id)
    assert (ended.state, ended.error_code) == (TaskState.UNKNOWN, "outcome_unknown")
    assert (paid.google.n_made, paid.receipt(task).state) == (0, "unknown")
    spend = paid.workbench.tasks.spend(STREAM)
    assert spend.total.unknown_usd == paid.receipt(task).estimated_usd == spend.today.unknown_usd
    again = paid.workbench.stream_tasks.retry(task.id)
    paid.work()
    assert paid.workbench.stream_tasks.get(again.id).state is TaskState.SUCCEEDED
    assert paid.google.n_made == 1


@pytest.mark.parametrize("where", ["before the receipt is closed", "before the file", "after the file"])
def test_what_was_paid_for_is_used_after_a_death(
    paid: PaidStudio, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    task = paid.order()
    with monkeypatch.context() as dying:
        kill_at(dying, where)
        with pytest.raises(Death):
            paid.work()
    abandon(paid)
    paid.work()
    done = paid.workbench.stream_tasks.get(task.id)
    assert (done.state, done.error_message) == (TaskState.SUCCEEDED, None)
    assert (paid.google.n_made, paid.receipt(task).state) == (1, "succeeded")
    assert len(paid.workbench.streams.get(STREAM).segments) == 3


def test_another_spec_is_never_overwritten_and_nothing_is_paid_for_it(paid: PaidStudio) -> None:
    task = paid.order()
    paid.spec_file.write_text('{"segments": [{"id": 1, "image_prompt": "mine"}]}')
    paid.work()
    refused = paid.workbench.stream_tasks.get(task.id)
    assert (refused.state, refused.error_code) == (TaskState.FAILED, "stale_write")
    assert (paid.google.seen, paid.receipt(task).billed_usd) == ([], 0.0)
    with pytest.raises(StaleWriteError):
        paid.workbench.stream_tasks.retry(task.id)


def test_a_spec_that_came_during_the_call_stays(paid: PaidStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = GoogleTextEngine.write

    def write(engine: GoogleTextEngine, *given: Any) -> Any:
        paid.spec_file.write_text('{"segments": [{"id": 1, "image_prompt": "mine"}]}')
        return asked(engine, *given)

    monkeypatch.setattr(GoogleTextEngine, "write", write)
    assert paid.made().error_code == "stale_write"
    assert "mine" in paid.spec_file.read_text()


def test_only_who_may_edit_and_spend_orders_one(paid: PaidStudio) -> None:
    for role in (Role.VIEWER, Role.ANALYST):
        with (
            Workbench.open(paid.settings, Actor("rita", role)) as other,
            pytest.raises(PermissionDeniedError),
        ):
            other.specs.draft(STREAM, engine="google")


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("gemini-2.5-flash", "gemini-3.8-flash"),
        ("gemini-nano-banana-2.1", "no text"),
        ("not a model", "no name"),
    ],
)
def test_a_retired_model_says_which_to_use_and_nothing_is_queued(
    paid: PaidStudio, model: str, told: str
) -> None:
    settings = paid.settings.model_copy(update={"google_spec_model": model})
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR)) as odd:
        with pytest.raises(ConfigError, match=told):
            odd.specs.draft(STREAM, engine="google")
        assert odd.stream_tasks.list() == []


def kill_at(dying: pytest.MonkeyPatch, where: str) -> None:
    def die(*_given: Any, **_more: Any) -> Any:
        raise Death

    if where == "before the receipt is closed":
        dying.setattr(spec_call, "close_receipt", die)
    elif where == "before the file":
        dying.setattr(spec_job, "save_spec_as", die)
    else:
        saved = spec_job.save_spec_as

        def save_and_die(*given: Any) -> Any:
            saved(*given)
            raise Death

        dying.setattr(spec_job, "save_spec_as", save_and_die)


def abandon(paid: PaidStudio) -> None:
    from director_lib.store.stream_claims import abandon_stream_tasks

    with paid.workbench.studio.database.write() as connection:
        assert abandon_stream_tasks(connection, "one") == 1
