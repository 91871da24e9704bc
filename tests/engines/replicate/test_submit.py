from __future__ import annotations

import re
from pathlib import Path

import pytest

from director_lib.engines.replicate import ReplicateEngine
from director_lib.engines.replicate.inputs import build_input
from director_lib.engines.replicate.marks import mark_s
from director_lib.engines.replicate.schema import ModelSchema, Slot
from director_lib.errors import ConfigError, EngineBusyError, EngineError
from tests.engines.fakes.replicate.media import picture_bytes
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeEngine, MakeOrder


def test_a_clip_is_ordered_with_its_keyframe_and_what_the_model_offers(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    remote_id = engine.submit(clip_order(duration_s=4.6, width=1920, height=1080))
    given = fake.predictions[remote_id]["input"]
    (uploaded,) = fake.files.values()
    assert given == {
        "prompt": "slow push in",
        "image": uploaded["urls"]["get"],
        "duration": 5,
        "resolution": "1080p",
        "fps": 24,
        "seed": 42,
    }
    assert fake.n_created == 1


def test_the_upload_carries_the_attempts_tag_and_not_the_studios_file_name(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    engine.submit(clip_order("task-9:3"))
    (uploaded,) = fake.files.values()
    assert uploaded["metadata"] == {"attempt": "task-9:3"}
    assert (uploaded["name"], uploaded["content_type"]) == ("picture.png", "image/png")


def test_every_order_has_a_time_after_which_it_is_stopped(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    engine.submit(clip_order("task-9:3"))
    (post,) = [call for call in fake.calls if call.path.endswith("/predictions") and call.method == "POST"]
    seconds = int(re.fullmatch(r"(\d+)s", post.headers["cancel-after"])[1])  # type: ignore[index]
    assert seconds == mark_s("task-9:3", 1800)
    assert 1800 <= seconds < 3600


def test_a_still_is_ordered_from_words(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder
) -> None:
    engine.submit(still_order())
    assert fake.last["input"] == {
        "prompt": "a lighthouse at dusk",
        "aspect_ratio": "16:9",
        "output_format": "png",
        "seed": 42,
    }
    assert not fake.files


def test_a_still_takes_its_references_in_order(
    make_engine: MakeEngine, fake: FakeReplicate, still_order: MakeOrder, tmp_path: Path
) -> None:
    pictures = []
    for ending in ("PNG", "JPEG", "WEBP"):
        picture = tmp_path / ending
        picture.write_bytes(picture_bytes(ending))
        pictures.append(picture)
    make_engine(image_model="google/nano-banana").submit(still_order(references=tuple(pictures)))
    uploaded = list(fake.files.values())
    assert [file["content_type"] for file in uploaded] == ["image/png", "image/jpeg", "image/webp"]
    assert fake.last["input"]["image_input"] == [file["urls"]["get"] for file in uploaded]


@pytest.mark.parametrize(
    ("model", "n_references", "said"),
    [
        ("google/nano-banana", 4, "3 reference pictures"),
        ("black-forest-labs/flux-1.1-pro", 1, "no reference pictures"),
    ],
)
def test_references_that_the_model_cannot_take_are_refused_before_anything_is_sent(
    make_engine: MakeEngine,
    fake: FakeReplicate,
    still_order: MakeOrder,
    keyframe: Path,
    model: str,
    n_references: int,
    said: str,
) -> None:
    with pytest.raises(EngineError, match=said):
        make_engine(image_model=model).submit(still_order(references=(keyframe,) * n_references))
    assert (fake.n_created, len(fake.files)) == (0, 0)


def test_an_input_that_is_deprecated_is_not_used(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    make_engine(video_model="kwaivgi/kling-v2.5-turbo-pro").submit(
        clip_order(negative_prompt="blur", duration_s=9)
    )
    given = fake.last["input"]
    assert "image" not in given
    assert (given["duration"], given["negative_prompt"]) == (10, "blur")
    assert "/v1/files/" in given["start_image"]


def test_a_clip_is_ordered_silent_for_sound_would_cost_more(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    make_engine(video_model="google/veo-3.1").submit(clip_order(duration_s=7.5))
    assert fake.last["input"]["generate_audio"] is False
    assert fake.last["input"]["duration"] == 8


def test_one_still_in_the_streams_size_is_ordered_where_sides_are_free(still_order: MakeOrder) -> None:
    schema = ModelSchema(
        {
            "prompt": Slot(),
            "width": Slot(least=256, most=1440),
            "height": Slot(least=256, most=1440),
            "num_outputs": Slot(most=4),
            "negative_prompt": Slot(),
        }
    )
    request = still_order(width=1920, height=1080, negative_prompt="text").request
    assert build_input(request, schema, (None, ()), {}, "a/b") == {
        "prompt": "a lighthouse at dusk",
        "width": 1440,
        "height": 1080,
        "num_outputs": 1,
        "negative_prompt": "text",
    }


def test_a_model_of_the_community_is_ordered_by_its_version(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    make_engine(video_model="studio/own-motion", video_input={"strength": 0.5}).submit(clip_order())
    assert fake.last["version"] == fake.models["studio/own-motion"]["latest_version"]["id"]
    assert fake.last["input"]["strength"] == 0.5


def test_a_version_that_is_named_is_ordered(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    version = fake.models["studio/own-motion"]["latest_version"]["id"]
    make_engine(video_model=f"studio/own-motion:{version}", video_input={"strength": 1}).submit(clip_order())
    assert fake.last["version"] == version


def test_an_input_that_nobody_gave_is_named(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    with pytest.raises(EngineError, match="also needs strength") as caught:
        make_engine(video_model="studio/own-motion").submit(clip_order())
    assert "Nothing was charged" in caught.value.user_message
    assert fake.n_created == 0


def test_the_studios_own_inputs_win_over_what_is_fitted_but_not_over_the_prompt(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    make_engine(video_input={"resolution": "480p", "prompt": "something else"}).submit(clip_order())
    assert (fake.last["input"]["resolution"], fake.last["input"]["prompt"]) == ("480p", "slow push in")


def test_a_clip_without_a_keyframe_is_not_ordered(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, tmp_path: Path
) -> None:
    for missing in (None, tmp_path / "gone.png"):
        with pytest.raises(EngineError, match="Segment 7 has no keyframe"):
            engine.submit(clip_order(keyframe=missing))
    assert not fake.calls


def test_a_model_that_films_no_keyframe_is_refused(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    with pytest.raises(EngineError, match="does not film a keyframe"):
        make_engine(video_model="words/only").submit(clip_order())
    assert not fake.files


def test_stills_need_a_model_of_their_own(make_engine: MakeEngine, still_order: MakeOrder) -> None:
    with pytest.raises(EngineError, match="not set up for stills"):
        make_engine(image_model=None).submit(still_order())


@pytest.mark.parametrize("fault", ["500", "html", "garbage", "reset_after", "half"])
def test_what_a_model_takes_is_known_by_heart_when_it_cannot_be_asked(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, fault: str
) -> None:
    fake.faults["model"] = [fault]
    engine.submit(clip_order())
    assert fake.last["input"]["image"].startswith(fake.address)


def test_an_unknown_model_that_cannot_be_asked_for_is_tried_again_later(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder
) -> None:
    fake.faults["model"] = ["500"]
    with pytest.raises(EngineBusyError):
        make_engine(video_model="studio/own-motion").submit(clip_order())
    fake.models["studio/own-motion"]["latest_version"]["openapi_schema"] = None
    with pytest.raises(EngineBusyError, match="does not say what"):
        make_engine(video_model="studio/own-motion").submit(clip_order())
    assert fake.n_created == 0


@pytest.mark.parametrize("endpoint", ["model", "create"])
def test_a_dead_model_is_named_with_one_to_use_instead(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, endpoint: str
) -> None:
    fake.faults[endpoint] = ["404"]
    with pytest.raises(EngineError) as caught:
        engine.submit(clip_order())
    said = caught.value.user_message
    assert "bytedance/seedance-1-pro" in said
    assert "kwaivgi/kling-v2.5-turbo-pro" in said
    assert "Nothing was charged" in said


@pytest.mark.parametrize("fault", ["500", "reset_before", "reset_after", "garbage", "half", "429:3"])
def test_a_failed_upload_costs_nothing_and_may_be_repeated(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, fault: str
) -> None:
    fake.faults["upload"] = [fault]
    order = clip_order()
    with pytest.raises(EngineBusyError, match="Nothing was charged") as caught:
        engine.submit(order)
    assert caught.value.retry_after_s == (3.0 if fault == "429:3" else None)
    assert fake.n_created == 0
    assert engine.submit(order) in fake.predictions


def test_an_upload_that_arrives_changed_is_not_filmed(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fake.add_file
    monkeypatch.setattr(
        fake, "add_file", lambda name, mime, content, meta: whole(name, mime, content[:-1], meta)
    )
    with pytest.raises(EngineBusyError, match="arrived at Replicate changed"):
        engine.submit(clip_order())
    assert fake.n_created == 0


@pytest.mark.parametrize("token", ["", "   ", "r8_with space", "r8_nobreak\n\nX: y", "r8_ő"])
def test_a_token_that_cannot_be_one_is_refused_before_anything_is_sent(
    make_engine: MakeEngine, fake: FakeReplicate, clip_order: MakeOrder, token: str
) -> None:
    with pytest.raises(ConfigError, match="REPLICATE_API_TOKEN"):
        make_engine(token=token).submit(clip_order())
    assert not fake.calls
