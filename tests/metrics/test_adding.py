from __future__ import annotations

import pandas as pd

from director_lib.metrics.adding import added_by


def test_sums_are_those_of_grouping() -> None:
    rows = pd.DataFrame({"who": ["eli", "ödön", "dora", "eli"], "n": [1, 2, 3, 4], "k": [0, 2, 1, 1]})
    groups, sums = added_by(rows.astype({"who": "str"}), "who", ("k", "n"))
    expected = rows.groupby("who")[["k", "n"]].sum()
    assert groups == expected.index.tolist() == ["dora", "eli", "ödön"]
    assert sums.tolist() == expected.to_numpy().tolist()


def test_nothing_has_no_groups() -> None:
    groups, sums = added_by(pd.DataFrame({"who": pd.Series([], dtype="str"), "n": []}), "who", ("n",))
    assert (groups, sums.shape) == ([], (0, 1))
