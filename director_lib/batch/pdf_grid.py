"""Tables in a PDF: columns as wide as what they hold, the head again on every page."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf.enums import TextMode
from fpdf.fonts import FontFace

from director_lib.batch.paper_blocks import Grid
from director_lib.batch.pdf_sheet import FAINT, FONT, INK, LINE, Sheet
from director_lib.delivery.pdf_text import printable

_PAD_MM, _SIZES_PT = 2.6, (8.0, 7.2, 6.4)
_WIDEST_SHARE, _MOST_SPARE_MM, _LONGEST = 0.42, 12.0, 160
_ALIGNS = {"start": "LEFT", "end": "RIGHT"}


def set_grid(sheet: Sheet, grid: Grid) -> None:
    """Set a table from margin to margin.

    Wide ones get smaller letters; still wider ones are set as several tables below one another, each with the
    first column again.
    """
    texts = [tuple(label for label, _ in grid.columns), *grid.rows]
    for size_pt in _SIZES_PT:
        widths = _natural_mm(sheet, texts, size_pt)
        if sum(widths) <= sheet.epw:
            break
    for number, places in enumerate(_parts(widths, sheet.epw)):
        if number:
            sheet.ln(3)
        _set_columns(sheet, texts, [grid.columns[place][1] for place in places], places, widths, size_pt)


def _set_columns(
    sheet: Sheet,
    texts: Sequence[tuple[str, ...]],
    aligns: Sequence[str],
    places: Sequence[int],
    widths: Sequence[float],
    size_pt: float,
) -> None:
    chosen = [widths[place] for place in places]
    # a narrow table stays together: numbers far from their names are hard to follow
    spare_mm = min(_MOST_SPARE_MM, (sheet.epw - sum(chosen)) / len(chosen))
    chosen = [width + spare_mm for width in chosen]
    sheet.set_font(FONT, size=size_pt)
    sheet.text_mode = TextMode.FILL
    sheet.set_text_color(*INK)
    sheet.set_draw_color(*LINE)
    sheet.set_line_width(0.15)
    with sheet.table(
        col_widths=tuple(chosen),
        width=min(sheet.epw, sum(chosen)),
        align="LEFT",
        text_align=tuple(_ALIGNS[align] for align in aligns),
        borders_layout="HORIZONTAL_LINES",
        line_height=size_pt * 0.58,
        headings_style=FontFace(color=FAINT),
        padding=(0.5, _PAD_MM, 0.5, 0),
    ) as table:
        for cells in texts:
            row = table.row()
            for place in places:
                row.cell(printable(cells[place])[:_LONGEST])


def _natural_mm(sheet: Sheet, texts: Sequence[tuple[str, ...]], size_pt: float) -> list[float]:
    """Return how wide each column would be on one line, at most a good third of the page."""
    sheet.set_font(FONT, size=size_pt)
    widest_mm = sheet.epw * _WIDEST_SHARE
    columns = [[printable(text)[:_LONGEST] for text in column] for column in zip(*texts, strict=True)]
    return [min(widest_mm, max(map(sheet.get_string_width, column)) + _PAD_MM + 1) for column in columns]


def _parts(widths: Sequence[float], room_mm: float) -> list[list[int]]:
    """Divide columns among as few tables as they need."""
    parts: list[list[int]] = [[0]]
    for place in range(1, len(widths)):
        if sum(widths[one] for one in parts[-1]) + widths[place] > room_mm and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1].append(place)
    return parts
