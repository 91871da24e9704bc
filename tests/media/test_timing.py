"""When frames of a clip are shown: exact rates, late beginnings and uneven frames."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.errors import InvalidMediaError
from director_lib.media.timing import clip_timing, read_clip_timing

RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(60),
]


def write_clip(path: Path, rate: Fraction, ticks: list[int], codec: str = "libx264") -> Path:
    """Write a small clip whose frames are shown at these ticks of the rate."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = 1 / rate
        for number, tick in enumerate(ticks):
            pixels = np.full((48, 64, 3), 3 * number % 255, np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = tick, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize(("ending", "codec"), [(".mp4", "libx264"), (".webm", "libvpx")])
def test_a_rate_is_read_exactly_and_every_frame_is_counted(
    tmp_path: Path, rate: Fraction, ending: str, codec: str
) -> None:
    timing = read_clip_timing(write_clip(tmp_path / f"clip{ending}", rate, list(range(40)), codec))
    assert (timing.rate, timing.n_frames, timing.start_s, timing.times_s) == (rate, 40, 0, None)


def test_a_clip_that_begins_late_says_when(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", Fraction(24), list(range(5, 29)))
    timing = read_clip_timing(clip)
    assert timing.n_frames == 24
    assert abs(timing.start_s - Fraction(5, 24)) < Fraction(1, 1000)


def test_uneven_frames_keep_their_own_times(tmp_path: Path) -> None:
    ticks = [0, 1, 2, 7, 8, 20, 21]
    timing = read_clip_timing(write_clip(tmp_path / "clip.mp4", Fraction(25), ticks))
    assert timing.times_s is not None
    assert [round(time * 25) for time in timing.times_s] == ticks


def test_what_is_no_clip_has_no_timing(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"not a clip")
    with pytest.raises(InvalidMediaError, match=r"cut off or damaged"):
        read_clip_timing(path)


@given(st.sampled_from(RATES), st.integers(1, 400), st.integers(0, 10_000))
def test_times_that_a_container_rounded_to_milliseconds_are_even(
    rate: Fraction, n_frames: int, start_ms: int
) -> None:
    rounded = [Fraction(start_ms + round(number / rate * 1000), 1000) for number in range(n_frames)]
    timing = clip_timing(rate, rounded)
    assert (timing.times_s, timing.n_frames, timing.rate) == (None, n_frames, rate)


@given(st.lists(st.integers(1, 90), min_size=1, max_size=60))
def test_times_are_either_even_or_all_kept(gaps: list[int]) -> None:
    times = [Fraction(sum(gaps[:number]), 90) for number in range(len(gaps) + 1)]
    timing = clip_timing(Fraction(30), times)
    assert timing.n_frames == len(times)
    if timing.times_s is None:
        assert all(abs(time * 30 - number) <= Fraction(1, 4) for number, time in enumerate(times))
    else:
        assert list(timing.times_s) == times
