from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.prompt import image_prompt_as_sent, negative_prompt_as_sent, word_diff
from director_lib.domain.stream import Segment, Stream


def stream(**fields: object) -> Stream:
    return Stream(id="s", title="S", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("prompt", "suffix", "sent"),
    [
        ("A lighthouse", "35 mm film", "A lighthouse, 35 mm film"),
        ("A lighthouse.", "35 mm film", "A lighthouse. 35 mm film"),
        ("A lighthouse, 35 mm film", "35 mm film", "A lighthouse, 35 mm film"),
        ("A lighthouse", "", "A lighthouse"),
        ("", "35 mm film", ""),
    ],
)
def test_the_suffix_is_appended_once_and_never_to_nothing(prompt: str, suffix: str, sent: str) -> None:
    assert image_prompt_as_sent(stream(prompt_suffix=suffix), Segment(1, image_prompt=prompt)) == sent


def test_a_segment_s_own_negative_prompt_wins_over_the_stream_s() -> None:
    whole = stream(negative_prompt="text")
    assert negative_prompt_as_sent(whole, Segment(1)) == "text"
    assert negative_prompt_as_sent(whole, Segment(1, negative_prompt="people")) == "people"


def test_a_word_diff_names_the_word_that_changed() -> None:
    parts = [(part.change, part.text) for part in word_diff("a calm sea at dawn", "a stormy sea at dawn")]
    assert parts == [("same", "a "), ("removed", "calm "), ("added", "stormy "), ("same", "sea at dawn")]


@given(st.text(), st.text())
def test_a_word_diff_gives_both_texts_back(before: str, after: str) -> None:
    parts = word_diff(before, after)
    assert "".join(part.text for part in parts if part.change != "added") == before
    assert "".join(part.text for part in parts if part.change != "removed") == after
