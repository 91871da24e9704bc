"""Clips: what is ordered, and what is refused before it is sent."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.version import Kind
from director_lib.engines.google import GoogleVideoEngine
from director_lib.engines.remote import RemoteEngine
from director_lib.errors import EngineError
from tests.engines.fakes.google.media import picture
from tests.engines.fakes.google.server import GoogleServer
from tests.engines.google.conftest import MakeOrder


def test_the_engine_keeps_the_contract_of_remote_engines(videos: GoogleVideoEngine) -> None:
    engine: RemoteEngine = videos

    assert engine.name == "google"
    assert engine.capabilities().kinds == {Kind.VIDEO}
    assert engine.capabilities().is_paid


def test_an_order_makes_one_job_in_the_background_that_is_kept(
    videos: GoogleVideoEngine, make_order: MakeOrder, google: GoogleServer
) -> None:
    assert videos.submit(make_order(seed=9)) == "v1_job1"

    assert google.n_clips == len(google.seen) == 1
    body = google.seen[0].body
    assert google.seen[0].path == "/v1/interactions"
    assert body["model"] == "gemini-omni-1.2-flash"
    assert body["background"] is body["store"] is True
    assert body["generation_config"] == {"seed": 9, "video_config": {"task": "image_to_video"}}


def test_the_keyframe_comes_before_the_words(
    videos: GoogleVideoEngine, make_order: MakeOrder, google: GoogleServer
) -> None:
    videos.submit(make_order(negative_prompt="text."))

    [turn] = google.seen[0].body["input"]
    keyframe, words = turn["content"]
    assert base64.b64decode(keyframe["data"]) == picture()
    assert words["text"] == (
        "<FIRST_FRAME> slow push in In a single continuous shot, no scene cuts. Do not show: text."
    )


def test_references_follow_the_keyframe_and_have_roles(
    videos: GoogleVideoEngine, make_order: MakeOrder, google: GoogleServer, reference_files: tuple[Path, Path]
) -> None:
    videos.submit(make_order(references=reference_files))

    body = google.seen[0].body
    *pictures, words = body["input"][0]["content"]
    assert [one["mime_type"] for one in pictures] == ["image/png", "image/png", "image/jpeg"]
    roles = "[# Sources <FIRST_FRAME>@Image1] [# References <IMAGE_REF_0>@Image2 <IMAGE_REF_1>@Image3]"
    assert words["text"].startswith(f"{roles} slow push in")
    assert "Use Image2 and Image3 as references only" in words["text"]
    assert "video_config" not in body["generation_config"]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, ("16:9", "720p", "5s")),
        ({"width": 1080, "height": 1920, "duration_s": 7.2}, ("9:16", "1080p", "8s")),
        ({"width": 640, "height": 360, "duration_s": 1.0}, ("16:9", "360p", "3s")),
        ({"width": 7680, "height": 4320, "duration_s": 15.0}, ("16:9", "4k", "15s")),
    ],
)
def test_the_nearest_format_that_google_makes_is_asked_for(
    videos: GoogleVideoEngine,
    make_order: MakeOrder,
    google: GoogleServer,
    fields: dict[str, Any],
    wanted: tuple[str, str, str],
) -> None:
    videos.submit(make_order(**fields))

    asked = google.seen[0].body["response_format"]
    assert (asked["aspect_ratio"], asked["resolution"], asked["duration"]) == wanted
    assert (asked["type"], asked["delivery"]) == ("video", "uri")


def test_what_google_cannot_film_is_refused_before_anything_is_sent(
    videos: GoogleVideoEngine, make_order: MakeOrder, google: GoogleServer, reference_files: tuple[Path, Path]
) -> None:
    order = make_order()
    assert order.keyframe is not None

    with pytest.raises(EngineError, match="up to 15 s, not 16 s"):
        videos.submit(make_order(duration_s=16.0))
    with pytest.raises(EngineError, match="up to 10 s, not 12 s"):
        videos.submit(make_order(duration_s=12.0, references=reference_files))
    with pytest.raises(EngineError, match="make no stills"):
        videos.submit(make_order(kind=Kind.KEYFRAME))
    with pytest.raises(EngineError, match="up to 5 reference pictures"):
        videos.submit(make_order(references=reference_files * 3))
    order.keyframe.unlink()
    with pytest.raises(EngineError, match=r"keyframe keyframe\.png cannot be read"):
        videos.submit(order)

    assert google.seen == []


def test_a_clip_without_a_keyframe_is_refused(
    videos: GoogleVideoEngine, make_order: MakeOrder, google: GoogleServer
) -> None:
    with pytest.raises(EngineError, match="Segment 3 has no keyframe to film"):
        videos.submit(replace(make_order(), keyframe=None))

    assert google.seen == []


def test_a_lost_job_cannot_be_found(videos: GoogleVideoEngine, make_order: MakeOrder, job: str) -> None:
    assert videos.find_orphan(make_order()) is None
