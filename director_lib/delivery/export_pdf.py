"""The review report as a PDF."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from director_lib.delivery.export_report import Report, ReportedAsset, ReportedSegment
from director_lib.delivery.pdf_text import (
    add_fonts,
    close_fonts,
    has_long_word,
    printable,
    side_of,
    words_of,
)
from director_lib.media.script_fonts import is_shaped

_FONT, _PAPER = "Report", "A4"
_INK, _FAINT, _EMPTY = (23, 23, 26), (98, 98, 107), (240, 240, 242)
_MOODS = {"approved": (31, 107, 58), "sent-back": (154, 47, 31), "faint": _FAINT}
_MARGIN_MM, _GAP_MM, _LINE_MM = 18.0, 6.0, 4.6


@dataclass(frozen=True, slots=True)
class _Style:
    """How a paragraph is set."""

    size_pt: float = 8.5
    color: tuple[int, int, int] = _INK
    line_mm: float = _LINE_MM


_PLAIN, _SPEECH, _SMALL = _Style(), _Style(9), _Style(7.5, _FAINT)
_TITLE, _LINE, _HEADING = (
    _Style(20, line_mm=9),
    _Style(8.5, _FAINT),
    _Style(12, line_mm=6),
)


class _Paper(FPDF):
    """Pages with their number."""

    def footer(self) -> None:
        """Write the page's number."""
        self.set_y(-12)
        self.set_font(_FONT, size=7.5)
        self.set_text_color(*_FAINT)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")


def report_as_pdf(report: Report) -> bytes:
    """Set a report on pages of A4."""
    paper = _Paper(format=_PAPER)
    paper.set_title(printable(f"{report.title} · review report"))
    paper.set_creator("Director Workbench")
    paper.set_margins(_MARGIN_MM, _MARGIN_MM)
    paper.set_auto_page_break(True, _MARGIN_MM)
    # pictures keep their size: stored without loss they would be ten times as large
    paper.set_image_filter("DCTDecode")
    add_fonts(paper, _FONT, words_of(asdict(report)))
    paper.add_page()
    _write(paper, report.title, _TITLE)
    _write(paper, report.line, _LINE)
    paper.ln(_GAP_MM)
    _gates(paper, report)
    for segment in report.segments:
        _segment(paper, segment)
    written = bytes(paper.output())
    close_fonts(paper)
    return written


def _gates(paper: FPDF, report: Report) -> None:
    paper.set_font(_FONT, size=8.5)
    paper.set_text_color(*_INK)
    head = FontFace(color=_FAINT)
    with paper.table(
        col_widths=(22, 20, 132), borders_layout="HORIZONTAL_LINES", line_height=5.5, headings_style=head
    ) as table:
        for cells in (("Checkpoint", "State", "Why"), *((g.name, g.state, g.reason) for g in report.gates)):
            row = table.row()
            for cell in cells:
                row.cell(printable(cell))
    paper.ln(2)
    for note in report.gate_notes:
        _write(paper, note)


def _segment(paper: FPDF, segment: ReportedSegment) -> None:
    width_mm = (paper.epw - _GAP_MM) / 2
    height_mm = width_mm * 9 / 16
    if paper.will_page_break(height_mm + 24):
        paper.add_page()
    paper.ln(_GAP_MM)
    _write(paper, segment.title, _HEADING)
    top, page = paper.get_y() + 1, paper.page
    for number, asset in enumerate(segment.assets):
        left = _MARGIN_MM + number * (width_mm + _GAP_MM)
        _picture(paper, asset, (left, top, width_mm, height_mm))
        paper.set_xy(left, top + height_mm + 1)
        _write_at(paper, left, width_mm, f"{asset.name} · {asset.standing}", _MOODS[asset.mood])
        _write_at(paper, left, width_mm, asset.facts, _FAINT)
    assert paper.page == page
    paper.set_xy(_MARGIN_MM, top + height_mm + 1 + 2 * _LINE_MM)
    for asset in segment.assets:
        _talk(paper, asset)


def _picture(paper: FPDF, asset: ReportedAsset, place: tuple[float, float, float, float]) -> None:
    left, top, width_mm, height_mm = place
    paper.set_fill_color(*_EMPTY)
    paper.rect(left, top, width_mm, height_mm, style="F")
    if asset.picture is not None:
        paper.image(asset.picture, left, top, width_mm, height_mm, keep_aspect_ratio=True)
        return
    paper.set_xy(left, top + height_mm / 2 - 2)
    paper.set_font(_FONT, size=8.5)
    paper.set_text_color(*_FAINT)
    paper.cell(width_mm, 4, asset.hole, align="C")


def _talk(paper: FPDF, asset: ReportedAsset) -> None:
    if asset.note:
        _write(paper, f"{asset.name}: {asset.note}")
    for remark in asset.remarks:
        indent = 8.0 if remark.is_answer else 3.0
        _write(paper, f"{asset.name} · {remark.head}", _SMALL, indent)
        _write(paper, remark.text, _SPEECH, indent)


def _write_at(paper: FPDF, left: float, width_mm: float, text: str, color: tuple[int, int, int]) -> None:
    """Write one line; what does not fit is cut."""
    paper.set_font(_FONT, size=8)
    paper.set_text_color(*color)
    shown = printable(text)
    while shown and paper.get_string_width(shown) > width_mm - 2:
        shown = shown[:-2].rstrip() + "…" if len(shown) > 3 else ""
    paper.set_x(left)
    paper.cell(width_mm, _LINE_MM, shown)
    paper.set_xy(left, paper.get_y() + _LINE_MM)


def _write(paper: FPDF, text: str, style: _Style = _PLAIN, indent_mm: float = 0.0) -> None:
    """Write a paragraph; what is said in another script than its label begins a line of its own."""
    label, colon, said = text.partition(": ")
    if colon and paper.text_shaping and is_shaped(said) and not is_shaped(label):
        _write(paper, f"{label}:", style, indent_mm)
        text = said
    paper.set_font(_FONT, size=style.size_pt)
    paper.set_text_color(*style.color)
    paper.set_x(_MARGIN_MM + indent_mm)
    shown = printable(text)
    if shown:
        mode = WrapMode.CHAR if has_long_word(shown) else WrapMode.WORD
        width_mm, side, below = paper.epw - indent_mm, side_of(shown), YPos.NEXT
        paper.multi_cell(
            width_mm, style.line_mm, shown, align=side, wrapmode=mode, new_x=XPos.LMARGIN, new_y=below
        )
