"""Both of Google's engines behind one name, with a model of the request's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.version import Kind
from director_lib.engines.catalog import check_model, models_of, references_taken, typical_request
from director_lib.engines.google import GoogleEngine
from director_lib.engines.google.models import DEFAULT_IMAGE_MODEL, DEFAULT_VIDEO_MODEL
from director_lib.engines.remote import RemoteState
from director_lib.errors import ConfigError, EngineBusyError, EngineError, InputError
from tests.engines.fakes.google.answers import quota, refusal
from tests.engines.fakes.google.server import GoogleServer
from tests.engines.google.conftest import MakeOptions, MakeOrder

OTHER_IMAGE_MODEL, OTHER_VIDEO_MODEL = "gemini-3-pro-image", "gemini-omni-1.1-flash"


@pytest.fixture
def engine(make_options: MakeOptions) -> GoogleEngine:
    return GoogleEngine(make_options())


def test_a_still_is_drawn_by_the_model_of_the_request(
    engine: GoogleEngine, google: GoogleServer, make_still_request, reference_files, tmp_path: Path
) -> None:
    request = make_still_request(model=OTHER_IMAGE_MODEL)
    made = engine.generate(request, tmp_path, progress=lambda *_: None, references=reference_files)
    assert made.path.is_file()
    assert google.seen[-1].path == f"/v1/models/{OTHER_IMAGE_MODEL}:generateContent"
    assert len(google.seen[-1].body["contents"][0]["parts"]) == 3
    engine.generate(make_still_request(), tmp_path, progress=lambda *_: None)
    assert google.seen[-1].path == f"/v1/models/{DEFAULT_IMAGE_MODEL}:generateContent"


def test_a_clip_is_ordered_from_the_model_of_the_request_and_brought_home(
    engine: GoogleEngine, google: GoogleServer, make_order: MakeOrder, tmp_path: Path
) -> None:
    remote_id = engine.submit(make_order(model=OTHER_VIDEO_MODEL))
    assert google.seen[-1].body["model"] == OTHER_VIDEO_MODEL
    assert engine.poll(remote_id).state is RemoteState.RUNNING
    google.finish(remote_id)
    assert engine.fetch(remote_id, tmp_path).model == OTHER_VIDEO_MODEL
    engine.submit(make_order())
    assert google.seen[-1].body["model"] == DEFAULT_VIDEO_MODEL


def test_a_clip_is_cancelled_and_never_found_by_its_order(
    engine: GoogleEngine, google: GoogleServer, make_order: MakeOrder
) -> None:
    remote_id = engine.submit(make_order())
    engine.cancel(remote_id)
    assert google.jobs[remote_id]["status"] == "cancelled"
    assert engine.find_orphan(make_order()) is None


@pytest.mark.parametrize(
    ("kind", "other"), [(Kind.KEYFRAME, OTHER_IMAGE_MODEL), (Kind.VIDEO, OTHER_VIDEO_MODEL)]
)
def test_the_price_is_that_of_the_requests_model(engine: GoogleEngine, kind: Kind, other: str) -> None:
    usual = engine.price_usd(typical_request("google", kind))
    dearer = engine.price_usd(typical_request("google", kind, other))
    assert 0 < usual < dearer
    offered = {model.name: model for model in models_of(engine, kind)}
    n_paid = 1 if kind is Kind.KEYFRAME else 5
    assert offered[other].usd * n_paid == pytest.approx(dearer)
    assert not offered[other].is_guess


def test_pictures_that_go_along_cost_a_little(engine: GoogleEngine, make_still_request) -> None:
    alone, along = make_still_request(), make_still_request(reference_sha256s=("a", "b"))
    assert engine.price_usd(alone) < engine.price_usd(along)


def test_the_model_in_use_is_offered_first_and_told_as_such(make_options: MakeOptions) -> None:
    engine = GoogleEngine(make_options(video_model="gemini-omni-9"))
    first, *others = models_of(engine, Kind.VIDEO)
    assert (first.name, first.is_default, first.is_guess, first.longest_s) == (
        "gemini-omni-9",
        True,
        True,
        None,
    )
    assert [model.name for model in others] == [DEFAULT_VIDEO_MODEL, OTHER_VIDEO_MODEL]
    assert [model.is_default for model in others] == [False, False]
    assert others[0].longest_s == 15


def test_references_differ_from_kind_to_kind(engine: GoogleEngine) -> None:
    assert references_taken(engine, typical_request("google", Kind.KEYFRAME)) == 14
    assert references_taken(engine, typical_request("google", Kind.VIDEO)) == 5
    assert engine.capabilities().most_references == 14


@pytest.mark.parametrize(
    ("kind", "model", "why"),
    [
        (Kind.KEYFRAME, "imagen-4.0-generate-001", f"retired.*Use “{DEFAULT_IMAGE_MODEL}” instead"),
        (Kind.VIDEO, "veo-3.0-generate-001", f"retired.*Use “{DEFAULT_VIDEO_MODEL}” instead"),
        (Kind.KEYFRAME, DEFAULT_VIDEO_MODEL, "makes no stills"),
        (Kind.VIDEO, DEFAULT_IMAGE_MODEL, "makes no clips"),
        (Kind.VIDEO, "no/name at all", "no name of a model"),
    ],
)
def test_a_model_that_cannot_work_is_refused_before_anything_is_sent(
    make_options: MakeOptions, google: GoogleServer, kind: Kind, model: str, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        check_model(GoogleEngine(make_options()), kind, model)
    configured = GoogleEngine(make_options(image_model=model, video_model=model))
    with pytest.raises(ConfigError, match=f"{why}.*DIRECTOR_GOOGLE_"):
        check_model(configured, kind, "")
    assert google.seen == []


def test_a_model_that_nobody_knows_may_be_tried(engine: GoogleEngine) -> None:
    for kind in Kind:
        check_model(engine, kind, "gemini-7-anything")
        check_model(engine, kind, "")


def test_access_is_one_question_that_costs_nothing(engine: GoogleEngine, google: GoogleServer) -> None:
    assert engine.check_access() == f"answers and has {DEFAULT_IMAGE_MODEL}"
    assert [(seen.method, seen.path) for seen in google.seen] == [
        ("GET", f"/v1/models/{DEFAULT_IMAGE_MODEL}")
    ]
    assert google.n_made == 0


def test_a_refused_key_a_busy_google_and_a_retired_model_are_told_apart(
    make_options: MakeOptions, google: GoogleServer
) -> None:
    with pytest.raises(ConfigError, match="refused the key") as found:
        GoogleEngine(make_options(key="AIza-wrong-key")).check_access()
    assert "AIza-wrong-key" not in found.value.user_message
    engine = GoogleEngine(make_options())
    google.refuse_next(quota())
    with pytest.raises(EngineBusyError, match="34 s"):
        engine.check_access()
    google.refuse_next(refusal(403, "PERMISSION_DENIED", "This project may not."))
    with pytest.raises(ConfigError, match="refused the key"):
        engine.check_access()
    google.models.clear()
    with pytest.raises(EngineError, match="does not know the model.*Nothing was charged"):
        engine.check_access()


def test_a_google_that_cannot_be_reached_is_told(make_options: MakeOptions) -> None:
    with pytest.raises(EngineBusyError, match="cannot be reached"):
        GoogleEngine(make_options(base_url="http://127.0.0.1:9")).check_access()
