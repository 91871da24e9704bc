from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from director_lib.media.checks import StillExpectation, check_still
from director_lib.media.checks.similarity import difference_hash, grey, hash_distance, structural_similarity
from director_lib.media.checks.still import palette_share
from tests.media.checks.clips import SIZE_PX, framed, scene


def codes(picture: Image.Image, path: Path, **expected: object) -> list[str]:
    picture.save(path)
    return [finding.code for finding in check_still(path, StillExpectation(**expected))]  # type: ignore[arg-type]


def test_a_still_without_reproach_has_no_findings(tmp_path: Path) -> None:
    assert codes(scene(), tmp_path / "still.png", size_px=(1280, 720)) == []


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        (Image.new("RGB", SIZE_PX, (4, 4, 9)), ["black"]),
        (Image.new("RGB", SIZE_PX, (90, 140, 90)), ["flat"]),
        (framed(scene()), ["letterbox"]),
        (
            framed(scene().transpose(Image.Transpose.ROTATE_90)).transpose(Image.Transpose.ROTATE_90),
            ["letterbox"],
        ),
    ],
    ids=["black", "flat", "bars above and below", "bars left and right"],
)
def test_a_defect_is_found_and_nothing_else(tmp_path: Path, picture: Image.Image, found: list[str]) -> None:
    assert codes(picture, tmp_path / "still.png") == found


def test_another_shape_than_was_asked_for_is_found(tmp_path: Path) -> None:
    assert codes(scene(), tmp_path / "still.png", size_px=(1080, 1080)) == ["shape"]


def test_a_picture_away_from_the_palette_is_found(tmp_path: Path) -> None:
    assert codes(scene(), tmp_path / "a.png", palette={"magenta": "#ff00c8"}) == ["off_palette"]
    palette = {"land": "#8c4632", "sky": "#5ab48c"}
    assert codes(scene(), tmp_path / "b.png", palette=palette) == []


def test_the_share_of_a_palette_is_that_of_the_area() -> None:
    picture = Image.new("RGB", (64, 64), "#102030")
    picture.paste("#e0c090", (0, 0, 16, 64))
    assert palette_share(picture, {"sand": "#e0c090"}) == pytest.approx(0.25)
    assert palette_share(picture, {}) is None


def test_a_still_that_was_made_before_is_told_with_its_number(tmp_path: Path) -> None:
    earlier = {number: tmp_path / f"{number}.png" for number in (1, 2)}
    scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(earlier[1])
    scene().save(earlier[2])
    scene().save(tmp_path / "again.jpg", quality=70)
    [finding] = check_still(tmp_path / "again.jpg", StillExpectation(earlier=earlier))
    assert (finding.code, finding.words) == ("repeated", "It looks the same as version 2.")


def test_likeness_is_1_for_equal_pictures_and_falls_with_change() -> None:
    plane = grey(scene(), 160)
    assert structural_similarity(plane, plane) == pytest.approx(1.0)
    near, far = grey(scene(1), 160), grey(scene(40), 160)
    assert 1.0 > structural_similarity(plane, near) > structural_similarity(plane, far)


def test_the_distance_of_hashes_counts_their_bits() -> None:
    assert hash_distance(0b1011, 0b0001) == 2
    assert hash_distance(difference_hash(scene()), difference_hash(scene().resize((640, 360)))) <= 2
