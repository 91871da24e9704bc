"""Contact sheets as use cases."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, StorageError
from director_lib.media.contact_sheet import SheetCell
from director_lib.workbench import Workbench
from director_lib.workbench import contact_sheets as sheets
from tests.workbench.conftest import OpenAs


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[SheetCell]:
    """What the next sheet says, cell by cell."""
    said: list[SheetCell] = []

    def note(cells: list[SheetCell], *_words: str) -> bytes:
        said.extend(cells)
        return b""

    monkeypatch.setattr(sheets, "draw_contact_sheet", note)
    return said


def test_every_segment_is_on_the_sheet_with_its_verdict(director: Workbench, told: list[SheetCell]) -> None:
    version = director.reviews.standing("film").version(2, Kind.KEYFRAME)
    assert version is not None
    director.reviews.decide(
        "film", Kind.KEYFRAME, {2: version.sha256}, DecisionKind.APPROVED_WITH_NOTES, "good"
    )
    director.contact_sheets.draw("film", Kind.KEYFRAME, ".png")
    assert [cell.title for cell in told] == [f"{number}  Part {number}" for number in range(1, 5)]
    assert [cell.line for cell in told] == [
        "version 1 · undecided",
        "version 1 · approved with notes",
        "version 1 · undecided",
        "no still yet",
    ]
    assert [cell.picture is not None for cell in told] == [True, True, True, False]


def test_stills_stand_in_for_missing_clips(director: Workbench, told: list[SheetCell]) -> None:
    director.contact_sheets.draw("film", Kind.VIDEO, ".png")
    assert {cell.line for cell in told} == {"no clip yet"}
    assert [cell.picture is not None for cell in told] == [True, True, True, False]


def test_a_lost_picture_leaves_a_hole_that_says_so(director: Workbench, told: list[SheetCell]) -> None:
    version = director.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert version is not None
    director.studio.files.get(version.sha256, version.extension).unlink()
    for kept in director.studio.files.root.glob(f"thumbnails/*/*/{version.sha256}.webp"):
        kept.unlink()
    director.contact_sheets.draw("film", Kind.KEYFRAME, ".png")
    assert (told[0].picture, told[0].line) == (None, "version 1 · undecided, cannot be shown")


def test_a_sheet_is_saved_once_and_never_over_another_file(director: Workbench, tmp_path: Path) -> None:
    sheet = director.contact_sheets.save("film", Kind.KEYFRAME, tmp_path / "film.png")
    with Image.open(sheet) as picture:
        assert picture.width > 700
    before = sheet.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        director.contact_sheets.save("film", Kind.KEYFRAME, sheet)
    assert sheet.read_bytes() == before
    with pytest.raises(InputError, match=r"\.pdf or \.png"):
        director.contact_sheets.save("film", Kind.KEYFRAME, tmp_path / "film.gif")
    with pytest.raises(StorageError, match="could not be written"):
        director.contact_sheets.save("film", Kind.KEYFRAME, tmp_path / "nowhere" / "film.pdf")
    with pytest.raises(NotFoundError):
        director.contact_sheets.draw("nothing", Kind.KEYFRAME, ".pdf")


def test_everybody_who_may_look_may_have_a_sheet(open_as: OpenAs) -> None:
    viewer = open_as("vera", Role.VIEWER)
    sheet = viewer.contact_sheets.draw("film", Kind.KEYFRAME, ".png")
    assert Image.open(io.BytesIO(sheet)).format == "PNG"
