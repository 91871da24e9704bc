from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.spec_diff import Change, ItemKind, OutlineItem, compare_outlines


def items(*numbers: int, **fields: str) -> list[OutlineItem]:
    return [OutlineItem(ItemKind.SEGMENT, str(one), f"segment {one}", fields) for one in numbers]


def told(before: list[OutlineItem], after: list[OutlineItem]) -> list[tuple[str, Change]]:
    return [(one.item_id, one.change) for one in compare_outlines(before, after)]


def test_equal_specs_do_not_differ() -> None:
    assert told(items(1, 2), items(1, 2)) == []


def test_one_that_was_moved_counts_and_not_those_it_passed() -> None:
    assert told(items(1, 2, 3, 4), items(4, 1, 2, 3)) == [("4", Change.MOVED)]
    assert told(items(1, 2, 3, 4), items(2, 3, 4, 1)) == [("1", Change.MOVED)]


def test_added_and_removed_ones_stand_where_they_are_or_were() -> None:
    assert told(items(1, 2, 3), items(1, 5, 3)) == [("2", Change.REMOVED), ("5", Change.ADDED)]


def test_fields_are_compared_word_by_word_unknown_ones_included() -> None:
    before = items(1, image_prompt="a sea at night", odd="x")
    [change] = compare_outlines(before, items(1, image_prompt="a calm sea at night", new="y"))
    assert change.change is Change.CHANGED
    assert [field.name for field in change.fields] == ["image_prompt", "new", "odd"]
    words = [(part.change, part.text) for part in change.fields[0].words]
    assert words == [("same", "a "), ("added", "calm "), ("same", "sea at night")]


def test_one_can_be_both_moved_and_changed() -> None:
    before = [*items(1, 2), *items(3, t="a")]
    [change] = compare_outlines(before, [*items(3, t="b"), *items(1, 2)])
    assert (change.change, change.is_moved, change.from_place, change.to_place) == (
        Change.CHANGED,
        True,
        3,
        1,
    )


@given(st.permutations(range(7)), st.sets(st.integers(0, 6)), st.sets(st.integers(7, 9)))
def test_what_is_told_as_steady_kept_its_order_and_the_rest_is_told_once(
    order: list[int], gone: set[int], new: set[int]
) -> None:
    after = [one for one in order if one not in gone] + sorted(new)
    changes = compare_outlines(items(*range(7)), items(*after))
    by_change = {kind: [int(one.item_id) for one in changes if one.change is kind] for kind in Change}
    assert set(by_change[Change.REMOVED]) == gone
    assert set(by_change[Change.ADDED]) == new
    steady = [one for one in after if one not in new and one not in by_change[Change.MOVED]]
    assert steady == sorted(steady)
    assert len(changes) == len({one.item_id for one in changes})
