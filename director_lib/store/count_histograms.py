"""Reading counted durations: a histogram arrives as one row of text.

A page reads thousands of bins. As rows of their own, with the texts of their keys on each, they take the
driver several times as long as the database needs to find them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from director_lib.store.count_parts import Part, conditions_of, driver_rows, one_by_one
from director_lib.store.count_tables import count_durations

_KEYS = ("metric", "kind", "engine")
_BINS = 2**32
"""More than there are bins."""

Ints = npt.NDArray[np.int64]


def read_durations(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up durations in bins; see ``metrics.counts.Counts.durations``."""
    rows = _histograms(connection, part, may_add_up=True)
    keys, place, bins, many = _added([row[1:4] for row in rows], rows)
    columns = zip(*keys, strict=True) if keys else ((),) * len(_KEYS)
    texts = {
        name: pd.array(values, dtype="str").take(place) for name, values in zip(_KEYS, columns, strict=True)
    }
    return pd.DataFrame({**texts, "bin": bins, "n": many})


def read_weekly_durations(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up durations in bins, week by week.

    Returns:
        ``week`` (local Monday, datetime64[us]), ``metric``, ``kind``, ``bin``, ``n``, sorted by the keys;
        texts as categories, because they are only told apart.
    """
    rows = _histograms(connection, part)
    keys, place, bins, many = _added([row[:3] for row in rows], rows)
    week, metric, kind = zip(*keys, strict=True) if keys else ((), (), ())
    texts = {"metric": pd.Categorical(metric).take(place), "kind": pd.Categorical(kind).take(place)}
    mondays = np.asarray(week, dtype="datetime64[D]").astype("datetime64[us]")[place]
    return pd.DataFrame({"week": mondays, **texts, "bin": bins, "n": many})


def _histograms(connection: sa.Connection, part: Part, *, may_add_up: bool = False) -> list[Any]:
    """Read ``week``, ``metric``, ``kind``, ``engine``, how many bins, the bins, and how many are in each."""
    table = count_durations
    keys = [table.c.week, *(table.c[name] for name in _KEYS)]
    # both lists are in the order in which the rows come by, so that they belong together
    lists = [sa.func.aggregate_strings(sa.cast(each, sa.Text), " ") for each in (table.c.bin, table.c.n)]
    query = sa.select(*keys, sa.func.count(), *lists).group_by(*keys)
    weeks = one_by_one(connection, table, part) if "metric" in part.values else None
    return driver_rows(
        connection, query.where(*conditions_of(table, part, weeks=weeks, may_add_up=may_add_up))
    )


def _added(keys: list[Any], rows: list[Any]) -> tuple[list[Any], Ints, Ints, Ints]:
    """Add up histograms with the same key.

    Returns:
        The keys, sorted; and for each bin, by key and bin: the place of its key, the bin, how many there are.
    """
    # sorted here, because databases compare texts by rules of their own
    known = sorted(set(keys))
    place_of = {key: place for place, key in enumerate(known)}
    bins, counted = (np.fromstring(" ".join(row[at] for row in rows), "int64", sep=" ") for at in (5, 6))
    places = np.repeat(np.asarray([place_of[key] for key in keys], dtype="int64"), [row[4] for row in rows])
    each, where = np.unique(places * _BINS + bins, return_inverse=True)
    many = np.zeros(len(each), dtype="int64")
    np.add.at(many, where, counted)
    each, many = each[many != 0], many[many != 0]
    return known, each // _BINS, each % _BINS, many
