"""All pictures of a film on one sheet: a PDF of pages for paper, or one large PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from director_lib.media.sheet_text import draw_words, words_length_px

SHEET_ENDINGS = (".pdf", ".png")

_PAPER, _INK, _FAINT, _EMPTY = "#ffffff", "#17171a", "#6b6b73", "#e8e8ea"
_MARGIN, _GAP = 48, 18
_PAGE_PX, _PAGE_DPI, _PAGE_COLUMNS, _PAGE_ROWS = (1754, 1240), 150, 4, 4
_WIDEST_PX, _WIDEST_CELL_PX, _MOST_COLUMNS = 2560, 400, 20


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One picture with its words.

    Attributes:
        picture: A small picture; None where there is none.
        title: One line below it.
        line: A fainter line below that.
    """

    picture: Path | None
    title: str
    line: str


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where cells go, in pixels."""

    columns: int
    cell_px: int
    top_px: int

    @property
    def picture_px(self) -> tuple[int, int]:
        """Width and height of a picture's place."""
        return self.cell_px, round(self.cell_px * 9 / 16)

    @property
    def text_px(self) -> int:
        """Size of the letters."""
        return max(9, min(17, self.cell_px // 18))

    @property
    def row_px(self) -> int:
        """Height of a row with its words and the gap below."""
        return self.picture_px[1] + 3 * self.text_px + _GAP

    def place(self, number: int) -> tuple[int, int]:
        """Return the left and top of a cell by its 0-based number."""
        row, column = divmod(number, self.columns)
        return _MARGIN + column * (self.cell_px + _GAP), self.top_px + row * self.row_px


def draw_contact_sheet(cells: Sequence[SheetCell], title: str, line: str, ending: str) -> bytes:
    """Draw a contact sheet.

    Args:
        cells: In the film's order.
        title: What stands above them.
        line: A fainter line beside it.
        ending: ".pdf" or ".png".

    Returns:
        The file's bytes.
    """
    sheet = io.BytesIO()
    if ending == ".pdf":
        first, *others = _pages(cells, title, line)
        first.save(sheet, "PDF", save_all=True, append_images=others, resolution=_PAGE_DPI, title=title)
    else:
        _poster(cells, title, line).save(sheet, "PNG", compress_level=4)
    return sheet.getvalue()


def _pages(cells: Sequence[SheetCell], title: str, line: str) -> list[Image.Image]:
    per_page = _PAGE_COLUMNS * _PAGE_ROWS
    room_px = _PAGE_PX[0] - 2 * _MARGIN - (_PAGE_COLUMNS - 1) * _GAP
    grids = (_Grid(_PAGE_COLUMNS, cell_px, 112) for cell_px in range(room_px // _PAGE_COLUMNS, 0, -1))
    grid = next(grid for grid in grids if grid.top_px + _PAGE_ROWS * grid.row_px <= _PAGE_PX[1] - _GAP)
    n_pages = max(1, math.ceil(len(cells) / per_page))
    pages = []
    for page in range(n_pages):
        told = f"{line} · page {page + 1} of {n_pages}"
        pages.append(_sheet(_PAGE_PX, grid, cells[page * per_page : (page + 1) * per_page], title, told))
    return pages


def _poster(cells: Sequence[SheetCell], title: str, line: str) -> Image.Image:
    columns = max(1, min(len(cells), _MOST_COLUMNS, max(4, round(1.1 * math.sqrt(len(cells))))))
    room_px = _WIDEST_PX - 2 * _MARGIN - (columns - 1) * _GAP
    grid = _Grid(columns, max(90, min(_WIDEST_CELL_PX, room_px // columns)), 118)
    width_px = max(720, 2 * _MARGIN + columns * (grid.cell_px + _GAP) - _GAP)
    rows = max(1, math.ceil(len(cells) / columns))
    return _sheet((width_px, grid.top_px + rows * grid.row_px + _MARGIN - _GAP), grid, cells, title, line)


def _sheet(
    size_px: tuple[int, int], grid: _Grid, cells: Sequence[SheetCell], title: str, line: str
) -> Image.Image:
    sheet = Image.new("RGB", size_px, _PAPER)
    draw = ImageDraw.Draw(sheet)
    room_px = size_px[0] - 2 * _MARGIN
    draw_words(draw, (_MARGIN, 34), _fitted(title, 28, room_px), _INK, 28)
    draw_words(draw, (_MARGIN, 74), _fitted(line, 15, room_px), _FAINT, 15)
    for number, cell in enumerate(cells):
        _draw_cell(sheet, draw, grid, grid.place(number), cell)
    return sheet


def _draw_cell(
    sheet: Image.Image, draw: ImageDraw.ImageDraw, grid: _Grid, place: tuple[int, int], cell: SheetCell
) -> None:
    left, top = place
    width, height = grid.picture_px
    draw.rectangle((left, top, left + width - 1, top + height - 1), _EMPTY)
    if cell.picture is not None:
        with Image.open(cell.picture) as opened:
            picture = ImageOps.contain(opened.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
        sheet.paste(picture, (left + (width - picture.width) // 2, top + (height - picture.height) // 2))
    size_px = grid.text_px
    below = top + height + size_px // 2
    draw_words(draw, (left, below), _fitted(cell.title, size_px, width), _INK, size_px)
    below += round(1.25 * size_px)
    draw_words(draw, (left, below), _fitted(cell.line, size_px, width), _FAINT, size_px)


def _fitted(text: str, size_px: int, room_px: int) -> str:
    """Shorten a text with "…" until it fits into one line."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:400]).split())
    if words_length_px(words, size_px) <= room_px:
        return words
    fits, too_long = 0, len(words)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if words_length_px(words[:middle] + "…", size_px) <= room_px:
            fits = middle
        else:
            too_long = middle
    return words[:fits].rstrip() + "…"
