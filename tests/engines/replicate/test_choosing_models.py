"""Models of a request's own, what is known of models, and whether Replicate lets this account in."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.version import Kind
from director_lib.engines.catalog import check_model, models_of, references_taken, typical_request
from director_lib.engines.replicate import ReplicateEngine
from director_lib.errors import ConfigError, EngineBusyError, EngineError, InputError
from tests.engines.fakes.replicate.media import picture_bytes
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeEngine, MakeOrder

KLING = "kwaivgi/kling-v2.5-turbo-pro"
BANANA = "google/nano-banana"


def test_an_order_goes_to_the_model_of_its_request(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    engine.submit(clip_order(model=KLING))
    assert fake.last["model"] == KLING
    engine.submit(clip_order("task-1:2"))
    assert fake.last["model"] == "bytedance/seedance-1-pro"


def test_inputs_of_the_usual_model_do_not_go_to_another(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    engine = make_engine(video_input={"resolution": "480p"})
    engine.submit(clip_order())
    assert fake.last["input"]["resolution"] == "480p"
    engine.submit(clip_order("task-1:2", model=KLING))
    assert "resolution" not in fake.last["input"]


def test_an_orphan_of_the_requests_model_is_found(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    order = clip_order(model=KLING)
    remote_id = engine.submit(order)
    assert engine.find_orphan(order) == remote_id


def test_a_still_of_another_model_is_fetched_and_billed_as_a_still(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder, tmp_path: Path
) -> None:
    fake.output = picture_bytes()
    remote_id = engine.submit(still_order(model=BANANA))
    while not engine.poll(remote_id).has_ended:
        pass
    made = engine.fetch(remote_id, tmp_path)
    assert (made.model, made.cost_usd) == (BANANA, 0.039)
    assert engine.poll(remote_id).billed_usd == 0.039


@pytest.mark.parametrize(("output", "billed_usd"), [("a.png", 0.25), (["b.webp?x=1"], 0.25), ("c.mp4", 5.0)])
def test_what_an_unknown_model_made_is_told_by_its_file(
    engine: ReplicateEngine, finish, output: object, billed_usd: float
) -> None:
    remote_id = finish(model="studio/unheard-of", output=output, input={"prompt": "a"}, metrics={})
    assert engine.poll(remote_id).billed_usd == billed_usd


def test_the_price_is_that_of_the_requests_model(engine: ReplicateEngine) -> None:
    assert engine.price_usd(typical_request("replicate", Kind.VIDEO)) == pytest.approx(0.30)
    assert engine.price_usd(typical_request("replicate", Kind.VIDEO, KLING)) == pytest.approx(0.35)
    offered = {model.name: model for model in models_of(engine, Kind.VIDEO)}
    assert offered[KLING].usd == pytest.approx(0.07)
    assert offered[KLING].longest_s == 10
    assert next(iter(offered.values())).is_default


def test_only_models_of_the_kind_are_offered(engine: ReplicateEngine) -> None:
    clips, stills = (
        {model.name for model in models_of(engine, kind)} for kind in (Kind.VIDEO, Kind.KEYFRAME)
    )
    assert BANANA in stills
    assert KLING in clips
    assert not clips & stills


def test_stills_take_references_where_the_model_does_and_clips_never(engine: ReplicateEngine) -> None:
    assert references_taken(engine, typical_request("replicate", Kind.KEYFRAME)) == 0
    assert references_taken(engine, typical_request("replicate", Kind.KEYFRAME, BANANA)) >= 2
    assert references_taken(engine, typical_request("replicate", Kind.KEYFRAME, "studio/unheard-of")) >= 1
    assert references_taken(engine, typical_request("replicate", Kind.VIDEO, KLING)) == 0


@pytest.mark.parametrize(
    ("kind", "model", "why"),
    [
        (Kind.KEYFRAME, KLING, "makes no stills"),
        (Kind.VIDEO, BANANA, "makes no clips"),
        (Kind.VIDEO, "seedance", "no name of a model.*owner and name"),
        (Kind.VIDEO, "a/b/c", "no name of a model"),
    ],
)
def test_a_model_that_cannot_work_is_refused_before_anything_is_sent(
    engine: ReplicateEngine, fake: FakeReplicate, kind: Kind, model: str, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        check_model(engine, kind, model)
    assert fake.calls == []


def test_the_settings_model_is_looked_at_too(make_engine: MakeEngine) -> None:
    with pytest.raises(ConfigError, match="makes no clips.*DIRECTOR_REPLICATE_VIDEO_MODEL"):
        check_model(make_engine(video_model=BANANA), Kind.VIDEO, "")
    check_model(make_engine(), Kind.VIDEO, "")
    check_model(make_engine(), Kind.VIDEO, "studio/own-motion:0123456789abcdef")


def test_access_is_one_question_that_costs_nothing(engine: ReplicateEngine, fake: FakeReplicate) -> None:
    assert engine.check_access() == "answers and knows the account studio"
    assert [(call.method, call.path) for call in fake.calls] == [("GET", "/v1/account")]


def test_a_refused_token_and_a_silent_replicate_are_told_apart(
    make_engine: MakeEngine, fake: FakeReplicate
) -> None:
    with pytest.raises(ConfigError, match="refuses the API token"):
        make_engine(token="r8_wrong").check_access()
    with pytest.raises(ConfigError, match="needs an API token"):
        make_engine(token="").check_access()
    with pytest.raises(EngineBusyError, match="cannot be reached"):
        make_engine(base_url="http://127.0.0.1:9").check_access()


def test_nothing_is_made_without_a_job(
    engine: ReplicateEngine, clip_order: MakeOrder, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match="as a job.*Nothing was sent"):
        engine.generate(clip_order().request, tmp_path, keyframe=None, progress=lambda *_: None)
