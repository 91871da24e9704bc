"""Adding to the histograms of the counts: each that changes is read, added to and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from director_lib.store.count_tables import count_durations
from director_lib.store.histograms import read_histogram, write_histogram
from director_lib.store.prepared import Prepared

Key = tuple[str, int, str, str, str]
"""Scope, week, metric, kind, engine."""
DurationChanges = defaultdict[Key, dict[int, int]]
"""How many more are in each bin of the histograms with these keys."""

_KEY = [column.name for column in count_durations.primary_key]
_IS_KEY = [count_durations.c[name] == sa.bindparam(name) for name in _KEY]
_FIND = Prepared(sa.select(count_durations.c.bins).where(*_IS_KEY))
_DROP = Prepared(count_durations.delete().where(*_IS_KEY))


def add_durations(connection: sa.Connection, changes: Mapping[Key, Mapping[int, int]]) -> None:
    """Add numbers to histograms, always in the same order of keys; one that is left empty is no row.

    The caller has the only turn to write: what is read here is still so when it is written.
    """
    gone, put = [], []
    for key, more in sorted(changes.items()):
        if not any(more.values()):
            continue
        facts = dict(zip(_KEY, key, strict=True))
        found = _FIND.rows(connection, **facts)
        bins = read_histogram(found[0][0]) if found else {}
        for place, number in more.items():
            bins[place] = bins.get(place, 0) + number
        text = write_histogram(bins)
        if text:
            put.append({**facts, "bins": text})
        else:
            gone.append(facts)
    _DROP.run(connection, gone)
    _PUT[connection.dialect.name].run(connection, put)


def _putting(dialect_name: str) -> Prepared:
    insert = postgresql.insert if dialect_name == "postgresql" else sqlite.insert
    row = insert(count_durations).values({name: sa.bindparam(name) for name in (*_KEY, "bins")})
    changed = {"bins": row.excluded.bins}
    return Prepared(row.on_conflict_do_update(index_elements=list(count_durations.primary_key), set_=changed))


_PUT = {name: _putting(name) for name in ("sqlite", "postgresql")}
