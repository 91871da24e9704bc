from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.keymap import DEFAULT_KEYS, check_keys, usable_keys
from director_lib.errors import InputError

KEYS = st.sampled_from([*DEFAULT_KEYS.values(), "Y", "É", "+", "Ctrl+B", "Shift+Y", "9"])


@pytest.mark.parametrize(
    "chosen",
    [
        {"approve": "N"},
        {"approve": "Y", "undo": "Y"},
        {"approve": "Ctrl+R"},
        {"approve": "Ctrl+W"},
        {"approve": "Enter"},
        {"approve": "Shift+Enter"},
        {"approve": "Esc"},
        {"approve": "Left"},
        {"approve": "F5"},
        {"approve": "Alt+Y"},
        {"approve": "y"},
        {"approve": ""},
        {"approve": "\x00"},
        {"approve": "Ctrl+Ctrl+A"},
        {"approve": None},
        {"launch": "Y"},
        {7: "Y"},
        ["Y"],
        "Y",
        None,
    ],
)
def test_a_choice_that_cannot_work_is_refused_whole(chosen: Any) -> None:
    with pytest.raises(InputError, match="as they were"):
        check_keys(chosen)


def test_only_what_differs_from_the_usual_keys_is_kept() -> None:
    assert check_keys({**DEFAULT_KEYS, "approve": "É", "savePrompt": "Ctrl+M"}) == {
        "approve": "É",
        "savePrompt": "Ctrl+M",
    }


def test_two_actions_may_change_places() -> None:
    assert check_keys({"approve": "N", "next": "Space"}) == {"approve": "N", "next": "Space"}


@given(st.dictionaries(st.sampled_from([*DEFAULT_KEYS]), KEYS, max_size=6))
def test_an_accepted_choice_gives_each_action_a_key_of_its_own(chosen: dict[str, str]) -> None:
    keys = {**DEFAULT_KEYS, **usable_keys(chosen)}
    assert len(set(keys.values())) == len(DEFAULT_KEYS)


@pytest.mark.parametrize("kept", [None, [], {"approve": "N"}, {"gone in this release": "Y"}])
def test_a_kept_choice_that_this_release_cannot_use_leaves_the_usual_keys(kept: Any) -> None:
    assert usable_keys(kept) == {}
