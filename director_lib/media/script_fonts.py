"""Fonts for words on paper: one for most alphabets, and those of scripts that it lacks, by their letters."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

# of packages that hold one family each, so that every machine sets the same words in the same way
_SCRIPTS = {
    re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"): "noto_sans_arabic",
    re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]"): "heebo",
    re.compile("[\u0e00-\u0e7f]"): "noto_sans_thai",
}
# letters of other scripts are taken from what the system has
_OF_SYSTEM = ("DejaVuSans.ttf", "NotoSansCJK-Regular.ttc", "Arial Unicode.ttf")
_BEYOND_PLAIN = re.compile("[^\u0000-\u058f\u1e00-\u22ff\ufb00-\ufb06]")


def main_font() -> Path:
    """Return the font of Latin, Greek, Cyrillic and Devanagari letters."""
    return _file_of("noto_sans")


def is_shaped(text: str) -> bool:
    """Tell whether a text may have letters that join, change places or run from the right."""
    return _BEYOND_PLAIN.search(text) is not None


def fonts_for(text: str) -> list[Path]:
    """Return the fonts that a text needs beside the main one; empty for most texts.

    Reading a font takes a moment, so only those of scripts that occur are named.
    """
    if not is_shaped(text):
        return []
    of_scripts = [_file_of(name) for letters, name in _SCRIPTS.items() if letters.search(text)]
    return [*of_scripts, *_fonts_of_system()]


def font_folders() -> list[Path]:
    """Return the folders of the main font and of every script's, for what chooses among fonts itself."""
    return [_file_of(family).parent for family in ("noto_sans", *_SCRIPTS.values())]


@cache
def _file_of(family: str) -> Path:
    """Return the upright font of a family's package."""
    folder = Path(str(files(f"fontpkg_{family}"))) / "files"
    return next(path for path in sorted(folder.glob("*.ttf")) if "Italic" not in path.name)


@cache
def _fonts_of_system() -> tuple[Path, ...]:
    found = []
    for name in _OF_SYSTEM:
        try:
            found.append(Path(str(ImageFont.truetype(name).path)))
        except OSError:
            continue
    return tuple(found)
