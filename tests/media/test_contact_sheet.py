"""Contact sheets as files: every picture is on them, whatever the words are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from director_lib.media.contact_sheet import SheetCell, draw_contact_sheet

COLORS = ("red", "lime", "blue")


@pytest.fixture
def cells(tmp_path: Path) -> list[SheetCell]:
    """Three plain pictures of different shapes, and a place without one."""
    made = []
    for number, (color, size) in enumerate(zip(COLORS, ((320, 180), (180, 320), (200, 200)), strict=True)):
        path = tmp_path / f"{color}.webp"
        Image.new("RGB", size, color).save(path, lossless=True)
        made.append(SheetCell(path, f"{number + 1}  Part", "version 1 · undecided"))
    return [*made, SheetCell(None, "4  Missing", "no still yet")]


def drawn(cells: list[SheetCell], title: str = "The film") -> Image.Image:
    return Image.open(io.BytesIO(draw_contact_sheet(cells, title, "film · stills", ".png"))).convert("RGB")


def count_pixels(sheet: Image.Image, color: str) -> int:
    wanted = Image.new("RGB", (1, 1), color).getpixel((0, 0))
    return sum(count for count, found in sheet.getcolors(1 << 24) or [] if found == wanted)


def test_every_picture_is_on_the_sheet_whole_and_in_its_shape(cells: list[SheetCell]) -> None:
    sheet = drawn(cells)
    wide, tall, square = (count_pixels(sheet, color) for color in COLORS)
    assert wide == 400 * 225
    assert abs(tall - 225 * 225 * 180 / 320) < 500
    assert abs(square - 225 * 225) < 500


def test_a_pdf_has_a_page_for_every_sixteen(cells: list[SheetCell]) -> None:
    for count, n_pages in ((1, 1), (16, 1), (17, 2), (33, 3)):
        many = [cells[number % 4] for number in range(count)]
        pdf = draw_contact_sheet(many, "The film", "film", ".pdf")
        assert pdf.startswith(b"%PDF-")
        assert pdf.count(b"/Type /Page\n") == n_pages


def test_the_words_of_the_last_row_are_on_the_page(cells: list[SheetCell]) -> None:
    pdf = draw_contact_sheet([cells[0]] * 16, "The film", "film", ".pdf")
    page = Image.open(io.BytesIO(pdf[pdf.index(b"\xff\xd8\xff") :])).convert("L")
    below = page.crop((0, page.height - 16, page.width, page.height))
    last_row = page.crop((40, page.height - 64, 400, page.height - 16))
    assert min(below.get_flattened_data()) > 240
    assert min(last_row.get_flattened_data()) < 90


def test_a_thousand_segments_fit_on_one_picture(cells: list[SheetCell]) -> None:
    sheet = drawn([cells[number % 4] for number in range(1000)])
    assert sheet.width <= 2600
    assert sheet.width * sheet.height < 40_000_000


@pytest.mark.parametrize(
    "words",
    ["", "x" * 10_000, "منارة على صخرة", "灯台の冬 🌊", "a\nb\tc\x00d", "<img src=x> {{ 7*7 }}"],
    ids=["empty", "long", "right to left", "other letters", "control", "markup"],
)
def test_any_words_stay_inside_their_cell(cells: list[SheetCell], words: str) -> None:
    named = [SheetCell(cell.picture, words, words) for cell in cells]
    sheet = drawn(named, words)
    assert sheet.size == drawn(cells).size
    margin = sheet.crop((sheet.width - 40, 0, sheet.width, sheet.height))
    assert margin.getcolors() == [(40 * sheet.height, (255, 255, 255))]


def test_a_film_without_segments_has_an_empty_sheet() -> None:
    assert drawn([]).width == 720
    assert draw_contact_sheet([], "", "", ".pdf").startswith(b"%PDF-")
