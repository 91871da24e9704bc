"""Clips of the local engine."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from director_lib.domain.version import Kind
from director_lib.errors import EngineError, StorageError


@pytest.fixture
def film(generate, make_request, keyframe):
    """Film the keyframe with a motion prompt and return the file."""

    def run(motion: str, **fields) -> Path:
        request = make_request("a square", kind=Kind.VIDEO, motion_prompt=motion, **fields)
        return generate(request, keyframe=keyframe).path

    return run


def _frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray").astype(np.float64) for frame in container.decode(video=0)]


def _square(frame: np.ndarray) -> tuple[float, float, int]:
    """Return where the bright square is and how many pixels it has."""
    rows, columns = np.nonzero(frame > 128)
    return columns.mean(), rows.mean(), len(rows)


def _boxes(path: Path) -> list[bytes]:
    data, position, names = path.read_bytes(), 0, []
    while position < len(data):
        length, name = struct.unpack(">I4s", data[position : position + 8])
        names.append(name)
        position += length
    return names


@pytest.mark.parametrize(
    ("motion", "axis", "sign"),
    [
        ("pan left", 0, 1),
        ("pan right", 0, -1),
        ("jobbra", 0, -1),
        ("tilt up", 1, 1),
        ("crane down", 1, -1),
        ("push in", 2, 1),
        ("közelít", 2, 1),
        ("pull out", 2, -1),
        ("távolodik", 2, -1),
    ],
)
def test_the_picture_moves_against_the_camera(film, motion, axis, sign):
    frames = _frames(film(motion))
    first, last = _square(frames[0])[axis], _square(frames[-1])[axis]
    assert (last - first) * sign > 2


def test_a_second_phase_moves_after_the_first(film):
    frames = _frames(film("push in, then pan right", duration_s=2.0))
    start, middle, end = (_square(frames[number]) for number in (0, len(frames) // 2, -1))
    assert middle[2] > start[2] * 1.15
    assert middle[0] - end[0] > 4


def test_a_static_clip_stays_like_its_keyframe(film):
    frames = _frames(film("static"))
    assert np.abs(frames[0] - frames[-1]).mean() < 2
    assert _square(frames[0])[:2] == pytest.approx((95.5, 53.5), abs=1)


def test_roll_keeps_the_corners_filled(film):
    for frame in _frames(film("roll")):
        assert min(frame[0, 0], frame[0, -1], frame[-1, 0], frame[-1, -1]) > 10


def test_the_file_is_h264_that_every_browser_plays(film):
    path = film("pan right", duration_s=1.5, fps=24)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (192, 108)
        assert (codec.color_primaries, codec.color_trc, codec.colorspace, codec.color_range) == (1, 1, 1, 1)
        assert stream.average_rate == 24
        assert float(stream.duration * stream.time_base) == pytest.approx(1.5)
        assert sum(1 for _ in container.decode(stream)) == 36
    names = _boxes(path)
    assert names[0] == b"ftyp"
    assert names.index(b"moov") < names.index(b"mdat")


def test_colors_are_those_of_the_keyframe(film):
    with av.open(str(film("static"))) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert np.abs(frame[20, 20] - (20, 30, 40)).max() < 8
    assert np.abs(frame[54, 96] - (250, 240, 230)).max() < 10


def test_odd_sizes_become_even(film):
    with av.open(str(film("static", width=193, height=107))) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (192, 106)


def test_the_file_tells_how_it_was_made(film):
    with av.open(str(film("lassan közelít", source_version_id=12))) as container:
        tags = dict(container.metadata)
    facts = json.loads(tags["director:provenance"])
    assert tags["description"] == "lassan közelít"
    assert tags["comment"] == "Made with artificial intelligence."
    assert (facts["motion_prompt"], facts["prompt"], facts["seed"]) == ("lassan közelít", "a square", 7)
    assert (facts["ai_generated"], facts["source_version_id"]) == (True, 12)


def test_the_same_request_gives_the_same_bytes(film):
    assert film("handheld orbit").read_bytes() == film("handheld orbit").read_bytes()


@pytest.mark.parametrize("motion", ["static, rain", "static, snow falls", "static, candle flickers"])
def test_named_movement_shows_in_a_held_shot(film, motion):
    moving, held = (np.std(_frames(film(text)), axis=0).mean() for text in (motion, "static"))
    assert moving > held + 0.1


def test_fades_begin_and_end_in_black(film):
    frames = _frames(film("static, fade in from black, fade to black", duration_s=2.0))
    assert frames[0].max() < 30
    assert frames[-1].max() < 30
    assert frames[12].max() > 200


def test_progress_rises_and_ends_at_100(generate, make_request, keyframe):
    reports: list[tuple[str, float]] = []
    request = make_request(kind=Kind.VIDEO, duration_s=5.0, fps=24)
    generate(request, keyframe=keyframe, progress=lambda phase, percent: reports.append((phase, percent)))
    percents = [percent for _, percent in reports]
    assert len(percents) >= 20
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert list(dict.fromkeys(phase for phase, _ in reports)) == ["preparing", "rendering", "finishing"]


def test_a_missing_keyframe_says_what_to_do(generate, make_request, tmp_path):
    for missing in (None, tmp_path / "gone.png"):
        with pytest.raises(EngineError, match="Make or choose its keyframe first"):
            generate(make_request(kind=Kind.VIDEO), keyframe=missing)


def test_an_unreadable_keyframe_says_what_to_do(generate, make_request, keyframe):
    keyframe.write_bytes(keyframe.read_bytes()[:80])
    with pytest.raises(EngineError, match="Make the keyframe again"):
        generate(make_request(kind=Kind.VIDEO), keyframe=keyframe)


@pytest.mark.parametrize("fields", [{"duration_s": 0.0}, {"duration_s": 500.0}, {"fps": 0}, {"fps": 1000}])
def test_a_length_that_cannot_be_made_is_refused(generate, make_request, keyframe, fields):
    with pytest.raises(EngineError, match="up to 120 s"):
        generate(make_request(kind=Kind.VIDEO, **fields), keyframe=keyframe)


def test_a_folder_that_cannot_be_written_is_a_storage_error(make_request, keyframe, tmp_path):
    from director_lib.engines.local import LocalEngine

    request = make_request(kind=Kind.VIDEO)
    with pytest.raises(StorageError, match="could not be written"):
        LocalEngine().generate(
            request, tmp_path / "gone", keyframe=keyframe, progress=lambda phase, percent: None
        )
