"""How long each checkpoint takes, for the live page: calendar time, and working time where it is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from director_lib.domain.checkpoint import Checkpoint
from director_lib.metrics.binned import STAYS
from director_lib.metrics.board_cards import BoardCounts
from director_lib.metrics.board_choice import BoardChoice, running_week
from director_lib.metrics.effective import within
from director_lib.metrics.timing import checkpoint_times, stream_stays
from director_lib.metrics.words import NOT_YET, duration, is_unknown
from director_lib.metrics.working_time import StudioHours

Json = dict[str, Any]
_KINDS = {Checkpoint.KEYFRAMES.value: ("keyframe", "stills"), Checkpoint.VIDEOS.value: ("video", "clips")}


def stays_at_gates(
    gates: pd.DataFrame, choice: BoardChoice, *, as_of: datetime, time_zone: str
) -> pd.DataFrame:
    """List the stays of whole streams that began within a choice: none when it is about less than streams.

    Returns:
        The columns of ``timing.stream_stays``.

    Raises:
        InputError: It is no checkpoints frame, or there is no such time zone.
    """
    stays = stream_stays(gates, as_of=as_of)
    if (choice.actor, choice.engine, choice.model, choice.kind) != (None,) * 4:
        return stays.head(0)
    span = choice.span(running_week(as_of, time_zone), time_zone)
    return within(stays, span, "entered_at")


def checkpoints_plot(
    found: BoardCounts, stays: pd.DataFrame, hours: StudioHours | None, *, as_of: datetime
) -> list[Json]:
    """Return how long checkpoints take, in their order, those without a stay left out; nothing by person.

    Args:
        found: The counts, which know calendar time alone.
        stays: From ``stays_at_gates``.
        hours: When the studio works; None leaves working time out.
        as_of: Aware instant up to which open stays were watched.
    """
    if found.choice.actor is not None:
        return []
    gates = {str(row["checkpoint"]): row for row in _times(stays, hours, as_of)}
    rows = []
    for checkpoint in (each.value for each in Checkpoint):
        if checkpoint in _KINDS:
            row = _counted(found, *_KINDS[checkpoint])
        else:
            row = _of_gate(checkpoint, gates.get(checkpoint))
        if row is not None:
            rows.append({"checkpoint": checkpoint} | row)
    return rows


def _times(stays: pd.DataFrame, hours: StudioHours | None, as_of: datetime) -> list[dict[Any, Any]]:
    return [] if stays.empty else checkpoint_times(stays, as_of=as_of, hours=hours).to_dict("records")


def _counted(found: BoardCounts, kind: str, thing: str) -> Json | None:
    if found.choice.kind not in (None, kind):
        return None
    times = found.bins.pick(STAYS, kind)
    if not times.n:
        return None
    half, most = times.quantile(0.5).value_s, times.quantile(0.9).value_s
    behind = {"rows": "stays", "by": "kind", "by_value": kind}
    return {
        "label": thing,
        "n": times.n,
        "n_open": times.n_open,
        "working": "",
        **_told(half, most),
        **behind,
    }


def _of_gate(checkpoint: str, row: dict[Any, Any] | None) -> Json | None:
    if row is None or not row["n"]:
        return None
    half, most, working = (
        None if is_unknown(row[name]) else float(row[name]) for name in ("p50_s", "p90_s", "working_p50_s")
    )
    behind = {"rows": "gate_stays", "by": "checkpoint", "by_value": checkpoint}
    counted = {"label": checkpoint, "n": int(row["n"]), "n_open": int(row["n_open"])}
    return counted | {"working": "" if working is None else duration(working), **_told(half, most), **behind}


def _told(half_s: float | None, most_s: float | None) -> Json:
    p50, p90 = (NOT_YET if seconds is None else duration(seconds) for seconds in (half_s, most_s))
    return {"p50_s": half_s, "p90_s": most_s, "p50": p50, "p90": p90}
