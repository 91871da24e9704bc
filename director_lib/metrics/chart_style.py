"""The look of every chart, and the one place that turns a chart into SVG."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import altair as alt

ThemeName = Literal["dark", "light"]
_FONT = "Inter, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of the two series, the bars, an accent, and the quiet parts from text to ground."""

    first: str
    every: str
    bar: str
    accent: str
    text: str
    soft: str
    grid: str
    ground: str


PALETTES: Mapping[str, Palette] = {
    "dark": Palette("#e9b463", "#93b7d6", "#45423d", "#f0917a", "#d9d9de", "#9a9aa3", "#242428", "#131315"),
    "light": Palette("#a8690b", "#3f6a8f", "#d8d2c6", "#b8452b", "#26262a", "#66666e", "#ebebe8", "#ffffff"),
}


def draw(chart: alt.TopLevelMixin, palette: Palette) -> str:
    """Render a chart as SVG on a transparent ground; the same chart is rendered once per process."""
    spec = chart.to_dict()
    spec["config"] = _config(palette)
    return _render(json.dumps(spec, sort_keys=True))


@lru_cache(maxsize=64)
def _render(spec: str) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _config(palette: Palette) -> dict[str, Any]:
    labels = {"labelFont": _FONT, "labelFontSize": 12, "titleFont": _FONT, "titleFontSize": 12}
    return {
        "background": "transparent",
        "font": _FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            **labels,
            "labelColor": palette.soft,
            "titleColor": palette.soft,
            "titleFontWeight": 400,
            "gridColor": palette.grid,
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
            "titlePadding": 10,
        },
        "legend": {
            **labels,
            "labelColor": palette.text,
            "symbolSize": 160,
            "symbolStrokeWidth": 3,
            "columnPadding": 18,
            "padding": 0,
            "offset": 12,
        },
    }
