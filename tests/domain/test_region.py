from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.region import MOST_POINTS, MOST_SHAPES, find_region, read_region
from director_lib.errors import InputError

FRACTION = st.floats(0, 1)
POINT = st.tuples(FRACTION, FRACTION).map(list)
PAIR = st.fixed_dictionaries(
    {"kind": st.sampled_from(["box", "arrow"]), "points": st.lists(POINT, min_size=2, max_size=2)}
)
STROKE = st.fixed_dictionaries({"kind": st.just("stroke"), "points": st.lists(POINT, min_size=2, max_size=9)})
REGION = st.fixed_dictionaries({"shapes": st.lists(PAIR | STROKE, min_size=1, max_size=3)})
BOX = {"kind": "box", "points": [[0.1, 0.2], [0.5, 0.75]]}


def of(*shapes: object) -> dict[str, Any]:
    return {"shapes": list(shapes)}


@given(REGION)
def test_what_was_read_is_read_again_the_same(value: dict[str, Any]) -> None:
    region = read_region(value)
    assert read_region(json.loads(json.dumps(region.as_json()))) == region


def test_points_are_rounded_to_a_ten_thousandth() -> None:
    region = read_region(of({"kind": "arrow", "points": [[0.123456, 1], [0, 0.99999]]}))
    assert region.as_json() == of({"kind": "arrow", "points": [[0.1235, 1.0], [0.0, 1.0]]})


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        of(),
        {"shapes": [BOX], "color": "red"},
        {"shapes": BOX},
        of(*[BOX] * (MOST_SHAPES + 1)),
        of({**BOX, "kind": "circle"}),
        of({**BOX, "kind": ["box"]}),
        of({**BOX, "text": "<img>"}),
        of({"kind": "box", "points": [[0, 0]]}),
        of({"kind": "box", "points": [[0, 0], [1, 1], [0, 1]]}),
        of({"kind": "stroke", "points": [[0, 0]] * (MOST_POINTS + 1)}),
        of({"kind": "box", "points": [[0, 0], [1, 1.01]]}),
        of({"kind": "box", "points": [[0, 0], [1, -0.01]]}),
        of({"kind": "box", "points": [[0, 0], [1, float("nan")]]}),
        of({"kind": "box", "points": [[0, 0], [1, True]]}),
        of({"kind": "box", "points": [[0, 0], [1, "1"]]}),
        of({"kind": "box", "points": [[0, 0], [1]]}),
        of({"kind": "box", "points": [[0, 0], {"x": 1}]}),
        of("box"),
    ],
)
def test_a_region_of_another_form_or_size_is_refused(value: object) -> None:
    with pytest.raises(InputError, match="Nothing was saved"):
        read_region(value)


def test_a_kept_region_that_this_release_cannot_show_hides_no_comment() -> None:
    assert find_region({"x": 0.25}) is None
    assert find_region(None) is None
    assert find_region(of(BOX)) == read_region(of(BOX))
