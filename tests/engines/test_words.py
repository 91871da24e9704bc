"""What the local engine understands of a prompt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.engines.local.scenes import PAINTERS
from director_lib.engines.local.vocabulary import SCENES
from director_lib.engines.local.words import read_prompt


@pytest.mark.parametrize(
    ("english", "hungarian", "scene", "light"),
    [
        ("the sea at sunset", "a tenger naplementekor, naplemente", "sea", "sunset"),
        ("a city at night", "egy város éjszaka", "city", "night"),
        ("a forest at dawn", "az erdő hajnalban", "forest", "dawn"),
        ("mountains in daylight", "hegyek nappal", "mountain", "day"),
        ("a room at night", "egy szobában éjjel", "room", "night"),
        ("the desert under stars", "sivatag csillagok alatt", "desert", "night"),
        ("a village at dusk", "a faluban este", "village", "dusk"),
        ("a river at dawn", "a Tisza hajnalban", "river", "dawn"),
        ("a wheat field, golden hour", "búzamező arany fényben", "plain", "golden"),
    ],
)
def test_both_languages_choose_scene_and_light(english: str, hungarian: str, scene: str, light: str) -> None:
    for prompt in (english, hungarian):
        reading = read_prompt(prompt, 1)
        assert (reading.scene, reading.light) == (scene, light), prompt


@pytest.mark.parametrize(
    ("prompt", "mark"),
    [
        ("eső veri az ablakot", "rain"),
        ("hóesésben", "snow"),
        ("ködös part", "fog"),
        ("a világítótorony", "lighthouse"),
        ("egy csónak", "boat"),
        ("magányos alak", "figure"),
        ("an old man with a lantern", "lantern"),
        ("gulls over the harbour", "birds"),
        ("a templom tornya", "church"),
        ("lightning strikes", "lightning"),
    ],
)
def test_weather_and_subjects_are_found_in_both_languages(prompt: str, mark: str) -> None:
    assert read_prompt(prompt, 1).has(mark)


def test_what_is_not_wanted_is_left_out() -> None:
    assert not read_prompt("an empty beach, no people, without boats", 1).has("figure", "boat")
    assert not read_prompt("tengerpart ember nélkül", 1).has("figure")
    assert not read_prompt("a man on the shore in the rain", 1, unwanted="rain, people, man").has(
        "rain", "figure"
    )


def test_accents_do_not_matter() -> None:
    assert read_prompt("VÁROS ÉJSZAKA", 1) == read_prompt("varos ejszaka", 1)


def test_an_unknown_prompt_depends_on_the_seed_only() -> None:
    assert read_prompt("qwerty", 3) == read_prompt("zzz yyy xxx", 3)
    assert len({read_prompt("", seed).scene for seed in range(30)}) > 2


def test_every_scene_has_a_painter() -> None:
    assert set(SCENES) == set(PAINTERS)


@given(st.text(max_size=200), st.integers(-(2**63), 2**63))
def test_any_text_gives_a_scene(prompt: str, seed: int) -> None:
    assert read_prompt(prompt, seed).scene in PAINTERS


def test_the_hungarian_word_for_woman_is_not_read_as_the_english_no() -> None:
    assert "boat" in read_prompt("egy nő csónakban, nő csónak mellett", 1).marks
    assert "boat" not in read_prompt("a calm lake, no boat", 1).marks
