"""Words of any script on paper: each with a font that has its letters, joined and in their direction."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from director_lib.media.script_fonts import fonts_for, main_font
from director_lib.media.sheet_text import draw_words, words_length_px

ARABIC, HEBREW, HINDI, THAI = "الليل والبحر", "הלילה והים", "रात और समुद्र", "กลางคืน"


def drawn(words: str) -> Image.Image:
    picture = Image.new("L", (600, 60), 255)
    draw_words(ImageDraw.Draw(picture), (10, 10), words, "black", 28)
    return picture


def test_most_words_need_the_main_font_only() -> None:
    assert fonts_for("Árvíztűrő Ελλάδα Привет – “…” 1.2 Tiếng Việt") == []
    assert main_font().name.startswith("NotoSans[")


@pytest.mark.parametrize(("words", "family"), [(ARABIC, "Arabic"), (HEBREW, "Heebo"), (THAI, "Thai")])
def test_a_script_brings_its_font(words: str, family: str) -> None:
    assert family in fonts_for(f"Light, {words}")[0].name


@pytest.mark.parametrize("words", [ARABIC, HEBREW, HINDI, THAI])
def test_no_letter_is_a_box(words: str) -> None:
    boxes = drawn("\U000e0100" * 3)
    assert drawn(words).tobytes() != boxes.tobytes()
    letters = [drawn(letter).tobytes() for letter in sorted(set(words) - {" "}) if letter.isalpha()]
    assert len(set(letters)) == len(letters)


def test_arabic_letters_join() -> None:
    apart = sum(words_length_px(letter, 28) for letter in ARABIC)
    assert words_length_px(ARABIC, 28) < 0.9 * apart


def test_a_line_from_the_right_ends_at_the_left() -> None:
    alef = drawn("א").crop((10, 0, 30, 60))
    line = drawn("אב")
    box = line.point(lambda value: 255 - value).getbbox()
    assert box is not None
    width = words_length_px("א", 28)
    last = line.crop((round(10 + words_length_px("אב", 28) - width), 0, 600, 60)).crop((0, 0, 20, 60))
    near = sum(abs(a - b) for a, b in zip(alef.tobytes(), last.tobytes(), strict=True)) / len(alef.tobytes())
    assert near < 30


def test_a_line_of_several_scripts_is_as_long_as_its_parts() -> None:
    whole = words_length_px(f"3  Light {HEBREW}", 17)
    assert whole == pytest.approx(words_length_px("3  Light ", 17) + words_length_px(HEBREW, 17), abs=2)
