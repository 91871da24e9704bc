"""Choosing engines and models for streams and segments."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.domain.engine_choice import EngineChoices
from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError
from director_lib.pages.desk_state import read_desk
from director_lib.store.events import Event, list_events
from director_lib.workbench import Workbench
from director_lib.workbench.lifecycle import Lifecycle
from tests.workbench.conftest import OpenAs

STILL, CLIP = Kind.KEYFRAME, Kind.VIDEO
PRO = "gemini-3-pro-image"


def events_of(workbench: Workbench) -> list[Event]:
    with workbench.studio.database.read() as connection:
        found = list_events(connection, stream_id="film")
    return [event for event in reversed(found) if event.verb.endswith("_engine")]


def engine_of(workbench: Workbench, segment_id: int, kind: Kind = STILL, **wishes: str) -> tuple[str, str]:
    stream = workbench.streams.get("film")
    request = workbench.tasks.request_for(stream, segment_id, kind, **wishes)  # type: ignore[arg-type]
    return request.engine, request.model


def test_a_segments_choice_wins_over_the_streams_and_that_over_the_settings(director: Workbench) -> None:
    assert engine_of(director, 1) == ("local", "")
    director.engines.choose("film", STILL, "google")
    director.engines.choose("film", STILL, "google", PRO, segment_id=2)
    assert engine_of(director, 1) == ("google", "")
    assert engine_of(director, 2) == ("google", PRO)
    assert engine_of(director, 2, CLIP) == ("local", "")


def test_a_wish_wins_over_every_choice(director: Workbench) -> None:
    director.engines.choose("film", STILL, "google", PRO)
    assert engine_of(director, 1, engine="local") == ("local", "")
    assert engine_of(director, 1, engine="google") == ("google", PRO)
    assert engine_of(director, 1, model="gemini-x") == ("google", "gemini-x")
    assert engine_of(director, 1, engine="replicate", model="a/b") == ("replicate", "a/b")


def test_generating_uses_what_was_chosen(director: Workbench) -> None:
    director.engines.choose("film", STILL, "google", PRO, segment_id=4)
    [queued] = director.tasks.generate("film", STILL, "missing").queued
    assert (queued.request.engine, queued.request.model) == ("google", PRO)
    assert queued.price_usd > 0.1


def test_choices_are_listed_and_taken_back(director: Workbench) -> None:
    director.engines.choose("film", CLIP, "replicate", "kwaivgi/kling-v2.6")
    director.engines.choose("film", STILL, "google", segment_id=3)
    director.engines.choose("film", STILL, "local", segment_id=3)
    told = [(one.segment_id, one.kind, one.engine, one.model) for one in director.engines.choices("film")]
    assert told == [(3, STILL, "local", ""), (None, CLIP, "replicate", "kwaivgi/kling-v2.6")]
    assert director.engines.chosen_anywhere() == {"local", "replicate"}
    before = director.engines.forget("film", CLIP)
    assert before is not None
    assert (before.engine, before.chosen_by) == ("replicate", "dora")
    assert director.engines.forget("film", CLIP) is None
    assert director.engines.forget("film", STILL) is None
    assert [one.segment_id for one in director.engines.choices("film")] == [3]


def test_each_change_is_one_line_of_the_timeline(director: Workbench) -> None:
    director.engines.choose("film", STILL, "google")
    director.engines.choose("film", STILL, " google ", PRO)
    director.engines.choose("film", STILL, "google", PRO)
    director.engines.forget("film", STILL)
    director.engines.forget("film", STILL)
    told = [
        (event.verb, event.actor, event.segment_id, event.kind, event.details)
        for event in events_of(director)
    ]
    google, pro = {"engine": "google", "model": ""}, {"engine": "google", "model": PRO}
    assert told == [
        ("chose_engine", "dora", None, STILL, {**google, "before": None}),
        ("chose_engine", "dora", None, STILL, {**pro, "before": google}),
        ("forgot_engine", "dora", None, STILL, {"before": pro}),
    ]


@pytest.mark.parametrize(
    ("kind", "engine", "model", "why"),
    [
        (STILL, "sora", "", "There is no engine “sora”"),
        (STILL, "script", "", "makes no keyframe"),
        (STILL, "local", "big", "no models to choose from"),
        (STILL, "google", "imagen-4.0-generate-001", "retired.*instead"),
        (CLIP, "replicate", "google/nano-banana", "makes no clips"),
    ],
)
def test_what_cannot_work_is_not_chosen(
    director: Workbench, kind: Kind, engine: str, model: str, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        director.engines.choose("film", kind, engine, model)
    assert director.engines.choices("film") == []
    assert events_of(director) == []


def test_only_streams_and_segments_that_are_there_are_chosen_for(director: Workbench) -> None:
    with pytest.raises(NotFoundError):
        director.engines.choose("nowhere", STILL, "google")
    with pytest.raises(NotFoundError):
        director.engines.choose("film", STILL, "google", segment_id=9)


def test_who_may_not_generate_may_not_choose_but_see(director: Workbench, open_as: OpenAs) -> None:
    director.engines.choose("film", STILL, "google")
    viewer = open_as("vera", Role.VIEWER)
    with pytest.raises(PermissionDeniedError):
        viewer.engines.choose("film", STILL, "local")
    with pytest.raises(PermissionDeniedError):
        viewer.engines.forget("film", STILL)
    assert [one.engine for one in viewer.engines.choices("film")] == ["google"]
    assert [offer.name for offer in viewer.engines.offered(STILL)] == ["local"]


def test_a_retired_model_is_refused_before_anything_is_queued(director: Workbench) -> None:
    with pytest.raises(InputError, match="retired.*instead"):
        director.tasks.generate("film", STILL, [4], engine="google", model="imagen-4.0-generate-001")
    assert director.tasks.list() == []


def test_a_choice_follows_a_renamed_stream(director: Workbench) -> None:
    director.engines.choose("film", STILL, "google", segment_id=2)
    Lifecycle(director.studio).rename("film", "feature")
    assert [one.segment_id for one in director.engines.choices("feature")] == [2]
    assert director.engines.choices("film") == []


def test_offers_tell_models_prices_and_what_is_in_the_way(
    settings: Settings, open_as: OpenAs, stream_folder: Path
) -> None:
    director = open_as("dora", Role.DIRECTOR)
    wider = settings.model_copy(update={"engines": "google,replicate,script", "engine_video": "script"})
    engines = Workbench.open(wider, director.studio.actor)
    try:
        stills, clips = engines.engines.offered(STILL), engines.engines.offered(CLIP)
    finally:
        engines.close()
    assert [(offer.name, offer.is_usual, offer.is_paid) for offer in stills] == [
        ("local", True, False),
        ("google", False, True),
        ("replicate", False, True),
    ]
    assert PRO in [model.name for model in stills[1].models]
    assert [clips[0].name, clips[0].models] == ["script", ()]
    assert "not set up" in clips[0].trouble
    assert all(model.usd > 0 for offer in clips[1:] for model in offer.models)


def test_a_chosen_engine_is_there_to_pick_on_a_page(director: Workbench) -> None:
    director.engines.choose("film", STILL, "replicate", segment_id=2)
    assert director.engines.names("film", STILL) == ["local", "replicate"]
    director.engines.choose("film", STILL, "google")
    assert director.engines.names("film", STILL) == ["google", "local", "replicate"]
    assert director.engines.names("film", CLIP) == ["local"]
    desk = read_desk(director, director.streams.get("film"), STILL)
    assert [card["engine"] for card in desk.cards.values()] == ["google", "replicate", "google", "google"]


def test_without_choices_the_settings_hold() -> None:
    choices = EngineChoices({STILL: "local", CLIP: "google"})
    assert choices.pick(1, CLIP) == ("google", "")
    assert choices.pick(1, CLIP, "", "m") == ("google", "m")
