"""Reading counted durations: histograms are added up as they are read, bin by bin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from director_lib.store.count_parts import Part, conditions_of, driver_rows, one_by_one
from director_lib.store.count_tables import count_durations
from director_lib.store.histograms import Ints, read_histograms

_KEYS = ("metric", "kind", "engine")
_BINS = 2**32
"""More than there are bins."""


def read_durations(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up durations in bins; see ``metrics.counts.Counts.durations``."""
    rows = _histograms(connection, part, may_add_up=True)
    keys, place, bins, many = added_up([row[1:4] for row in rows], [row[4] for row in rows])
    return framed(keys, place, _KEYS).assign(bin=bins, n=many)


def read_weekly_durations(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up durations in bins, week by week.

    Returns:
        ``week`` (local Monday, datetime64[us]), ``metric``, ``kind``, ``bin``, ``n``, sorted by the keys;
        texts as categories, because they are only told apart.
    """
    rows = _histograms(connection, part)
    keys, place, bins, many = added_up([row[:3] for row in rows], [row[4] for row in rows])
    week, metric, kind = zip(*keys, strict=True) if keys else ((), (), ())
    texts = {"metric": pd.Categorical(metric).take(place), "kind": pd.Categorical(kind).take(place)}
    mondays = np.asarray(week, dtype="datetime64[D]").astype("datetime64[us]")[place]
    return pd.DataFrame({"week": mondays, **texts, "bin": bins, "n": many})


def added_up(keys: Sequence[Any], texts: Sequence[str]) -> tuple[list[Any], Ints, Ints, Ints]:
    """Add up histograms with the same key.

    Returns:
        The keys, sorted; and for each bin, by key and bin: the place of its key, the bin, how many there are.
    """
    # sorted here, because databases compare texts by rules of their own
    known = sorted(set(keys))
    place_of = {key: place for place, key in enumerate(known)}
    sizes, bins, counted = read_histograms(texts)
    places = np.repeat(np.asarray([place_of[key] for key in keys], dtype="int64"), sizes)
    # by hashing, and sorting what is left: a tenth as many
    where, each = pd.factorize(places * _BINS + bins)
    many = np.zeros(len(each), dtype="int64")
    np.add.at(many, where, counted)
    order = np.argsort(each)
    return known, each[order] // _BINS, each[order] % _BINS, many[order]


def framed(keys: Sequence[Any], place: Ints, names: Sequence[str]) -> pd.DataFrame:
    """Return the keys at these places, which are texts, as columns with these names."""
    columns = zip(*keys, strict=True) if keys else ((),) * len(names)
    return pd.DataFrame(
        {name: pd.array(values, dtype="str").take(place) for name, values in zip(names, columns, strict=True)}
    )


def _histograms(connection: sa.Connection, part: Part, *, may_add_up: bool = False) -> list[Any]:
    """Read ``week``, ``metric``, ``kind``, ``engine`` and ``bins``."""
    table = count_durations
    query = sa.select(table.c.week, *(table.c[name] for name in _KEYS), table.c.bins)
    weeks = one_by_one(connection, table, part) if "metric" in part.values else None
    return driver_rows(
        connection, query.where(*conditions_of(table, part, weeks=weeks, may_add_up=may_add_up))
    )
