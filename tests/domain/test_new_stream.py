from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.language_guess import guess_language
from director_lib.domain.new_stream import check_language, check_title, free_id, slug_of
from director_lib.domain.stream import check_stream_id
from director_lib.errors import InputError


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The Lighthouse Keeper’s Last Winter", "the-lighthouse-keeper-s-last-winter"),
        ("Árvíztűrő tükörfúrógép", "arvizturo-tukorfurogep"),
        ("Straße, Łódź & Ærø", "strasse-lodz-aero"),
        ("../../etc/passwd", "etc-passwd"),
        ("雨", "story"),
        ("", "story"),
        ("a " * 90, "-".join("a" * 30)),
    ],
)
def test_a_title_suggests_an_id(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text())
def test_whatever_the_title_the_id_is_valid(title: str) -> None:
    assert check_stream_id(slug_of(title)) == slug_of(title)
    assert len(slug_of(title)) <= 60


def test_a_taken_id_gets_a_number_whatever_its_case() -> None:
    assert free_id("film", []) == "film"
    assert free_id("film", ["Film", "film-2", "other"]) == "film-3"


def test_titles_and_languages_are_checked() -> None:
    assert check_title("  A\n title ") == "A title"
    assert check_language(" HU ") == "hu"
    for title in ("", " \n", "x" * 201, "a\x00b"):
        with pytest.raises(InputError):
            check_title(title)
    for language in ("hun", "h", "h1"):
        with pytest.raises(InputError):
            check_language(language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It was the night that he had left, and she was with the others.", "en"),
        ("Nagyapám révész volt, és nem szólt, hogy a híd már nem az övé, csak egy este.", "hu"),
        ("Der Mann war nicht mit dem Boot gekommen, und es ist ein langer Weg zu den Inseln.", "de"),
        ("Elle ne dit pas que le vent est dans les arbres et sur la mer.", "fr"),
        ("雨が降る夜に、彼女は歩いた。", "ja"),
        ("下雨的夜晚她走了很久", "zh"),
        ("Шёл дождь, и она долго шла.", "ru"),
        ("كانت الليلة طويلة", "ar"),
        ("xyzzy plugh", ""),
        ("", ""),
    ],
)
def test_the_language_is_guessed_from_script_or_small_words(text: str, language: str) -> None:
    assert guess_language(text) == language
