"""How long checkpoints take, and how long tasks wait and render; what is still open is never left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from director_lib.domain.checkpoint import Checkpoint
from director_lib.metrics.effective import check_aware, effective_decisions
from director_lib.metrics.frames import UNIT, check_checkpoints, check_tasks
from director_lib.metrics.standing import versions_known
from director_lib.metrics.survival_bands import lasting
from director_lib.metrics.working_time import StudioHours, working_seconds

STAY = ["checkpoint", "stream_id", "segment_id", "entered_at", "decided_at"]
_UNKNOWN = dict.fromkeys(("p50_s", "p50_low_s", "p50_high_s", "p90_s"), np.nan)
_CHECKPOINT_OF = {"keyframe": Checkpoint.KEYFRAMES.value, "video": Checkpoint.VIDEOS.value}


def asset_stays(
    decisions: pd.DataFrame, versions: pd.DataFrame, *, as_of: datetime | None = None
) -> pd.DataFrame:
    """List how long each still and clip was at its checkpoint: from its first version to its approval.

    A version that comes after an approval opens the unit again and starts a new stay. Versions put back
    from history start none.

    Returns:
        One row per stay, by checkpoint, stream, segment and time: ``checkpoint`` ("keyframes" or "videos"),
        ``stream_id``, ``segment_id`` (Int64), ``entered_at``, ``decided_at`` (NaT while it is not approved).

    Raises:
        InputError: A frame is not what it should be, or ``as_of`` has no time zone.
    """
    return stays_of(effective_decisions(decisions, as_of=as_of), versions_known(versions, as_of=as_of))


def stays_of(judged: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Compute ``asset_stays`` from rows of ``effective_decisions`` and ``versions_known``."""
    made = known[known["origin"] != "restored"]
    approvals = judged[judged["is_approved"]]
    moments = pd.concat(
        [
            made[UNIT].assign(entered_at=made["created_at"], at=made["created_at"], approves=0),
            approvals[UNIT].assign(
                decided_at=approvals["decided_at"], at=approvals["decided_at"], approves=1
            ),
        ]
    ).sort_values(["at", "approves"], kind="stable")
    before = moments.groupby(UNIT)["approves"].cumsum() - moments["approves"]
    stays = (
        moments.assign(stay=before)
        .groupby([*UNIT, "stay"], as_index=False)[["entered_at", "decided_at"]]
        .min()
    )
    stays = stays[stays["entered_at"].notna()]
    stays["checkpoint"] = stays["kind"].map(_CHECKPOINT_OF).astype("str")
    stays["segment_id"] = stays["segment_id"].astype("Int64")
    return stays.sort_values(["checkpoint", "stream_id", "segment_id", "stay"])[STAY].reset_index(drop=True)


