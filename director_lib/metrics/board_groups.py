"""Approval compared between groups on the live page, made from counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from director_lib.domain.checkpoint import Checkpoint
from director_lib.metrics.adding import added_by
from director_lib.metrics.board_cards import BoardCounts
from director_lib.metrics.effective import approving
from director_lib.metrics.groups import short_name
from director_lib.metrics.intervals import Rate, rate, rates
from director_lib.metrics.shrinkage import shrunken_means
from director_lib.metrics.words import percent, span

Json = dict[str, Any]
GROUPS = {"engine": "Engine", "model": "Model", "kind": "Stills and clips", "actor": "Person"}
FEW = 5
_LONGEST = 24
_KINDS = {"keyframe": "stills", "video": "clips"}
_CHECKPOINTS = {"keyframe": Checkpoint.KEYFRAMES.value, "video": Checkpoint.VIDEOS.value}


def group_plots(found: BoardCounts, gates: pd.DataFrame) -> list[Json]:
    """Return approval by engine, model, kind, person and checkpoint.

    Args:
        found: The counts.
        gates: Verdicts at story, spec and final within the choice: ``checkpoint``, ``decision``.

    Returns:
        For each: ``key``, ``title``, ``of`` ("first" or "all" attempts), ``rows`` by size, each with ``key``,
        ``label``, ``k``, ``n``, ``value``, ``low``, ``high``, ``shrunken`` (drawn towards all; None for
        checkpoints), ``text``, ``is_few`` (not enough data), and ``rows`` (what is behind it) with ``by``
        and ``by_value`` to narrow that down to the group. Groups of one are left out.
    """
    plots = [_plot(found, by, title) for by, title in GROUPS.items()]
    return [plot for plot in plots if len(plot["rows"]) > 1] + [_checkpoints(found, gates)]


def _plot(found: BoardCounts, by: str, title: str) -> Json:
    source = found.counts.people if by == "actor" else found.counts.cells
    groups, sums = added_by(source, by, ("first_approved", "first"))
    first = pd.Series(sums[:, 1])
    shown = first[first > 0].sort_values(ascending=False).index[:_LONGEST]
    k, n = sums[shown].T
    keys = [groups[place] for place in shown]
    shrunken = shrunken_means(pd.Series(k), pd.Series(n)).tolist()
    rows = [
        _row(key, _label(by, key), found, drawn)
        for key, found, drawn in zip(keys, rates(k, n), shrunken, strict=True)
    ]
    behind = [{"rows": "first_pass", "by": by, "by_value": row["key"]} for row in rows]
    return {"key": by, "title": title, "of": "first", "rows": _joined(rows, behind)}


def _checkpoints(found: BoardCounts, gates: pd.DataFrame) -> Json:
    verdicts = pd.DataFrame({"checkpoint": gates["checkpoint"], "k": approving(gates["decision"]), "n": 1})
    counted = _counted(verdicts, "checkpoint", "k", "n")
    for kind, k_of_n in _counted(found.counts.cells, "kind", "approved", "effective").items():
        counted[_CHECKPOINTS.get(kind, kind)] = k_of_n
    rows = [
        _row(checkpoint.value, checkpoint.value, rate(*counted[checkpoint.value]), None)
        for checkpoint in Checkpoint
        if counted.get(checkpoint.value, (0, 0))[1]
    ]
    kinds = {checkpoint: kind for kind, checkpoint in _CHECKPOINTS.items()}
    behind = [
        {"rows": "decisions", "by": "kind", "by_value": kinds[row["key"]]}
        if row["key"] in kinds
        else {"rows": "gates", "by": "checkpoint", "by_value": row["key"]}
        for row in rows
    ]
    return {"key": "checkpoint", "title": "Checkpoint", "of": "all", "rows": _joined(rows, behind)}


def _joined(rows: list[Json], behind: list[Json]) -> list[Json]:
    return [row | more for row, more in zip(rows, behind, strict=True)]


def _counted(rows: pd.DataFrame, by: str, k: str, n: str) -> dict[str, tuple[int, int]]:
    groups, sums = added_by(rows, by, (k, n))
    return {group: (hits, cases) for group, (hits, cases) in zip(groups, sums.tolist(), strict=True)}


def _row(key: str, label: str, found: Rate, shrunken: float | None) -> Json:
    return {
        "key": key,
        "label": label,
        "k": found.k,
        "n": found.n,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "shrunken": shrunken,
        "is_few": found.n < FEW,
        "text": f"{percent(found.value)} of {found.n:,}, 95 % interval {span(found.low, found.high)}",
    }


def _label(by: str, key: str) -> str:
    if by == "kind":
        return _KINDS.get(key, key)
    return short_name(key)
