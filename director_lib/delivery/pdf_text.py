"""Letters on paper: the fonts of a PDF, and text that can be printed."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from director_lib.media.script_fonts import fonts_for, is_shaped, main_font

_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 4_000


def add_fonts(paper: FPDF, name: str, words: str) -> None:
    """Make a font known to a paper under a name, with those behind it that the paper's words need."""
    # what it has to say of each font and letter is of no use to anybody who asks for a report
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    logging.getLogger("fpdf").setLevel(logging.ERROR)
    # one weight only: making another of this font takes twenty seconds
    paper.add_font(name, "", main_font())
    names = []
    for number, path in enumerate(fonts_for(words)):
        paper.add_font(f"{name}{number}", "", path)
        names.append(f"{name}{number}")
    paper.set_fallback_fonts(names, exact_match=False)
    if is_shaped(words):  # letters that join, and lines that run from the right
        paper.set_text_shaping(True)


def close_fonts(paper: FPDF) -> None:
    """Close the files of a paper's fonts, once it is written."""
    for font in paper.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


def words_of(value: object) -> str:
    """Return every text of nested data, to see which letters there are."""
    return "".join(_texts(value))


def side_of(text: str) -> Literal["L", "R"]:
    """Return the side at which a text's lines begin: that of its first letter's script."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return "R" if next((way for way in ways if way in ("L", "R", "AL")), "L") != "L" else "L"


def printable(text: str) -> str:
    """Leave out what cannot be printed or would turn the line around; cut what is endless."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\t", " "))[:_LONGEST]


def has_long_word(text: str) -> bool:
    """Tell whether a word would not fit on a line."""
    return any(len(word) > 60 for word in text.split())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
