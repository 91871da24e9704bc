"""The look: colours and measures of ``theme.css``, and the same colours for Vuetify's own components."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ipyvuetify.Themes import theme

COLORS = {
    "background": "#0c0c0d",
    "surface": "#131315",
    "surface_bright": "#232326",
    "surface_variant": "#2b2b2f",
    "on_surface_variant": "#b3b3ba",
    "primary": "#e6e1d6",
    "primary_darken_1": "#c9c3b6",
    "secondary": "#e9b463",
    "secondary_darken_1": "#c8954a",
    "error": "#ff7a6b",
    "info": "#93b7d6",
    "success": "#86c99a",
    "warning": "#e9b463",
}


@cache
def theme_style() -> str:
    """Return the style block that every screen's component ends with."""
    css = Path(__file__).with_name("theme.css").read_text(encoding="utf-8")
    return f"\n<style>\n{css}</style>\n"


def apply_theme() -> None:
    """Give Vuetify's own components the workbench's dark colours, in every view of this kernel."""
    theme.dark = True
    for name, value in COLORS.items():
        setattr(theme.themes.dark, name, value)
