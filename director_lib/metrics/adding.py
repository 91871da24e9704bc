"""Adding up counts by group: a handful of groups, a dozen times a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd


def added_by(rows: pd.DataFrame, by: str, measures: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Add up whole numbers by a column without unknown values.

    It is ``rows.groupby(by)[measures].sum()``, in a tenth of the time where there are few rows.

    Returns:
        The groups, sorted, and for each a row with the sums of the measures.
    """
    place, found = pd.factorize(rows[by])
    groups = sorted(found)
    place_of = {group: place for place, group in enumerate(groups)}
    sums = np.zeros((len(groups), len(measures)), dtype="int64")
    each = np.column_stack([rows[name].to_numpy(dtype="int64") for name in measures])
    np.add.at(sums, np.asarray([place_of[group] for group in found], dtype="int64")[place], each)
    return groups, sums
