from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from director_lib.errors import InvalidMediaError, StoppedError, StorageError
from director_lib.media.frame_files import is_whole
from director_lib.media.site_frames import Tier, frame_count, make_frames, make_still, spread
from director_lib.media.timing import ClipTiming, clip_timing
from tests.delivery.films import number_in, numbered_clip, plain_still, stored


def births(folder: Path) -> dict[str, tuple[int, int]]:
    stats = {path.name: path.stat() for path in sorted(folder.iterdir())}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


def test_a_clip_becomes_every_frame_for_large_screens_and_forty_for_small_devices(tmp_path: Path) -> None:
    frames = make_frames(stored(numbered_clip(tmp_path / "a.mp4", 122)), tmp_path / "frames")
    assert [number_in(path) for path in frames.high] == list(range(122))
    assert len(frames.performance) == 40
    seen = [number_in(path) for path in frames.performance]
    assert (seen[0], seen[20], seen[-1]) == (0, 62, 121)
    assert seen == sorted(seen)


def test_frames_are_webp_and_say_that_a_machine_made_them(tmp_path: Path) -> None:
    frames = make_frames(stored(numbered_clip(tmp_path / "a.mp4", 3)), tmp_path / "frames")
    for path in (frames.high[0], frames.performance[-1]):
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == ("WEBP", (96, 64))
        assert b"trainedAlgorithmicMedia" in path.read_bytes()


def test_a_short_clip_is_repeated_in_order(tmp_path: Path) -> None:
    frames = make_frames(stored(numbered_clip(tmp_path / "a.mp4", 12)), tmp_path / "frames")
    seen = [number_in(path) for path in frames.high]
    assert len(seen) == 121
    assert seen == sorted(seen)
    assert set(seen) == set(range(12))


def test_a_still_is_the_only_frame_of_each_tier(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.new("RGB", (3000, 1500), "teal").save(path)
    source = stored(path)
    frames = make_frames(source, tmp_path / "frames")
    sizes = []
    for frame in (make_still(source, tmp_path / "frames"), *frames.high, *frames.performance):
        with Image.open(frame) as picture:
            sizes.append(picture.size)
    assert sizes == [(1920, 960), (1920, 960), (960, 480)]


@given(st.integers(2, 400), st.sampled_from(list(Tier)))
def test_frames_are_spread_evenly_from_the_first_to_the_last(n_source: int, tier: Tier) -> None:
    count = frame_count(tier, n_source)
    numbers = spread(ClipTiming(Fraction(24), n_source, Fraction(0)), count)
    assert len(numbers) == count
    assert (numbers[0], numbers[-1]) == (0, n_source - 1)
    steps = {later - earlier for earlier, later in zip(numbers, numbers[1:], strict=False)}
    assert steps <= {(n_source - 1) // (count - 1), (n_source - 1) // (count - 1) + 1}
    assert 121 <= frame_count(Tier.HIGH, n_source) <= 141
    assert frame_count(Tier.PERFORMANCE, n_source) == 40


def test_uneven_frames_are_chosen_by_the_time_at_which_they_are_shown() -> None:
    times = [Fraction(0), Fraction(1), Fraction(2), Fraction(9), Fraction(10)]
    assert spread(clip_timing(Fraction(1), times), 11) == [0, 1, 2, 2, 2, 2, 2, 2, 2, 3, 4]


def test_what_is_there_and_whole_is_not_made_again(tmp_path: Path) -> None:
    source = stored(numbered_clip(tmp_path / "a.mp4", 12))
    frames = make_frames(source, tmp_path / "frames")
    before = births(frames.high[0].parent)
    frames.high[4].unlink()
    frames.high[60].write_bytes(frames.high[60].read_bytes()[:-9])
    frames.high[61].write_bytes(b"")
    told: list[tuple[int, int]] = []
    make_frames(source, tmp_path / "frames", progress=lambda done, in_all: told.append((done, in_all)))
    after = births(frames.high[0].parent)
    assert all(map(is_whole, frames.high))
    assert {name for name in before if before[name] != after[name]} == {"0005.webp", "0061.webp", "0062.webp"}
    assert told[0] == (158, 161)
    assert told[-1] == (161, 161)


def test_stopping_leaves_whole_frames_and_the_next_run_makes_the_rest(tmp_path: Path) -> None:
    source = stored(numbered_clip(tmp_path / "a.mp4", 121))
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 20

    with pytest.raises(StoppedError):
        make_frames(source, tmp_path / "frames", stopped=stopped)
    left = [path for path in (tmp_path / "frames").rglob("*") if path.is_file()]
    assert left
    assert all(path.suffix == ".webp" and is_whole(path) for path in left)
    frames = make_frames(source, tmp_path / "frames")
    assert [number_in(path) for path in frames.high] == list(range(121))


def test_progress_only_rises(tmp_path: Path) -> None:
    told: list[int] = []
    source = stored(numbered_clip(tmp_path / "a.mp4", 12))
    make_frames(source, tmp_path / "frames", progress=lambda done, in_all: told.append(done))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 161)


def cut_off(path: Path) -> Path:
    numbered_clip(path, 60)
    path.write_bytes(path.read_bytes()[:-4000])
    return path


def wrongly_named(path: Path) -> Path:
    path.write_text("no clip")
    return path


@pytest.mark.parametrize("spoil", [cut_off, wrongly_named])
def test_a_file_that_is_no_clip_is_refused(tmp_path: Path, spoil: Callable[[Path], Path]) -> None:
    source = stored(spoil(tmp_path / "a.mp4"))
    with pytest.raises(InvalidMediaError):
        make_frames(source, tmp_path / "frames")


def test_a_full_or_forbidden_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "frames").write_text("in the way")
    with pytest.raises(StorageError, match="goes on where it was"):
        make_frames(stored(plain_still(tmp_path / "a.png")), tmp_path / "frames")
