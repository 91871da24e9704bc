from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from director_lib.engines.replicate.fitting import fit_lines, fit_number, fit_ratio, fit_seed, lines_of
from director_lib.engines.replicate.schema import Slot

_NUMBERS = st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True)


@given(choices=_NUMBERS, wanted=st.floats(0.1, 100))
def test_no_choice_is_nearer_than_the_one_taken(choices: list[int], wanted: float) -> None:
    taken = fit_number(Slot(choices=tuple(choices)), wanted)
    assert taken in choices
    assert all(abs(taken - wanted) <= abs(choice - wanted) for choice in choices)  # type: ignore[operator]


@given(least=st.integers(1, 20), span=st.integers(0, 20), wanted=st.floats(0.1, 100))
def test_a_number_keeps_the_models_limits(least: int, span: int, wanted: float) -> None:
    taken = fit_number(Slot(least=least, most=least + span), wanted)
    assert isinstance(taken, int)
    assert least <= taken <= least + span


def test_the_longer_of_two_equally_near_is_taken() -> None:
    assert fit_number(Slot(choices=(5, 10)), 7.5) == 10


def test_numbers_may_be_spelled_as_text_and_keep_their_spelling() -> None:
    assert fit_number(Slot(choices=("5", "10")), 8) == "10"
    assert fit_number(Slot(choices=("4s", "6s", "8s")), 5.9) == "6s"
    assert fit_number(Slot(choices=("auto",)), 8) == "auto"


@pytest.mark.parametrize(
    ("choices", "wanted", "taken"),
    [
        (("480p", "720p", "1080p"), 720, "720p"),
        (("480p", "720p", "1080p"), 2160, "1080p"),
        (("512P", "768P"), 720, "768P"),
        (("1K", "2K", "4K"), 1080, "1K"),
        (("360p", "4k"), 2160, "4k"),
        (("standard", "pro"), 720, None),
        ((), 720, None),
    ],
    ids=str,
)
def test_the_nearest_frame_size_is_taken(choices: tuple[str, ...], wanted: int, taken: str | None) -> None:
    assert fit_lines(Slot(choices=choices), wanted) == taken


@pytest.mark.parametrize(
    ("size", "lines"), [("720p", 720), ("768P", 768), (1080, 1080), ("4K", 2160), ("pro", None), (None, None)]
)
def test_a_frame_size_names_its_height(size: object, lines: int | None) -> None:
    assert lines_of(size) == lines


@given(width=st.integers(64, 8000), height=st.integers(64, 8000))
def test_a_ratio_is_nearest_by_its_proportion(width: int, height: int) -> None:
    choices = ("1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "custom")
    taken = fit_ratio(Slot(choices=choices), width, height)
    turned = fit_ratio(Slot(choices=choices), height, width)
    assert taken in choices[:-1]
    assume(taken != "21:9" and turned != "21:9")
    assert str(turned) == ":".join(reversed(str(taken).split(":")))


def test_a_free_ratio_is_written_in_small_numbers() -> None:
    assert fit_ratio(Slot(), 1920, 1080) == "16:9"
    assert fit_ratio(Slot(choices=("auto",)), 1920, 1080) is None


@given(seed=st.integers(0, 2**63), most=st.sampled_from([None, 65535, 2**31 - 1, 2**32 - 1]))
def test_a_seed_is_kept_when_it_fits_and_never_grows(seed: int, most: int | None) -> None:
    taken = fit_seed(Slot(most=most), seed)
    limit = 2**31 - 1 if most is None else most
    assert 0 <= taken <= min(seed, limit)
    assert taken == seed or seed > limit
