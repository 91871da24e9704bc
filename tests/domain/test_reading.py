from __future__ import annotations

import pytest

from director_lib.domain.reading import measure_text


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("", 0),
        ("  \n – … ", 0),
        ("It's a well-known fact, isn’t it?", 6),
        ("A víz 3 napig állt.", 5),
        ("雨が降る。", 4),
        ("她说 hello 两次", 5),
        ("ฝนตก", 4),
        ("비가 온다", 2),
        ("مرحبا بك", 2),
    ],
)
def test_words_are_counted_and_letters_where_there_are_no_blanks(text: str, n_words: int) -> None:
    assert measure_text(text).n_words == n_words


def test_a_script_without_blanks_says_so() -> None:
    assert measure_text("雨が降る hello").counts_letters
    assert not measure_text("hello world 雨").counts_letters


def test_reading_takes_as_long_as_the_language_wants() -> None:
    assert measure_text("word " * 228, "en").reading_s == pytest.approx(60)
    assert measure_text("szó " * 170, "hu").reading_s == pytest.approx(60)
    assert measure_text("字" * 255, "zh").reading_s == pytest.approx(60)
    assert measure_text("word " * 190).reading_s == pytest.approx(60)
