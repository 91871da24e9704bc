"""What is known of a media file, and which files are refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.domain.version import Kind
from director_lib.errors import InvalidMediaError
from director_lib.media.probe import MediaFacts, probe

_SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _cut(path: Path, part: float) -> Path:
    data = path.read_bytes()
    short = path.with_name(f"cut{path.suffix}")
    short.write_bytes(data[: min(len(data) - 1, int(len(data) * part))])
    return short


@pytest.mark.parametrize("extension", [".png", ".jpg", ".webp"])
def test_a_still_has_a_size_and_no_duration(still, extension):
    path = still(extension)
    assert probe(path) == MediaFacts(
        Kind.KEYFRAME, 480, 270, None, None, None, path.stat().st_size, extension
    )


@pytest.mark.parametrize("extension", [".mp4", ".mov", ".webm"])
def test_a_clip_has_length_rate_and_frames(clip, extension):
    path = clip(extension)
    facts = probe(path)
    assert (facts.kind, facts.width, facts.height, facts.extension) == (Kind.VIDEO, 64, 48, extension)
    assert facts.duration_s == pytest.approx(2.0, abs=0.1)
    assert (facts.fps, facts.n_frames) == (pytest.approx(15), 30)


def test_a_clip_of_one_frame_is_complete(clip):
    assert probe(clip(n_frames=1)).n_frames == 1


def test_the_contents_decide_and_not_the_name(still, tmp_path):
    named = tmp_path / "named.png"
    named.write_bytes(still(".jpg").read_bytes())
    assert probe(named).extension == ".jpg"


@pytest.mark.parametrize("extension", [".png", ".jpg", ".webp"])
@_SETTINGS
@given(part=st.floats(0.001, 1.0))
def test_a_still_cut_off_anywhere_is_refused(still, extension, part):
    with pytest.raises(InvalidMediaError):
        probe(_cut(still(extension), part))


@pytest.mark.parametrize("faststart", [True, False])
@_SETTINGS
@given(part=st.floats(0.001, 1.0))
def test_a_clip_cut_off_anywhere_is_refused(clip, faststart, part):
    with pytest.raises(InvalidMediaError, match="cut off|neither|damaged|empty"):
        probe(_cut(clip(faststart=faststart), part))


@pytest.mark.parametrize("extension", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize("n_bytes", [1, 2, 5])
def test_a_still_without_its_last_bytes_is_refused(still, extension, n_bytes):
    path = still(extension)
    path.write_bytes(path.read_bytes()[:-n_bytes])
    with pytest.raises(InvalidMediaError, match="cut off"):
        probe(path)


@pytest.mark.parametrize("extension", [".png", ".jpg"])
def test_what_a_camera_appends_to_a_still_does_no_harm(still, extension):
    path = still(extension)
    path.write_bytes(path.read_bytes() + b"maker notes" * 50)
    assert probe(path).width == 480


def test_a_webm_that_lost_its_second_half_is_refused(clip):
    with pytest.raises(InvalidMediaError, match="cut off"):
        probe(_cut(clip(".webm", n_frames=90), 0.4))


def test_a_png_with_damaged_bytes_is_refused(still):
    path = still(".png")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(InvalidMediaError, match="damaged"):
        probe(path)


def test_an_empty_file_says_so(tmp_path):
    path = tmp_path / "empty.png"
    path.touch()
    with pytest.raises(InvalidMediaError, match="empty"):
        probe(path)


@pytest.mark.parametrize(
    "data",
    [b"hello", b"GIF89a" + bytes(50), b"<svg onload='x()'/>", b"%PDF-1.7", b"\x00\x00\x00\x1cftypavif"],
)
def test_another_type_is_refused_with_the_types_that_are_taken(tmp_path, data):
    path = tmp_path / "still.png"
    path.write_bytes(data)
    with pytest.raises(InvalidMediaError, match="PNG, JPEG or WebP"):
        probe(path)


def test_a_file_that_claims_too_many_pixels_is_refused_before_it_is_decoded(tmp_path):
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(InvalidMediaError, match="pixels|bomb"):
        probe(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidMediaError, match="cannot be read"):
        probe(tmp_path / "gone.png")


@_SETTINGS
@given(
    data=st.binary(max_size=400),
    head=st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\x00\x00\x00\x18ftypisom", b""]),
)
def test_random_bytes_are_refused_and_never_crash(tmp_path, data, head):
    path = tmp_path / "random.bin"
    path.write_bytes(head + data + b"x")
    with pytest.raises(InvalidMediaError):
        probe(path)
