"""The one call that is paid for: what each fault of it means, and that it is never made twice."""

from __future__ import annotations

import socket
import time

import pytest

from director_lib.engines.replicate import ReplicateEngine
from director_lib.engines.replicate.answers import Answer, read_order_id
from director_lib.errors import ConfigError, EngineBusyError, EngineError, OutcomeUnknownError
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeEngine, MakeOrder


def n_orders(fake: FakeReplicate) -> int:
    """How often the paid call reached the provider."""
    return sum(call.method == "POST" and call.path.endswith("/predictions") for call in fake.calls)


@pytest.mark.parametrize("fault", ["reset_after", "500_after", "garbage", "html", "half", "short"])
def test_an_order_that_was_taken_without_saying_so_is_unknown_and_found(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, fault: str
) -> None:
    fake.faults["create"] = [fault]
    order = clip_order()
    with pytest.raises(OutcomeUnknownError, match="may have been taken, and charged"):
        engine.submit(order)
    assert (fake.n_created, n_orders(fake)) == (1, 1)
    assert engine.find_orphan(order) == fake.last["id"]


def test_an_order_whose_answer_never_comes_is_unknown_and_found(
    impatient: ReplicateEngine, engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.faults["create"] = ["hang"]
    order = clip_order()
    with pytest.raises(OutcomeUnknownError, match="no answer in time"):
        impatient.submit(order)
    while not fake.predictions:
        time.sleep(0.01)
    assert (fake.n_created, n_orders(fake)) == (1, 1)
    assert engine.find_orphan(order) == fake.last["id"]


@pytest.mark.parametrize("fault", ["500", "502", "503", "504", "408", "reset_before"])
def test_an_order_that_was_sent_and_not_answered_properly_is_unknown_even_if_it_was_not_taken(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, fault: str
) -> None:
    fake.faults["create"] = [fault]
    order = clip_order()
    with pytest.raises(OutcomeUnknownError):
        engine.submit(order)
    assert (fake.n_created, n_orders(fake)) == (0, 1)
    assert engine.find_orphan(order) is None


def test_too_many_orders_are_told_with_the_time_to_wait(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.faults["create"] = ["429:7"]
    order = clip_order()
    with pytest.raises(EngineBusyError, match="Nothing was charged") as caught:
        engine.submit(order)
    assert caught.value.retry_after_s == 7.0
    assert (fake.n_created, n_orders(fake)) == (0, 1)
    assert engine.submit(order) == fake.last["id"]


def test_nothing_is_charged_when_the_provider_cannot_be_reached(
    make_engine: MakeEngine, clip_order: MakeOrder
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        engine = make_engine(base_url=f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(EngineBusyError, match="cannot be reached. Nothing was charged"):
            engine.submit(clip_order())


def test_nothing_is_charged_when_the_order_itself_was_never_sent() -> None:
    with pytest.raises(EngineBusyError, match="Nothing was charged"):
        read_order_id(Answer(None, was_sent=False), gone="")


@pytest.mark.parametrize("endpoint", ["model", "upload", "create"])
@pytest.mark.parametrize("status", ["401", "403"])
def test_a_refused_token_names_its_setting(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, endpoint: str, status: str
) -> None:
    fake.faults[endpoint] = [status]
    with pytest.raises(ConfigError, match="REPLICATE_API_TOKEN"):
        engine.submit(clip_order())
    assert fake.n_created == 0


def test_a_wrong_token_is_told_apart_from_everything_else(
    make_engine: MakeEngine, clip_order: MakeOrder
) -> None:
    with pytest.raises(ConfigError, match="REPLICATE_API_TOKEN"):
        make_engine(token="r8_wrong").submit(clip_order())


def test_an_empty_account_is_told_with_where_to_add_credit(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.faults["create"] = ["402"]
    with pytest.raises(EngineError, match="Nothing was charged. Add credit at") as caught:
        engine.submit(clip_order())
    assert not isinstance(caught.value, EngineBusyError | OutcomeUnknownError)


def test_an_input_that_the_model_refuses_is_told_in_the_providers_words(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    with pytest.raises(EngineError, match=r"input\.resolution: must be one of .*Nothing was charged"):
        make_engine(video_input={"resolution": "9p"}).submit(clip_order())
    assert (fake.n_created, n_orders(fake)) == (0, 1)


@pytest.mark.parametrize("status", ["400", "405", "410", "413", "415"])
def test_other_refusals_are_final_and_cost_nothing(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, status: str
) -> None:
    fake.faults["create"] = [status]
    with pytest.raises(EngineError, match="Nothing was charged") as caught:
        engine.submit(clip_order())
    assert not isinstance(caught.value, EngineBusyError | OutcomeUnknownError)


def test_a_redirection_names_the_setting_of_the_address(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.faults["model"] = ["301"]
    with pytest.raises(EngineError, match="DIRECTOR_REPLICATE_BASE_URL"):
        engine.submit(clip_order())
