"""What the counts tell of versions that are to be chosen from blind: they count, but for no engine or model.

The counts are kept by engine and model. Whoever reads them is given the difference that moves the versions
and tasks of hidden sets (``store/variant_sets.py``) to the engine and model ``WITHHELD``: what is added up
stays the same, and no group can give one of them away. ``store/blind_keeping.py`` knows that difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.domain.counting import Tally
from director_lib.store.count_parts import Part
from director_lib.store.count_reads import CELL_KEYS

_DAY_US = 86_400_000_000
_NAMES = {
    "cells": ("week", "kind", "engine", "model", "actor", "measure"),
    "durations": ("metric", "week", "kind", "engine", "bin"),
    "failures": ("week", "kind", "engine", "error_code"),
}
_MOVED = {"engine", "model", "error_code"}
_MOST_KNOWN = 64
_MOST_CHANGES = 16
_NOTHING = Tally()
_Key = tuple[Any, ...]
Numbers = npt.NDArray[np.int64]


class _Asked(NamedTuple):
    """What was asked for, worked out.

    Attributes:
        n_changes: Up to which change.
        sums: By the keys and the measure.
        rows: The keys of those that are left.
        numbers: Their measures, in the order of the frame.
    """

    n_changes: int
    sums: dict[_Key, int]
    rows: list[_Key]
    numbers: Numbers


@dataclass(frozen=True)
class BlindCounts:
    """What has to be added to counts as they are kept, by stream; nothing while no set is hidden.

    What is asked for is worked out once, and follows what changes: pages ask for the same parts again and
    again.

    Attributes:
        changes: The latest of what was added to the tallies, oldest first.
        n_changes: How many there ever were.
    """

    tallies: Mapping[str, Tally] = field(default_factory=dict)
    changes: tuple[Mapping[str, Tally], ...] = ()
    n_changes: int = 0
    _known: dict[_Key, _Asked] = field(default_factory=dict, repr=False, compare=False)

    def changed(self, change: Mapping[str, Tally]) -> BlindCounts:
        """Return the same with a change added; this one stays as it is."""
        sums = {
            stream_id: _sum_of(self.tallies.get(stream_id, _NOTHING), more)
            for stream_id, more in change.items()
        }
        known = dict(self._known)
        return BlindCounts(
            {**self.tallies, **sums}, (*self.changes, change)[-_MOST_CHANGES:], self.n_changes + 1, known
        )

    def cells(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_cells`` of a part, by any of its keys, as anybody may see it."""
        return self._added("cells", frame, [key for key in CELL_KEYS if key in frame.columns], part)

    def people(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_people`` of a part as anybody may see it."""
        return self._added("cells", frame, ["actor", "kind"], part, _is_of_person)

    def durations(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_durations`` of a part as anybody may see it."""
        return self._added("durations", frame, ["metric", "kind", "engine", "bin"], part)

    def weekly_durations(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_weekly_durations`` of a part as anybody may see it."""
        if not self.tallies:
            return frame
        texts = frame.astype({"metric": "str", "kind": "str"})
        return self._added("durations", texts, ["week", "metric", "kind", "bin"], part)

    def failures(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_failures`` of a part as anybody may see it."""
        return self._added("failures", frame, ["kind", "engine", "error_code"], part)

    def by_stream(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return measures that are added up by stream as anybody may see them."""
        return self._added("cells", frame, ["stream_id"], part)

    def stream_durations(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_unit_durations`` of a part as anybody may see it."""
        keys = ["stream_id", "metric", "kind", "bin"]
        return self._added("durations", frame, keys, part, _is_of_unit)

    def _added(
        self,
        source: str,
        frame: pd.DataFrame,
        keys: list[str],
        part: Part,
        only: Callable[[_Key], bool] | None = None,
    ) -> pd.DataFrame:
        """Add what is moved to the rows with its keys; measures that the frame has not are left out."""
        if not self.tallies or not (_MOVED & {*keys, *part.values}):
            # told apart by nothing that is moved, what is taken away is added again
            return frame
        values = tuple((name, tuple(allowed)) for name, allowed in part.values.items())
        asked = (source, *frame.columns, only, part.stream_id, part.since, part.until, values)
        known = self._known.get(asked)
        if known is None or known.n_changes != self.n_changes:
            sums = self._sums(known, source, keys, part, only)
            known = _Asked(self.n_changes, sums, *_laid_out(sums, keys, list(frame.columns)))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[asked] = known
        return _summed(frame, known, keys)

    def _sums(
        self,
        known: _Asked | None,
        source: str,
        keys: list[str],
        part: Part,
        only: Callable[[_Key], bool] | None,
    ) -> dict[_Key, int]:
        """Add up what is moved, from what was known of it where the changes since then are."""
        n_new = self.n_changes if known is None else self.n_changes - known.n_changes
        goes_on = known is not None and n_new <= len(self.changes)
        sums = dict(known.sums) if known is not None and goes_on else {}
        for tallies in self.changes[-n_new:] if goes_on else [self.tallies]:
            _add_sums(sums, tallies, source, keys, part, only)
        return sums


def _add_sums(
    sums: dict[_Key, int],
    tallies: Mapping[str, Tally],
    source: str,
    keys: list[str],
    part: Part,
    only: Callable[[_Key], bool] | None,
) -> None:
    """Add by the keys and the measure what is moved within a part."""
    names = _NAMES[source]
    week_at = names.index("week")
    since, until = part.since, part.until
    allowed = [(names.index(name), {*some}) for name, some in part.values.items() if name in names]
    named = [names.index(key) for key in keys if key in names]
    named += [names.index("measure")] if source == "cells" else []
    pick = itemgetter(*named) if len(named) > 1 else lambda key: tuple(key[place] for place in named)
    for stream_id, tally in tallies.items():
        if part.stream_id not in (None, stream_id):
            continue
        before = (stream_id,) if "stream_id" in keys else ()
        for key, n in getattr(tally, source).items():
            if since is not None and key[week_at] < since or until is not None and key[week_at] >= until:
                continue
            if all(key[place] in some for place, some in allowed) and (only is None or only(key)):
                place = before + pick(key)
                sums[place] = sums.get(place, 0) + n


def _is_of_person(key: _Key) -> bool:
    return bool(key[4])


def _is_of_unit(key: _Key) -> bool:
    return str(key[0]).startswith("unit_")


def _laid_out(sums: Mapping[_Key, int], keys: list[str], names: list[str]) -> tuple[list[_Key], Numbers]:
    """Lay sums out as rows of a frame with these columns: their keys, and a matrix of the measures."""
    columns = {name: place for place, name in enumerate(name for name in names if name not in keys)}
    rows: dict[_Key, list[int]] = {}
    for key, n in sums.items():
        measure = key[-1] if len(key) > len(keys) else "n"
        if n and measure in columns:
            rows.setdefault(key[: len(keys)], [0] * len(columns))[columns[measure]] = n
    return list(rows), np.array([*rows.values()], dtype="int64").reshape(len(rows), len(columns))


def _summed(frame: pd.DataFrame, known: _Asked, keys: list[str]) -> pd.DataFrame:
    """Add sums to the rows of a frame, by its keys; rows of which nothing is left are left out.

    Grouping by means of pandas takes longer than reading the frame.
    """
    if not known.rows:
        return frame
    measures = [name for name in frame.columns if name not in keys]
    rows: list[_Key] = list(zip(*(_plain(frame[key]) for key in keys), strict=True))
    places = {row: place for place, row in enumerate(rows)}
    added = [places.setdefault(row, len(places)) for row in known.rows]
    numbers = np.zeros((len(places), len(measures)), dtype="int64")
    numbers[: len(rows)] = frame[measures].to_numpy()
    numbers[added] += known.numbers
    left = {*np.flatnonzero(numbers.any(axis=1)).tolist()}
    told, order = [], []
    for row, place in sorted(places.items()):
        if place in left:
            told.append(row)
            order.append(place)
    found = pd.DataFrame(numbers[order], columns=measures)
    columns = zip(*told, strict=True) if told else ((),) * len(keys)
    for place, (key, cells) in enumerate(zip(keys, columns, strict=True)):
        found.insert(place, key, _typed(cells, frame[key]))
    return found[[*frame.columns]]


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Return the cells of a column of keys as the tallies have them: weeks as days."""
    if column.dtype.kind == "M":
        return list((column.to_numpy().astype("datetime64[us]").view("int64") // _DAY_US).tolist())
    return list(column.tolist())


def _typed(cells: Sequence[Any], like: pd.Series[Any]) -> pd.Series[Any]:
    if like.dtype.kind == "M":
        return pd.Series((np.array(cells, dtype="int64") * _DAY_US).view("datetime64[us]"), dtype=like.dtype)
    return pd.Series(cells, dtype=like.dtype)


def _sum_of(tally: Tally, more: Tally) -> Tally:
    found = Tally()
    for name in Tally.__slots__:
        counted, added = getattr(found, name), getattr(more, name)
        counted.update(getattr(tally, name))
        for key, n in added.items():
            counted[key] += n
        for key in [key for key in added if not counted[key]]:
            del counted[key]
    return found
