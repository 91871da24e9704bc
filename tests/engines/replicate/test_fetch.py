"""Bringing a finished file home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import pytest
from PIL import Image

from director_lib.engines.replicate import ReplicateEngine
from director_lib.errors import EngineBusyError, EngineError, OutcomeUnknownError, StorageError
from tests.engines.fakes.replicate.media import clip_bytes, picture_bytes
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeEngine, MakeOrder

Finish = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "scratch"
    path.mkdir()
    return path


def test_a_clip_comes_home_whole(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    remote_id = finish()
    result = engine.fetch(remote_id, folder)
    assert result.path == folder / "clip.mp4"
    assert [path.name for path in folder.iterdir()] == ["clip.mp4"]
    with av.open(result.path) as container:
        assert sum(1 for _ in container.decode(video=0)) == 36
    assert result.model == "bytedance/seedance-1-pro"
    assert result.cost_usd == pytest.approx(0.30)
    assert result.params == {
        "prediction": remote_id,
        "model_version": "hidden",
        "input": {"duration": 5, "resolution": "720p", "fps": 24},
    }


@pytest.mark.parametrize(
    ("form", "codec", "ending"),
    [("webm", "libvpx", ".webm"), ("mov", "libx264", ".mov")],
    ids=["webm", "mov"],
)
def test_a_clip_is_named_by_what_it_is(
    engine: ReplicateEngine,
    fake: FakeReplicate,
    finish: Finish,
    folder: Path,
    form: str,
    codec: str,
    ending: str,
) -> None:
    fake.output = clip_bytes(form, codec)
    assert engine.fetch(finish(), folder).path.suffix == ending


@pytest.mark.parametrize(("form", "ending"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_a_still_comes_home_whole(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder, folder: Path, form: str, ending: str
) -> None:
    fake.output = picture_bytes(form)
    remote_id = engine.submit(still_order())
    fake.end(remote_id, "succeeded")
    result = engine.fetch(remote_id, folder)
    assert result.path.name == f"still{ending}"
    assert result.cost_usd == pytest.approx(0.04)
    with Image.open(result.path) as picture:
        assert picture.size == (64, 36)


def test_the_place_that_a_file_comes_from_never_sees_the_token(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    engine.fetch(finish(), folder)
    (download,) = [call for call in fake.calls if call.path.startswith("/delivery/")]
    assert "authorization" not in download.headers
    assert fake.token not in str(download.headers)


@pytest.mark.parametrize("form", ["list", "mapping"])
def test_the_first_file_of_several_is_taken(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path, form: str
) -> None:
    remote_id = finish()
    url = fake.last["output"]
    fake.last["output"] = (
        [url, "https://else.example/2.mp4"] if form == "list" else {"seconds": 5, "video": url}
    )
    assert engine.fetch(remote_id, folder).path.is_file()


@pytest.mark.parametrize("status", ["403", "404", "410"])
def test_an_expired_file_is_told_as_such(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path, status: str
) -> None:
    fake.faults["download"] = [status]
    with pytest.raises(EngineError, match="has expired: .* It was charged") as caught:
        engine.fetch(finish(), folder)
    assert not isinstance(caught.value, EngineBusyError | OutcomeUnknownError)
    assert not list(folder.iterdir())


def test_an_erased_job_is_told_as_expired(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    remote_id = finish()
    fake.erase(remote_id)
    with pytest.raises(EngineError, match="has expired"):
        engine.fetch(remote_id, folder)


@pytest.mark.parametrize("fault", ["half", "reset_before", "reset_after", "500", "429:2"])
def test_a_download_that_breaks_off_may_be_repeated_and_leaves_nothing(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path, fault: str
) -> None:
    remote_id = finish()
    fake.faults["download"] = [fault]
    with pytest.raises(EngineBusyError, match="broke off. Nothing more is charged"):
        engine.fetch(remote_id, folder)
    assert not list(folder.iterdir())
    assert engine.fetch(remote_id, folder).path.read_bytes() == fake.output


def test_a_download_that_hangs_is_not_waited_for(
    impatient: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    fake.faults["download"] = ["hang"]
    with pytest.raises(EngineBusyError):
        impatient.fetch(finish(), folder)
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("fault", "said"), [("short", "cut off"), ("html", "sent as text/html"), ("garbage", "neither a picture")]
)
def test_what_is_not_a_whole_clip_is_refused(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path, fault: str, said: str
) -> None:
    fake.faults["download"] = [fault]
    with pytest.raises(EngineError, match=said) as caught:
        engine.fetch(finish(), folder)
    assert not isinstance(caught.value, EngineBusyError)
    assert "The version before stays" in caught.value.user_message
    assert not list(folder.iterdir())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_still_that_is_cut_off_is_refused(
    engine: ReplicateEngine, fake: FakeReplicate, still_order: MakeOrder, folder: Path, form: str
) -> None:
    remote_id = engine.submit(still_order())
    fake.end(remote_id, "succeeded")
    fake.output, fake.faults["download"] = picture_bytes(form), ["short"]
    with pytest.raises(EngineError, match="damaged or cut off"):
        engine.fetch(remote_id, folder)


def test_a_file_of_the_wrong_kind_is_refused(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    fake.output = picture_bytes()
    with pytest.raises(EngineError, match="not the finished clip: a still came"):
        engine.fetch(finish(), folder)


def test_a_good_file_under_a_wrong_type_is_taken(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    fake.faults["download"] = ["plain"]
    assert engine.fetch(finish(), folder).path.suffix == ".mp4"


def test_an_empty_file_is_a_download_that_broke_off(
    engine: ReplicateEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    fake.output = b""
    with pytest.raises(EngineBusyError):
        engine.fetch(finish(), folder)


def test_a_file_without_end_is_refused(
    make_engine: MakeEngine, fake: FakeReplicate, finish: Finish, folder: Path
) -> None:
    with pytest.raises(EngineError, match="larger than"):
        make_engine(largest_file_bytes=1000).fetch(finish(), folder)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("output", ["no address", 7, [], ["data:,x"], {"a": None}, "ftp://example.org/a"])
def test_an_output_without_a_file_is_told(
    engine: ReplicateEngine, finish: Finish, folder: Path, output: object
) -> None:
    with pytest.raises(EngineError, match="finished without a file"):
        engine.fetch(finish(output=output), folder)


def test_a_job_that_has_not_ended_has_no_file(
    engine: ReplicateEngine, clip_order: MakeOrder, finish: Finish, folder: Path
) -> None:
    with pytest.raises(EngineError, match="not finished yet"):
        engine.fetch(engine.submit(clip_order()), folder)
    with pytest.raises(EngineError, match="“broken”"):
        engine.fetch(finish("failed", error="broken"), folder)


def test_a_folder_that_cannot_be_written_is_told(
    engine: ReplicateEngine, finish: Finish, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="could not be written"):
        engine.fetch(finish(), tmp_path / "missing")
