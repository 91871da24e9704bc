"""Files of every ending that streams have: taken in, replaced, restored, and kept once."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from PIL import Image

from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind
from director_lib.errors import LostFileError
from director_lib.media.files import hash_file
from director_lib.streams.media_names import find_media
from tests.intake.studio import STREAM, Studio, write_still

STILL_ENDINGS = [".png", ".jpg", ".jpeg", ".webp"]
CLIP_ENDINGS = [".mp4", ".webm", ".mov"]


def write_film(path: Path, color: str = "navy", frames: int = 12) -> Path:
    """Write a clip in the format of its ending."""
    return _encode(path, "libvpx" if path.suffix == ".webm" else "libx264", color, frames)


def _encode(path: Path, codec: str, color: str, frames: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = av.VideoFrame.from_image(Image.new("RGB", (64, 36), color)).reformat(format="yuv420p")
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number in range(frames):
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def present(studio: Studio, kind: Kind) -> Path:
    return find_media(studio.root, STREAM)[1, kind]


@pytest.mark.parametrize("ending", STILL_ENDINGS)
def test_a_still_of_any_ending_is_taken_in_and_comes_back_under_its_own(studio: Studio, ending: str) -> None:
    first = hash_file(write_still(studio.still(1, ending)))
    studio.scan()
    found = studio.current()
    assert found is not None
    assert found.sha256 == first
    assert found.extension == {".jpeg": ".jpg"}.get(ending, ending)
    other = ".png" if ending != ".png" else ".webp"
    studio.still(1, ending).unlink()
    write_still(studio.still(1, other), "maroon")
    studio.scan()
    studio.restore(found)
    assert hash_file(present(studio, Kind.KEYFRAME)) == first
    assert present(studio, Kind.KEYFRAME).suffix == found.extension
    assert studio.scan().changed == ()
    assert studio.current() == found


@pytest.mark.parametrize("ending", CLIP_ENDINGS)
def test_a_clip_of_any_ending_is_taken_in_and_comes_back_under_its_own(studio: Studio, ending: str) -> None:
    path = studio.folder / "videos" / f"segment_1{ending}"
    first = hash_file(write_film(path))
    studio.scan()
    found = studio.current(kind=Kind.VIDEO)
    assert found is not None
    assert (found.sha256, found.extension, found.duration_s) == (first, ending, pytest.approx(0.5, abs=0.05))
    other = ".mp4" if ending != ".mp4" else ".webm"
    path.unlink()
    write_film(path.with_suffix(other), "maroon", 24)
    studio.scan()
    assert studio.current(kind=Kind.VIDEO) != found
    studio.restore(found)
    assert (present(studio, Kind.VIDEO), hash_file(path)) == (path, first)
    assert studio.scan().changed == ()


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp"])
def test_an_engine_may_make_a_still_of_any_ending(studio: Studio, tmp_path: Path, ending: str) -> None:
    write_still(studio.still(1, ".jpg"), "maroon")
    studio.scan()
    done = studio.take_in(studio.running_task(), write_still(tmp_path / f"made{ending}"))
    assert done.state is TaskState.SUCCEEDED
    assert present(studio, Kind.KEYFRAME).suffix == ending


@pytest.mark.parametrize("ending", CLIP_ENDINGS)
def test_an_engine_may_make_a_clip_of_any_ending(studio: Studio, tmp_path: Path, ending: str) -> None:
    done = studio.take_in(
        studio.running_task(kind=Kind.VIDEO, motion_prompt="pan"), write_film(tmp_path / f"made{ending}")
    )
    assert (done.error_message, done.state) == (None, TaskState.SUCCEEDED)
    assert present(studio, Kind.VIDEO).name == f"segment_1{ending}"


def test_no_other_ending_shadows_what_was_restored_and_every_one_is_kept(studio: Studio) -> None:
    write_still(studio.still(1, ".webp"), "teal")
    studio.scan()
    wanted = studio.current()
    assert wanted is not None
    rivals = [
        write_still(studio.still(1, ".png"), "maroon"),
        write_still(studio.folder / "keyframes" / "segment_1.png", "olive"),
        write_still(studio.folder / "keyframes" / "segment_1.jpg", "gold"),
    ]
    digests = {hash_file(path) for path in rivals}
    studio.restore(wanted)
    assert present(studio, Kind.KEYFRAME) == studio.still(1, ".webp")
    assert not any(path.exists() for path in rivals)
    assert digests <= {version.sha256 for version in studio.versions()}
    assert studio.scan().changed == ()
    for version in studio.versions():
        assert (
            studio.files.find_fault(version.sha256, version.extension, version.size_bytes, read=True) is None
        )


def test_a_picture_with_the_wrong_ending_is_known_by_what_it_is(studio: Studio) -> None:
    write_still(studio.still(1, ".jpg")).rename(studio.still(1, ".png"))
    studio.scan()
    found = studio.current()
    assert found is not None
    assert found.extension == ".jpg"


def test_the_same_bytes_are_stored_once_whoever_has_them(studio: Studio) -> None:
    first = write_still(studio.still(1), "navy").read_bytes()
    write_still(studio.still(2), "navy")
    studio.scan()
    write_still(studio.still(1), "maroon")
    studio.scan()
    studio.still(1).write_bytes(first)
    studio.scan()
    versions = [*studio.versions(1), *studio.versions(2)]
    assert [version.number for version in studio.versions(1)] == [1, 2]
    assert studio.current(1) == studio.versions(1)[0]
    assert len({version.sha256 for version in versions}) == 2
    stored = [path for path in (studio.files.root / "versions").rglob("*") if path.is_file()]
    assert len(stored) == 2


def test_a_damaged_version_is_not_restored_and_mended_when_its_file_turns_up_again(studio: Studio) -> None:
    good = write_still(studio.still(), "navy").read_bytes()
    studio.scan()
    write_still(studio.still(), "maroon")
    studio.scan()
    older, newer = studio.versions()
    stored = studio.files.get(older.sha256, older.extension)
    stored.chmod(0o644)
    stored.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(LostFileError, match="version 1 of the keyframe of segment 1 of harbour is damaged"):
        studio.restore(older)
    assert (studio.current(), hash_file(studio.still())) == (newer, newer.sha256)
    assert "restored" not in studio.verbs()
    studio.still().write_bytes(good)
    studio.scan()
    assert studio.current() == older
    assert stored.read_bytes() == good
