"""The film and the frames of clips on the review page, without a browser."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from director_lib.domain.version import Kind
from director_lib.media.timing import clip_timing
from director_lib.pages.film import timing
from director_lib.workbench import Workbench
from tests.media.test_timing import write_clip
from tests.pages.test_review_page import Browser, shown
from tests.workbench.conftest import director, open_as, stream_folder

__all__ = ["director", "open_as", "shown", "stream_folder"]


def add_clip(stream_folder: Path, segment_id: int) -> None:
    videos = stream_folder / "videos"
    videos.mkdir(exist_ok=True)
    write_clip(videos / f"segment_{segment_id}.mp4", Fraction(30000, 1001), list(range(30)))


def test_the_film_has_clips_where_there_are_some_and_stills_beside_them(
    shown: Browser, director: Workbench, stream_folder: Path
) -> None:
    add_clip(stream_folder, 2)
    director.streams.scan("film")
    scenes = shown.send("film")["scenes"]
    assert [scene["segment_id"] for scene in scenes] == [1, 2, 3, 4]
    assert [scene["clip"] is not None for scene in scenes] == [False, True, False, False]
    assert [scene["still"] is not None for scene in scenes] == [True, True, True, False]
    assert {scene["duration_s"] for scene in scenes} == {5.0}
    assert scenes[1]["clip"]["src"].endswith(".mp4")
    assert "/1280/" in scenes[0]["still"]["poster"]


def test_the_frames_of_a_clip_are_told_in_whole_numbers(
    shown: Browser, director: Workbench, stream_folder: Path
) -> None:
    add_clip(stream_folder, 2)
    director.streams.scan("film")
    (clip,) = director.versions.of_asset("film", 2, Kind.VIDEO)
    told = shown.send("clip_timing", version_id=clip.id)["timing"]
    assert (told["num"], told["den"], told["n_frames"]) == (30000, 1001, 30)
    assert (told["start"], told["times"]) == (0, None)
    assert all(isinstance(value, int) for value in told.values() if value is not None)


def test_a_still_has_no_frames_and_the_page_says_so(shown: Browser, director: Workbench) -> None:
    (still,) = director.versions.of_asset("film", 1, Kind.KEYFRAME)
    reply = shown.send("clip_timing", version_id=still.id)
    assert (reply["ok"], reply["message"]) == (False, "A still has no frames to step through.")


def test_uneven_times_are_counted_in_one_unit() -> None:
    times = [Fraction(0), Fraction(1, 24), Fraction(1, 2), Fraction(5, 9)]
    told = timing(clip_timing(Fraction(24), times))
    assert told["per_s"] == 72
    assert told["times"] == [0, 3, 36, 40]
