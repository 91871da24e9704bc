from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.mention import find_mentions

PEOPLE = {"dora", "dan", "pal.k", "dora-lee"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@dora please", ["dora"]),
        ("ask @Dora.", ["dora"]),
        ("(@dan) and @dora, @dan again", ["dan", "dora"]),
        ("@pal.k!", ["pal.k"]),
        ("@dora-lee is not @dora", ["dora-lee", "dora"]),
        ("@dorab @nobody @", []),
        ("mail x@dora.example or a.@dan", []),
        ("@@dora", []),
        ("<b>@dora</b>", ["dora"]),
        ("", []),
    ],
)
def test_only_people_who_exist_and_are_named_are_mentioned(text: str, found: list[str]) -> None:
    assert find_mentions(text, PEOPLE) == found


@given(st.text(alphabet="@dora.n -_é<"))
def test_whatever_is_written_only_people_are_found(text: str) -> None:
    assert set(find_mentions(text, PEOPLE)) <= PEOPLE
