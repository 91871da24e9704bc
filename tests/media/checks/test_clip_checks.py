from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from director_lib.domain.finding import Severity
from director_lib.media.checks import ClipExpectation, check_clip
from tests.media.checks.clips import SIZE_PX, Painter, film, framed, scene

BLACK = Image.new("RGB", SIZE_PX)


def codes(path: Path, expected: ClipExpectation | None = None) -> list[str]:
    return [finding.code for finding in check_clip(path, expected or ClipExpectation())]


def test_a_clip_without_reproach_has_no_findings(tmp_path: Path) -> None:
    keyframe = tmp_path / "keyframe.png"
    scene().resize((1280, 720)).save(keyframe)
    clip = film(tmp_path / "clip.mp4", scene)
    assert codes(clip, ClipExpectation(duration_s=2.0, keyframe=keyframe)) == []


@pytest.mark.parametrize(
    ("paint", "found"),
    [
        (lambda number: BLACK if 10 <= number < 20 else scene(number), ["black"]),
        (lambda number: scene(min(number, 12)), ["frozen"]),
        (lambda number: framed(scene(number)), ["letterbox"]),
    ],
    ids=["black", "frozen", "letterbox"],
)
def test_a_defect_is_found_and_nothing_else(tmp_path: Path, paint: Painter, found: list[str]) -> None:
    assert codes(film(tmp_path / "clip.mp4", paint)) == found


def test_a_finding_says_where_it_is(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", lambda number: BLACK if 24 <= number < 36 else scene(number))
    [black] = check_clip(clip, ClipExpectation())
    assert black.from_s == pytest.approx(1.0, abs=0.05)
    assert black.to_s == pytest.approx(1.5, abs=0.05)
    assert black.severity is Severity.SERIOUS


def test_another_length_than_was_asked_for_is_found(tmp_path: Path) -> None:
    clip = film(tmp_path / "clip.mp4", scene)
    [finding] = check_clip(clip, ClipExpectation(duration_s=5.0))
    assert finding.words == "The clip is 2.0 s long; 5 s was asked for."


def test_a_clip_that_does_not_begin_like_its_keyframe_is_found(tmp_path: Path) -> None:
    keyframe = tmp_path / "keyframe.png"
    scene(40).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(keyframe)
    assert codes(film(tmp_path / "clip.mp4", scene), ClipExpectation(keyframe=keyframe)) == [
        "unlike_keyframe"
    ]


def test_a_clip_of_one_frame_is_looked_at(tmp_path: Path) -> None:
    assert codes(film(tmp_path / "clip.mp4", scene, duration_s=1 / 24)) == []


def test_a_slow_clip_is_told_to_move_little(tmp_path: Path) -> None:
    def paint(number: int) -> Image.Image:
        dot = scene()
        dot.paste((255, 255, 255), (10 + number // 4, 10, 14 + number // 4, 14))
        return dot

    assert codes(film(tmp_path / "clip.mp4", paint, 0.7)) == ["little_motion"]
