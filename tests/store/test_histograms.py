"""Histograms as texts, by hand and there and back."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.store.histograms import (
    folded,
    read_histogram,
    read_histograms,
    unfolded,
    write_histogram,
)

BINS = st.dictionaries(st.integers(0, 2_000_000), st.integers(0, 10_000), max_size=20)
ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), BINS), max_size=6)


def test_a_text_names_each_bin_and_how_many_are_in_it_by_bins() -> None:
    assert write_histogram({7: 20, 3: 1, 5: 0}) == "3 1 7 20"
    assert read_histogram("3 1 7 20") == {3: 1, 7: 20}


def test_nothing_is_an_empty_text() -> None:
    assert (write_histogram({4: 0}), read_histogram("")) == ("", {})


def test_many_are_read_one_after_the_other() -> None:
    sizes, bins, many = read_histograms(["3 1 7 20", "2 5"])
    assert (sizes.tolist(), bins.tolist(), many.tolist()) == ([2, 1], [3, 7, 2], [1, 20, 5])


@pytest.mark.parametrize("texts", [[], ["", ""]])
def test_of_nothing_nothing_is_read(texts: list[str]) -> None:
    sizes, bins, many = read_histograms(texts)
    assert (sizes.tolist(), bins.tolist(), many.tolist()) == ([0] * len(texts), [], [])


@given(BINS)
def test_what_is_written_is_read(bins: dict[int, int]) -> None:
    assert read_histogram(write_histogram(bins)) == {each: n for each, n in bins.items() if n}


@given(ROWS)
def test_rows_of_bins_are_folded_into_one_for_each_histogram_and_back(
    rows: list[tuple[str, str, dict[int, int]]],
) -> None:
    by_key = {(scope, kind): bins for scope, kind, bins in rows}
    cells = [(*key, each, 1 + n) for key, bins in sorted(by_key.items()) for each, n in sorted(bins.items())]
    names = ["scope", "kind", "bin", "n"]
    frame = pd.DataFrame(cells, columns=names).astype(
        dict.fromkeys(names[:2], "str") | dict.fromkeys(names[2:], "int64")
    )
    found = folded(frame)
    filled = [key for key, bins in sorted(by_key.items()) if bins]
    assert list(zip(found["scope"], found["kind"], strict=True)) == filled
    pd.testing.assert_frame_equal(unfolded(found), frame)
