"""Clips: the finished file is fetched whole or not at all, by the id of its job."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from director_lib.engines.google import GoogleVideoEngine
from director_lib.engines.remote import RemoteState
from director_lib.errors import EngineBusyError, EngineError
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.media import clip
from tests.engines.fakes.google.server import GoogleServer, StoredFile
from tests.engines.google.conftest import MakeOptions


def test_another_process_goes_on_with_the_id_alone(
    make_options: MakeOptions, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    google.finish(job)

    later = GoogleVideoEngine(make_options())

    assert later.poll(job).state is RemoteState.SUCCEEDED
    assert later.fetch(job, tmp_path).path.is_file()
    assert google.n_clips == 1


@pytest.mark.parametrize("delivery", ["inline", "uri", "elsewhere"])
def test_a_finished_clip_is_fetched_whole(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path, delivery: str
) -> None:
    google.finish(job, delivery=delivery)

    result = videos.fetch(job, tmp_path)

    assert list(tmp_path.glob("clip*")) == [result.path] == [tmp_path / "clip.mp4"]
    with av.open(str(result.path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 12
    assert result.model == "gemini-omni-1.2-flash"
    # half a second of 360 lines at 0.023 dollars a second
    assert result.cost_usd == pytest.approx(0.0115)
    assert result.params["interaction_id"] == job
    assert result.params["duration_s"] == 0.5


def test_the_key_goes_to_googles_api_only(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    google.finish(job, delivery="elsewhere")

    videos.fetch(job, tmp_path)

    assert len(google.elsewhere) == 1
    assert "x-goog-api-key" not in google.elsewhere[0].headers
    assert all("x-goog-api-key" in seen.headers for seen in google.seen)


def test_a_redirect_does_not_take_the_key_along(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    google.finish(job, delivery="uri")
    google.files["other"] = StoredFile(google.files[job].data)
    target = f"http://localhost:{google.port}/elsewhere/other.mp4"
    google.files[job].reply = answers.Reply(302, b"", {"Location": target})

    assert videos.fetch(job, tmp_path).path.is_file()

    assert "x-goog-api-key" not in google.elsewhere[0].headers


def test_a_clip_is_not_fetched_before_it_is_finished(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match="not finished: it is running"):
        videos.fetch(job, tmp_path)


def test_a_file_in_preparation_is_waited_for(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    google.finish(job, delivery="uri")
    google.files[job].state = "PROCESSING"

    with pytest.raises(EngineBusyError, match="still preparing") as caught:
        videos.fetch(job, tmp_path)
    assert caught.value.retry_after_s == 5.0

    google.files[job].state = "FAILED"
    with pytest.raises(EngineError, match="failed to prepare"):
        videos.fetch(job, tmp_path)

    google.files[job].state = "ACTIVE"
    assert videos.fetch(job, tmp_path).path.is_file()


@pytest.mark.parametrize("code", [403, 404, 410])
def test_an_expired_file_is_gone_for_good(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path, code: int
) -> None:
    google.finish(job, delivery="elsewhere")
    google.files[job].reply = answers.Reply(code, b"expired")

    with pytest.raises(EngineError, match="gone: Google keeps it for two days") as caught:
        videos.fetch(job, tmp_path)

    assert not isinstance(caught.value, EngineBusyError)
    assert not (tmp_path / "clip.mp4").exists()


def test_half_a_download_can_be_fetched_again(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    google.finish(job, delivery="uri")
    data = google.files[job].data
    length = {"Content-Length": str(len(data)), "Connection": "close"}
    google.files[job].reply = answers.Reply(200, data[: len(data) // 2], length)

    with pytest.raises(EngineBusyError, match="fetched again at no cost"):
        videos.fetch(job, tmp_path)
    assert not (tmp_path / "clip.mp4").exists()

    google.files[job].reply = None
    assert videos.fetch(job, tmp_path).path.read_bytes() == data


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_download_that_google_cannot_serve_now_can_be_tried_again(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path, code: int
) -> None:
    google.finish(job, delivery="uri")
    google.files[job].reply = answers.page(code)

    with pytest.raises(EngineBusyError, match=f"status {code}"):
        videos.fetch(job, tmp_path)


@pytest.mark.parametrize("delivery", ["inline", "uri"])
@pytest.mark.parametrize("begins_with_index", [True, False])
def test_half_a_clip_is_not_taken_for_a_whole_one(
    videos: GoogleVideoEngine,
    google: GoogleServer,
    job: str,
    tmp_path: Path,
    delivery: str,
    begins_with_index: bool,
) -> None:
    data = clip(begins_with_index=begins_with_index)
    google.finish(job, delivery=delivery, data=data[: len(data) * 2 // 3])

    with pytest.raises(EngineError, match="cannot be used"):
        videos.fetch(job, tmp_path)

    assert not (tmp_path / "clip.mp4").exists()


def test_a_page_instead_of_a_clip_is_not_taken(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path
) -> None:
    google.finish(job, delivery="elsewhere")
    google.files[job].reply = answers.page(200)

    with pytest.raises(EngineError, match="cannot be used"):
        videos.fetch(job, tmp_path)


@pytest.mark.parametrize("uri", ["gs://bucket/clip.mp4", "http://[", "clip.mp4"])
def test_an_address_that_cannot_be_downloaded_from_is_told(
    videos: GoogleVideoEngine, google: GoogleServer, job: str, tmp_path: Path, uri: str
) -> None:
    google.finish(job, delivery="uri")
    google.jobs[job]["steps"][-1]["content"][0]["uri"] = uri

    with pytest.raises(EngineError, match="named no address"):
        videos.fetch(job, tmp_path)
