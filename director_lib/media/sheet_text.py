"""One line of words on a picture, in whatever scripts they are written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageDraw, ImageFont

from director_lib.media.script_fonts import fonts_for, main_font

Place = tuple[float, float]


def draw_words(draw: ImageDraw.ImageDraw, place: Place, words: str, color: str, size_px: int) -> None:
    """Write a line from its left end; letters join, and words of scripts from the right run that way."""
    left, baseline = place[0], place[1] + _font(main_font(), size_px).getmetrics()[0]
    for path, part in _parts(words):
        font = _font(path, size_px)
        draw.text((left, baseline), part, color, font, anchor="ls")
        left += font.getlength(part)


def words_length_px(words: str, size_px: int) -> float:
    """Return how long a line is."""
    return sum(_font(path, size_px).getlength(part) for path, part in _parts(words))


def _parts(words: str) -> Iterator[tuple[Path, str]]:
    """Cut a line where another font is needed; a font goes on for as long as it has the letters."""
    others = fonts_for(words)
    if not others:
        yield main_font(), words
        return
    paths = [main_font(), *others]
    start, current = 0, _having(words[0], paths)
    for place, letter in enumerate(words):
        if place == start or ord(letter) in _letters(current):
            continue
        following = _having(letter, paths)
        if following != current:
            yield current, words[start:place]
            start, current = place, following
    yield current, words[start:]


def _having(letter: str, paths: list[Path]) -> Path:
    """Return the first font that has a letter, and the main one when none has it."""
    return next((path for path in paths if ord(letter) in _letters(path)), paths[0])


@cache
def _letters(path: Path) -> frozenset[int]:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


@cache
def _font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_px)
