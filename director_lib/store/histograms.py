"""Histograms as the database keeps them: one text for each, so that a page reads few rows.

A text names each bin and how many are in it, by bins: "3 1 7 20" is one in bin 3 and twenty in bin 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

BIN = "bin"
N = "n"
TEXT = "bins"

Ints = npt.NDArray[np.int64]


def write_histogram(bins: Mapping[int, int]) -> str:
    """Return the text of a histogram, without bins that nothing is in; "" when there is none."""
    return " ".join(f"{each} {n}" for each, n in sorted(bins.items()) if n)


def read_histogram(text: str) -> dict[int, int]:
    """Return how many are in each bin."""
    numbers = list(map(int, text.split()))
    return dict(zip(numbers[::2], numbers[1::2], strict=True))


def read_histograms(texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """Read many at once.

    Returns:
        How many bins each text has; then the bins of all, one text after the other, and how many are in each.
    """
    numbers = np.fromstring(" ".join(filter(None, texts)), "int64", sep=" ")
    sizes = np.asarray([(text.count(" ") + 1) // 2 for text in texts], dtype="int64")
    return sizes, numbers[::2], numbers[1::2]


def folded(rows: pd.DataFrame) -> pd.DataFrame:
    """Make one row of the bins of each histogram.

    Args:
        rows: One row per bin: keys, ``bin``, ``n``; sorted by their keys and bins.

    Returns:
        One row per histogram: its keys and its text as ``bins``, sorted by the keys.
    """
    keys = rows.drop(columns=[BIN, N])
    begins = np.flatnonzero(~keys.duplicated().to_numpy())
    ends = np.append(begins, len(rows))[1:]
    words = list(map(str, rows[[BIN, N]].to_numpy().ravel().tolist()))
    texts = [
        " ".join(words[2 * begin : 2 * end])
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    ]
    return (
        keys.iloc[begins].assign(**{TEXT: pd.Series(texts, index=begins, dtype="str")}).reset_index(drop=True)
    )


def unfolded(rows: pd.DataFrame) -> pd.DataFrame:
    """Make one row of each bin, as ``folded`` takes them."""
    sizes, bins, many = read_histograms(rows[TEXT].tolist())
    places = np.repeat(np.arange(len(rows)), sizes)
    return rows.drop(columns=TEXT).take(places).reset_index(drop=True).assign(**{BIN: bins, N: many})
