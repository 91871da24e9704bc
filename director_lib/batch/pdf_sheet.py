"""Sheets of A4 with a running head and a page number, and the few ways in which words are set on them."""

from __future__ import annotations

from dataclasses import dataclass

from fpdf import FPDF
from fpdf.enums import TextMode, WrapMode, XPos, YPos

from director_lib.delivery.pdf_text import add_fonts, has_long_word, printable, side_of

Colour = tuple[int, int, int]
FONT = "Report"
INK: Colour = (38, 38, 42)
FAINT: Colour = (102, 102, 110)
WARNING: Colour = (154, 47, 31)
LINE: Colour = (222, 222, 218)
MARGIN_MM = 18.0
_HEAD_MM, _STROKE_MM = 11.0, 0.09


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is set; ``heavy`` letters get an outline, for want of a bold font."""

    size_pt: float = 9.0
    colour: Colour = INK
    line_mm: float = 4.7
    heavy: bool = False


TITLE = Style(21, line_mm=9.5, heavy=True)
HEADING = Style(11.5, line_mm=6, heavy=True)
SMALL_HEADING = Style(9.5, line_mm=5, heavy=True)
PLAIN = Style()
SOFT = Style(8.5, FAINT, 4.4)
ALARM = Style(9.5, WARNING, 5, heavy=True)
TYPED = Style(7.5, line_mm=3.8)
LABEL = Style(8, FAINT, 4.2)
VALUE = Style(17, line_mm=8, heavy=True)
NO_VALUE = Style(13, FAINT, 8)


class Sheet(FPDF):
    """A report's pages.

    Args:
        words: Every text that will be set, to see which fonts are needed.

    Attributes:
        head: What stands at the top of every page but the first: on the left, on the right.
    """

    def __init__(self, head: tuple[str, str], words: str = "") -> None:
        super().__init__(format="A4")
        self.running_head = head
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.c_margin = 0.0
        self.set_auto_page_break(True, MARGIN_MM)
        add_fonts(self, FONT, words + "".join(head))

    def header(self) -> None:
        """Set the running head; the first page begins with its title instead."""
        if self.page_no() == 1:
            return
        left, right = self.running_head
        self.set_y(_HEAD_MM - 3)
        self.use(LABEL)
        self.cell(self.epw / 2, 4, self.cut(left, self.epw * 0.6), align="L")
        self.cell(self.epw / 2, 4, printable(right), align="R")
        self.rule(_HEAD_MM + 2.5)
        self.set_y(MARGIN_MM)

    def footer(self) -> None:
        """Set the page's number."""
        self.set_y(-12)
        self.use(LABEL)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def use(self, style: Style) -> None:
        """Set what comes next in a style."""
        self.set_font(FONT, size=style.size_pt)
        self.set_text_color(*style.colour)
        self.set_draw_color(*style.colour)
        self.set_line_width(_STROKE_MM * style.size_pt / 9)
        self.text_mode = TextMode.FILL_STROKE if style.heavy else TextMode.FILL

    def rule(self, y_mm: float) -> None:
        """Draw a hairline from margin to margin."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.15)
        self.line(self.l_margin, y_mm, self.w - self.r_margin, y_mm)

    def write_text(self, text: str, style: Style = PLAIN) -> None:
        """Set a paragraph."""
        shown = printable(text)
        if not shown.strip():
            return
        self.use(style)
        self.set_x(self.l_margin)
        mode = WrapMode.CHAR if has_long_word(shown) else WrapMode.WORD
        end, below = XPos.LMARGIN, YPos.NEXT
        self.multi_cell(
            self.epw, style.line_mm, shown, align=side_of(shown), wrapmode=mode, new_x=end, new_y=below
        )
        self.text_mode = TextMode.FILL

    def write_line(self, place: tuple[float, float], width_mm: float, text: str, style: Style) -> None:
        """Set one line at a place; what does not fit is cut."""
        self.use(style)
        self.set_xy(*place)
        self.cell(width_mm, style.line_mm, self.cut(text, width_mm))
        self.text_mode = TextMode.FILL

    def cut(self, text: str, width_mm: float) -> str:
        """Return as much of a text as fits in the font in use, with an ellipsis for the rest."""
        shown = printable(text).replace("\n", " ")
        if self.get_string_width(shown) <= width_mm:
            return shown
        while shown and self.get_string_width(f"{shown}…") > width_mm:
            shown = shown[:-1]
        return f"{shown.rstrip()}…"

    def leave_room(self, height_mm: float) -> None:
        """Begin a new page when so much does not fit on this one."""
        if self.will_page_break(height_mm):
            self.add_page()
