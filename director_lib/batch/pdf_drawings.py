"""Drawings in a PDF: kept as lines and letters, so that they are sharp at any size."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from director_lib.media.script_fonts import font_folders

_POINTS_PER_MM = 72 / 25.4
_FAMILY = re.compile(r"""font-family=(["'])(?:(?!\1).)*\1""")


@dataclass(frozen=True, slots=True)
class PlacedDrawing:
    """A drawing with its place on a page, counted from 0; the corner is the upper left one."""

    svg: str
    page: int
    left_mm: float
    top_mm: float
    width_mm: float


def svg_size(svg: str) -> tuple[float, float]:
    """Return a drawing's width and height, in its own units; 640 by 360 when it does not say."""
    head = svg[: svg.find(">") + 1]
    found = [re.search(rf'\b{name}="([\d.]+)', head) for name in ("width", "height")]
    width, height = (float(match[1]) if match else 0.0 for match in found)
    return (width, height) if width and height else (640.0, 360.0)


def add_drawings(pdf: bytes, drawings: Sequence[PlacedDrawing]) -> bytes:
    """Put drawings on the pages of a PDF."""
    if not drawings:
        return pdf
    import vl_convert
    from pypdf import PdfReader, PdfWriter, Transformation

    _know_fonts()
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for drawing in drawings:
        page = writer.pages[drawing.page]
        drawn = PdfReader(io.BytesIO(vl_convert.svg_to_pdf(_in_our_font(drawing.svg)))).pages[0]
        width_pt, height_pt = float(drawn.mediabox.width), float(drawn.mediabox.height)
        factor = drawing.width_mm * _POINTS_PER_MM / width_pt
        top_pt = float(page.mediabox.height) - drawing.top_mm * _POINTS_PER_MM
        move = (
            Transformation()
            .scale(factor)
            .translate(drawing.left_mm * _POINTS_PER_MM, top_pt - height_pt * factor)
        )
        page.merge_transformed_page(drawn, move)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _in_our_font(svg: str) -> str:
    return _FAMILY.sub('font-family="Noto Sans"', svg)


@cache
def _know_fonts() -> None:
    import vl_convert

    for folder in font_folders():
        vl_convert.register_font_directory(str(folder))
