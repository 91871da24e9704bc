"""Blocks as pages of A4."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from fpdf.enums import XPos, YPos

from director_lib.batch.paper_blocks import (
    Block,
    Definitions,
    Figure,
    Figures,
    Grid,
    Heading,
    Paragraph,
    Photo,
    Picture,
)
from director_lib.batch.pdf_drawings import PlacedDrawing, add_drawings, svg_size
from director_lib.batch.pdf_grid import set_grid
from director_lib.batch.pdf_sheet import (
    ALARM,
    HEADING,
    LABEL,
    LINE,
    NO_VALUE,
    PLAIN,
    SMALL_HEADING,
    SOFT,
    TITLE,
    TYPED,
    VALUE,
    Sheet,
)
from director_lib.delivery.pdf_text import close_fonts, printable, words_of

_MOODS = {"plain": PLAIN, "faint": SOFT, "warning": ALARM, "typed": TYPED}
_GAP_MM, _ACROSS, _CARD_PAD_MM = 7.0, 3, 3.2
_LARGEST_PICTURE_MM = 118.0
_DOT_MM = 25.4 / 96
_WORDS_ROOM_MM, _TABLE_ROOM_MM = 30.0, 58.0


def paper_pdf(blocks: Sequence[Block], *, title: str, made_at: datetime) -> bytes:
    """Set blocks on pages of A4, drawings as lines and letters.

    Args:
        title: Of the document; also in the running head.
        made_at: Aware, in the time zone that is shown in the running head.
    """
    words = words_of([asdict(block) for block in blocks])
    sheet = Sheet((title, f"{made_at:%Y-%m-%d %H:%M}"), words)
    sheet.set_title(printable(title))
    sheet.set_creator("Director Workbench")
    sheet.set_lang("en")
    sheet.set_creation_date(made_at)
    sheet.add_page()
    setter = _Setter(sheet)
    for place, block in enumerate(blocks):
        setter.set(block, blocks[place + 1 : place + 3])
    written = bytes(sheet.output())
    close_fonts(sheet)
    return add_drawings(written, setter.drawings)


class _Setter:
    """Sets block after block."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.drawings: list[PlacedDrawing] = []
        self._ways: Mapping[type[Any], Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Figures: self._figures,
            Picture: self._picture,
            Photo: self._photo,
            Grid: self._grid,
            Definitions: self._definitions,
        }

    def set(self, block: Block, after: Sequence[Block] = ()) -> None:
        """Set a block below what is there.

        Args:
            after: The next two blocks: a heading never stands alone at the foot of a page, nor with its words
                alone when a table belongs to them.
        """
        if isinstance(block, Heading) and block.level > 1:
            self.sheet.leave_room(_TABLE_ROOM_MM if _has_table(after) else _WORDS_ROOM_MM)
        self._ways[type(block)](block)

    def _heading(self, block: Heading) -> None:
        style = {1: TITLE, 2: HEADING}.get(block.level, SMALL_HEADING)
        if block.level > 1:
            self._gap()
        self.sheet.write_text(block.text, style)
        self.sheet.write_text(block.line, SOFT)
        self.sheet.ln(3 if block.level == 1 else 1.5)

    def _paragraph(self, block: Paragraph) -> None:
        self.sheet.write_text(block.text, _MOODS.get(block.mood, PLAIN))
        self.sheet.ln(1.6)

    def _figures(self, block: Figures) -> None:
        self.sheet.ln(2)
        for first in range(0, len(block.figures), _ACROSS):
            row = block.figures[first : first + _ACROSS]
            height_mm = 2 * _CARD_PAD_MM + 12.6 + 4.2 * max(map(_lines_of, row))
            self.sheet.leave_room(height_mm)
            top = self.sheet.get_y()
            for place, figure in enumerate(row):
                self._figure(figure, place, top, height_mm)
            self.sheet.set_xy(self.sheet.l_margin, top + height_mm)
        self.sheet.ln(2)

    def _figure(self, figure: Figure, place: int, top: float, height_mm: float) -> None:
        sheet, width_mm = self.sheet, self.sheet.epw / _ACROSS
        left = sheet.l_margin + place * width_mm
        sheet.set_draw_color(*LINE)
        sheet.set_line_width(0.15)
        sheet.rect(left, top, width_mm, height_mm)
        x, y, room_mm = left + _CARD_PAD_MM, top + _CARD_PAD_MM, width_mm - 2 * _CARD_PAD_MM
        sheet.write_line((x, y), room_mm, figure.label, LABEL)
        sheet.write_line((x, y + 4.3), room_mm, figure.value, NO_VALUE if figure.is_empty else VALUE)
        for number, line in enumerate(_told(figure)):
            sheet.write_line((x, y + 12.8 + 4.2 * number), room_mm, line, LABEL)

    def _picture(self, block: Picture) -> None:
        width, height = svg_size(block.svg)
        natural_mm = width * _DOT_MM
        width_mm = min(self.sheet.epw, natural_mm, _LARGEST_PICTURE_MM * width / height)
        height_mm = width_mm * height / width if block.svg else 5.0
        self.sheet.leave_room(height_mm + 24)
        self._gap()
        if block.title:
            self.sheet.write_text(block.title, HEADING)
            self.sheet.ln(1)
        if block.svg:
            top = self.sheet.get_y()
            place = (self.sheet.page_no() - 1, self.sheet.l_margin, top, width_mm)
            self.drawings.append(PlacedDrawing(block.svg, *place))
            self.sheet.set_xy(self.sheet.l_margin, top + height_mm + 1)
        self.sheet.write_text(block.words if block.svg or block.words else "no data", SOFT)

    def _photo(self, block: Photo) -> None:
        try:
            picture = io.BytesIO(base64.b64decode(block.base64))
        except binascii.Error:
            return
        self._gap()
        self.sheet.image(picture, w=min(self.sheet.epw, 150), keep_aspect_ratio=True)

    def _grid(self, block: Grid) -> None:
        self.sheet.leave_room(32 if block.rows else 14)
        if block.title:
            self._gap()
            self.sheet.write_text(block.title, HEADING)
        self.sheet.ln(1)
        if block.rows:
            set_grid(self.sheet, block)
            self.sheet.ln(1.5)
            self.sheet.write_text(block.note, SOFT)
        else:
            self.sheet.write_text(block.note or "no data", SOFT)

    def _definitions(self, block: Definitions) -> None:
        self.sheet.leave_room(32)
        self._gap()
        self.sheet.write_text(block.title, HEADING)
        for term, words in block.terms:
            self.sheet.leave_room(16)
            self.sheet.ln(1.8)
            self.sheet.write_text(term, SMALL_HEADING)
            self.sheet.write_text(words, SOFT)

    def _gap(self) -> None:
        if self.sheet.get_y() > self.sheet.t_margin + 1:
            self.sheet.cell(0, _GAP_MM, "", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _has_table(after: Sequence[Block]) -> bool:
    kinds = [type(block) for block in after]
    return kinds[:1] == [Grid] or kinds == [Paragraph, Grid]


def _told(figure: Figure) -> list[str]:
    return [line for line in (figure.spread, figure.basis, figure.before) if line]


def _lines_of(figure: Figure) -> int:
    return len(_told(figure))
