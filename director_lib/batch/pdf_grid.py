"""Tables in a PDF: columns as wide as what they hold, the head again on every page."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf.enums import TextMode
from fpdf.fonts import FontFace

from director_lib.batch.paper_blocks import Grid
from director_lib.batch.pdf_sheet import FAINT, FONT, INK, LINE, Sheet
from director_lib.delivery.pdf_text import printable

_PAD_MM, _APART_MM, _SIZES_PT = 2.6, 4.0, (8.0, 7.2, 6.4)
_WIDEST_SHARE, _MOST_SPARE_MM, _LONGEST = 0.42, 12.0, 160
_ALIGNS = {"start": "LEFT", "end": "RIGHT"}


def set_grid(sheet: Sheet, grid: Grid) -> None:
    """Set a table from margin to margin.

    Wide ones get smaller letters; still wider ones are set as several tables below one another, each with the
    first column again.
    """
    texts = [tuple(label for label, _ in grid.columns), *grid.rows]
    aligns = [align for _, align in grid.columns]
    for size_pt in _SIZES_PT:
        wanted = _natural_mm(sheet, texts, aligns, size_pt)
        widths = [min(sheet.epw * _WIDEST_SHARE, width) for width in wanted]
        if sum(widths) <= sheet.epw:
            break
    for number, places in enumerate(_parts(widths, sheet.epw)):
        if number:
            sheet.ln(3)
        chosen = _widened([widths[place] for place in places], [wanted[place] for place in places], sheet.epw)
        _set_columns(sheet, texts, [aligns[place] for place in places], places, chosen, size_pt)


def _set_columns(
    sheet: Sheet,
    texts: Sequence[tuple[str, ...]],
    aligns: Sequence[str],
    places: Sequence[int],
    widths: Sequence[float],
    size_pt: float,
) -> None:
    # a narrow table stays together: numbers far from their names are hard to follow
    spare_mm = min(_MOST_SPARE_MM, (sheet.epw - sum(widths)) / len(widths))
    chosen = [width + spare_mm for width in widths]
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
            for place, apart_mm in zip(places, _apart_mm(aligns), strict=True):
                row.cell(printable(cells[place])[:_LONGEST], padding=(0.5, _PAD_MM, 0.5, apart_mm))


def _natural_mm(
    sheet: Sheet, texts: Sequence[tuple[str, ...]], aligns: Sequence[str], size_pt: float
) -> list[float]:
    """Return how wide each column would be on one line."""
    sheet.set_font(FONT, size=size_pt)
    columns = [[printable(text)[:_LONGEST] for text in column] for column in zip(*texts, strict=True)]
    return [
        max(map(sheet.get_string_width, column)) + _PAD_MM + apart_mm + 1
        for column, apart_mm in zip(columns, _apart_mm(aligns), strict=True)
    ]


def _widened(widths: Sequence[float], wanted: Sequence[float], room_mm: float) -> list[float]:
    """Give what is left of the page to the columns whose words would need a second line."""
    left_mm = room_mm - sum(widths)
    short = sum(after - before for before, after in zip(widths, wanted, strict=True))
    share = min(1.0, left_mm / short) if short > 0 and left_mm > 0 else 0.0
    return [before + share * (after - before) for before, after in zip(widths, wanted, strict=True)]


def _apart_mm(aligns: Sequence[str]) -> list[float]:
    """Return the room before each column: words right after a number would read as one."""
    before = ["start", *aligns]
    return [_APART_MM * (pair == ("end", "start")) for pair in zip(before, aligns, strict=False)]


def _parts(widths: Sequence[float], room_mm: float) -> list[list[int]]:
    """Divide columns among as few tables as they need."""
    parts: list[list[int]] = [[0]]
    for place in range(1, len(widths)):
        if sum(widths[one] for one in parts[-1]) + widths[place] > room_mm and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1].append(place)
    return parts
