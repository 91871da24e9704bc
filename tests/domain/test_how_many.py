from __future__ import annotations

import pytest

from director_lib.domain.how_many import how_many


@pytest.mark.parametrize(
    ("count", "nouns", "said"),
    [
        (0, ("segment",), "0 segments"),
        (1, ("segment",), "1 segment"),
        (2, ("segment",), "2 segments"),
        (1200, ("segment",), "1,200 segments"),
        (1, ("person", "people"), "1 person"),
        (3, ("person", "people"), "3 people"),
    ],
)
def test_one_is_told_as_one_and_any_other_count_as_many(
    count: int, nouns: tuple[str, ...], said: str
) -> None:
    assert how_many(count, *nouns) == said