def stream_stays(checkpoints: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """List how long each stream was at its story, spec and final checkpoints, as far as known at an instant.

    Returns:
        The columns of ``asset_stays``; ``segment_id`` is NA. Stays whose begin is unknown are left out.

    Raises:
        InputError: The frame is not a checkpoints frame, or ``as_of`` has no time zone.
    """
    stays = check_checkpoints(checkpoints)
    stays = stays[stays["entered_at"].notna()]
    if as_of is not None:
        stays = stays[stays["entered_at"] <= check_aware(as_of)]
        stays = stays.assign(decided_at=stays["decided_at"].where(stays["decided_at"] <= as_of))
    return stays.assign(segment_id=pd.array([pd.NA] * len(stays), dtype="Int64"))[STAY].reset_index(drop=True)


def checkpoint_times(
    stays: pd.DataFrame, *, as_of: datetime, hours: StudioHours | None = None
) -> pd.DataFrame:
    """Compute how long the checkpoints take, in calendar time and in working time.

    p50 and p90 by Kaplan–Meier over entered → decided; open stays are censored at ``as_of``. Never an
    average: one forgotten stream would rule it.

    Args:
        stays: From ``asset_stays``, ``stream_stays``, or both together.
        as_of: Aware instant up to which open stays were watched.
        hours: When the studio works; working time is what of a stay lies within. None leaves it unknown.

    Returns:
        One row for each of the five checkpoints in their order: ``checkpoint``, ``n`` (stays), ``n_open``,
        in calendar time ``p50_s``, ``p50_low_s``, ``p50_high_s`` (its 95 % interval) and ``p90_s``, the same
        in working time as ``working_p50_s``, ``working_p50_low_s``, ``working_p50_high_s`` and
        ``working_p90_s`` (float64, NaN when not reached, without data, or without ``hours``).

    Raises:
        InputError: ``as_of`` has no time zone.
    """
    until = stays["decided_at"].fillna(pd.Timestamp(check_aware(as_of)))
    calendar_s = (until - stays["entered_at"]).dt.total_seconds().clip(lower=0)
    working_s = None if hours is None else working_seconds(stays["entered_at"], until, hours)
    ended = stays["decided_at"].notna()
    rows = []
    for checkpoint in Checkpoint:
        here = stays["checkpoint"] == checkpoint.value
        working = _UNKNOWN if working_s is None else _spread(working_s[here], ended[here])
        rows.append(
            {
                "checkpoint": checkpoint.value,
                "n": int(here.sum()),
                "n_open": int((here & ~ended).sum()),
                **_spread(calendar_s[here], ended[here]),
                **{f"working_{name}": value for name, value in working.items()},
            }
        )
    return pd.DataFrame(rows)


def task_parts(tasks: pd.DataFrame, *, as_of: datetime) -> pd.DataFrame:
    """Compute how long tasks wait in the queue and how long they render.

    Queue: queued → started. Render: started → succeeded. Tasks that still wait or run are censored at
    ``as_of``, those cancelled or failed at their end: they would have taken at least that long.

    Args:
        tasks: A tasks frame.
        as_of: Aware instant.

    Returns:
        Per kind ("keyframe", "video") and part ("queue", "render"), in that order: ``kind``, ``part``, ``n``,
        ``n_open`` (censored), ``p50_s``, ``p50_low_s``, ``p50_high_s`` (its 95 % interval), ``p90_s``
        (float64, NaN when not reached or without data).

    Raises:
        InputError: The frame is not a tasks frame, or ``as_of`` has no time zone.
    """
    known = check_tasks(tasks)
    known = known[known["queued_at"] <= check_aware(as_of)]
    started = known["started_at"].where(known["started_at"] <= as_of)
    ended = known["ended_at"].where(known["ended_at"] <= as_of)
    queue = pd.DataFrame({"entered_at": known["queued_at"], "decided_at": started})
    render = pd.DataFrame({"entered_at": started, "decided_at": ended.where(known["state"] == "succeeded")})
    rows = []
    for kind in _CHECKPOINT_OF:
        of_kind = known["kind"] == kind
        for part, stays in (("queue", queue), ("render", render)):
            until = stays["decided_at"].fillna(ended).fillna(as_of)
            rows.append(
                {
                    "kind": kind,
                    "part": part,
                    **_quantiles(stays, until, of_kind & stays["entered_at"].notna()),
                }
            )
    return pd.DataFrame(rows)


def _quantiles(stays: pd.DataFrame, until: pd.Series[Any], chosen: pd.Series[bool]) -> dict[str, object]:
    lasted = (
        (until[chosen] - stays.loc[chosen, "entered_at"])
        .dt.total_seconds()
        .clip(lower=0)
        .to_numpy(dtype=float)
    )
    ended = stays.loc[chosen, "decided_at"].notna().to_numpy()
    return {"n": int(chosen.sum()), "n_open": int((~ended).sum()), **_spread(lasted, ended)}


def _spread(lasted_s: npt.ArrayLike, ended: npt.ArrayLike) -> dict[str, float]:
    half, most = lasting(lasted_s, ended), lasting(lasted_s, ended, 0.9)
    values = (half.value_s, half.low_s, half.high_s, most.value_s)
    return {name: np.nan if value is None else value for name, value in zip(_UNKNOWN, values, strict=True)}
