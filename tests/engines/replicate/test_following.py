"""Polling and stopping."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from director_lib.engines.remote import RemoteState
from director_lib.engines.replicate import ReplicateEngine
from director_lib.errors import ConfigError, EngineBusyError, EngineError
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeEngine, MakeOrder

Finish = Callable[..., str]


def test_a_job_is_followed_from_waiting_to_its_end(engine: ReplicateEngine, clip_order: MakeOrder) -> None:
    remote_id = engine.submit(clip_order(duration_s=5, height=720))
    seen = [engine.poll(remote_id) for _ in range(3)]
    assert [status.state for status in seen] == [
        RemoteState.WAITING,
        RemoteState.RUNNING,
        RemoteState.SUCCEEDED,
    ]
    assert [status.percent for status in seen] == [None, 40.0, 100.0]
    assert seen[1].log[:2] == ("Using seed: 7", "loading")
    assert [status.billed_usd for status in seen] == [None, None, pytest.approx(0.30)]
    assert seen[2].has_ended


def test_the_last_percent_of_a_line_that_is_written_over_counts(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    remote_id = engine.submit(clip_order())
    logs = "start\n  5%|▌    | 1/20\r 50%|█████| 10/20\r130%|███████| 26/20"
    fake.predictions[remote_id] |= {"status": "processing", "logs": logs, "held": True}
    status = engine.poll(remote_id)
    assert status.percent == 100.0
    assert len(status.log) == 4


def test_a_failure_is_told_in_the_models_words_with_what_to_do(
    engine: ReplicateEngine, finish: Finish
) -> None:
    status = engine.poll(finish("failed", error="CUDA out of memory", output=None))
    assert status.state is RemoteState.FAILED
    assert "“CUDA out of memory”" in status.message
    assert "Retry the task" in status.message
    assert status.billed_usd is None


def test_a_refusal_by_the_models_filter_asks_for_another_prompt(
    engine: ReplicateEngine, finish: Finish
) -> None:
    error = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
    status = engine.poll(finish("failed", error=error, output=None))
    assert status.message.startswith("The model's filter refused it")
    assert "Change the prompt or the keyframe" in status.message


def test_a_job_that_was_stopped_before_it_began_was_not_charged(
    engine: ReplicateEngine, finish: Finish
) -> None:
    status = engine.poll(finish("aborted", output=None))
    assert (status.state, status.billed_usd) == (RemoteState.CANCELLED, 0.0)
    assert "nothing was charged" in status.message


def test_a_job_that_was_stopped_while_it_ran_may_have_been_charged(
    engine: ReplicateEngine, finish: Finish
) -> None:
    status = engine.poll(finish("canceled", output=None))
    assert (status.state, status.billed_usd) == (RemoteState.CANCELLED, None)
    assert "may have been charged" in status.message


@pytest.mark.parametrize(
    ("fields", "state"),
    [({}, RemoteState.FAILED), ({"completed_at": None}, RemoteState.RUNNING)],
    ids=["ended", "going on"],
)
def test_a_state_of_the_future_has_ended_when_the_record_says_so(
    engine: ReplicateEngine, finish: Finish, fields: dict[str, None], state: RemoteState
) -> None:
    assert engine.poll(finish("rerouted", output=None, held=True, **fields)).state is state


@pytest.mark.parametrize("fault", ["500", "429:4", "garbage", "html", "half", "reset_before", "reset_after"])
def test_a_job_that_cannot_be_asked_for_now_is_not_lost(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, fault: str
) -> None:
    remote_id = engine.submit(clip_order())
    fake.faults["poll"] = [fault]
    with pytest.raises(EngineBusyError):
        engine.poll(remote_id)
    assert not engine.poll(remote_id).has_ended


def test_a_job_that_hangs_is_not_waited_for(
    impatient: ReplicateEngine, engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    remote_id = engine.submit(clip_order())
    fake.faults["poll"] = ["hang"]
    with pytest.raises(EngineBusyError):
        impatient.poll(remote_id)


def test_an_unknown_job_is_told(engine: ReplicateEngine) -> None:
    with pytest.raises(EngineError, match="does not know this order any more") as caught:
        engine.poll("../../account")
    assert not isinstance(caught.value, EngineBusyError)


def test_a_running_job_is_stopped(engine: ReplicateEngine, clip_order: MakeOrder) -> None:
    remote_id = engine.submit(clip_order())
    engine.cancel(remote_id)
    assert engine.poll(remote_id).state is RemoteState.CANCELLED
    engine.cancel(remote_id)


def test_stopping_what_has_ended_or_is_unknown_does_nothing(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish
) -> None:
    remote_id = finish()
    fake.faults["cancel"] = ["", "422", "409"]
    for _ in range(3):
        engine.cancel(remote_id)
    engine.cancel("nobody")
    assert engine.poll(remote_id).state is RemoteState.SUCCEEDED


@pytest.mark.parametrize("fault", ["500", "429", "reset_before", "reset_after"])
def test_a_job_that_cannot_be_stopped_now_is_told(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, fault: str
) -> None:
    remote_id = engine.submit(clip_order())
    fake.faults["cancel"] = [fault]
    with pytest.raises(EngineBusyError):
        engine.cancel(remote_id)
    engine.cancel(remote_id)


def test_a_running_job_whose_stop_is_refused_is_told(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    remote_id = engine.submit(clip_order())
    fake.faults["cancel"] = ["422"]
    with pytest.raises(EngineError):
        engine.cancel(remote_id)


def test_polling_with_a_refused_token_names_its_setting(make_engine: MakeEngine) -> None:
    stranger = make_engine(token="r8_wrong")
    for call in (stranger.poll, stranger.cancel):
        with pytest.raises(ConfigError, match="REPLICATE_API_TOKEN"):
            call("any")
