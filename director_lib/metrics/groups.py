"""Approval compared between groups: by kind, checkpoint, engine, model, person, stream, prompt or week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import pandas as pd

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.variant_arm import WITHHELD
from director_lib.metrics.approval import approval_by
from director_lib.metrics.effective import Window, approving, effective_decisions, first_of, within
from director_lib.metrics.frames import check_checkpoints, check_versions
from director_lib.metrics.intervals import rate_columns
from director_lib.metrics.shrinkage import shrunken_rates
from director_lib.metrics.trend import local_weeks

FOUND_ON_DISK = "found on disk"
_SHORT = {"": FOUND_ON_DISK, WITHHELD: "not told yet"}
"""What an engine is called that nobody knows: the file was put there by hand."""

Attempts = Literal["first", "all"]
_CHECKPOINT_OF = {"keyframe": Checkpoint.KEYFRAMES.value, "video": Checkpoint.VIDEOS.value}
_FACTS = ["version_id", "origin", "engine", "model", "image_prompt", "motion_prompt"]


def grouped_approval(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    by: Sequence[str],
    *,
    attempts: Attempts = "first",
    window: Window | None = None,
    as_of: datetime | None = None,
) -> pd.DataFrame:
    """Rate approval in groups, as observed, and drawn towards the rate of all groups.

    Args:
        decisions: A decisions frame.
        versions: A versions frame, to know what made what was judged.
        by: One or more of "kind", "checkpoint", "stream_id", "actor", "attempt", "engine", "model", "origin",
            "image_prompt", "motion_prompt". A version of an unknown engine was "found on disk"; one with
            another unknown fact is left out where that fact is asked for.
        attempts: "first" compares first judged attempts (quality); "all" every decision (work). Later
            attempts look worse because only the hard segments are left.
        window: By the time of the decision.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        One row per group, by the group: the columns of ``by``, ``n``, ``k``, ``rate``, ``low``, ``high``
        (Wilson), ``shrunken``, ``shrunken_low``, ``shrunken_high`` (see ``shrunken_rates``). Empty without
        decisions. The cases of groups differ, so what is seen here is no effect of the group.

    Raises:
        InputError: A frame is not what it should be, or an instant has no time zone.
        KeyError: There is no such group.
    """
    judged = effective_decisions(decisions, as_of=as_of)
    judged = within(first_of(judged) if attempts == "first" else judged, window)
    return with_shrunken(approval_by(with_facts(judged, versions), by))


def weekly_groups(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    by: str,
    *,
    time_zone: str,
    as_of: datetime | None = None,
) -> pd.DataFrame:
    """Rate first-pass approval of each group week by week, in the studio's time, to see drift.

    Returns:
        One row per group and ISO week with a decision: ``by``, ``week_start`` (datetime64[us], local
        Monday), ``n``, ``k``, ``rate``, ``low``, ``high``. Empty without decisions.

    Raises:
        InputError: A frame is not what it should be, an instant has no time zone, or there is no such zone.
        KeyError: There is no such group.
    """
    first = with_facts(first_of(effective_decisions(decisions, as_of=as_of)), versions)
    weeks = local_weeks(first["decided_at"], time_zone)
    return approval_by(first.assign(week_start=weeks), [by, "week_start"])


def checkpoint_approval(
    decisions: pd.DataFrame,
    checkpoints: pd.DataFrame,
    *,
    window: Window | None = None,
    as_of: datetime | None = None,
) -> pd.DataFrame:
    """Rate decisions at each of the five checkpoints.

    At keyframes and videos a case is an effective decision about a still or a clip; at story, spec and final
    it is a verdict on the stream that ended a stay.

    Returns:
        One row per checkpoint in their order, all five: ``checkpoint``, ``n``, ``k``, ``rate``, ``low``,
        ``high``; n = 0 and NaN where nothing was decided.

    Raises:
        InputError: A frame is not what it should be, or an instant has no time zone.
    """
    judged = within(effective_decisions(decisions, as_of=as_of), window)
    stays = check_checkpoints(checkpoints)
    ended = within(stays[stays["decided_at"].notna()], (None, as_of))
    gates = within(ended, window)
    approved = approving(gates["decision"])
    cases = pd.concat(
        [
            pd.DataFrame({"checkpoint": judged["kind"].map(_CHECKPOINT_OF), "ok": judged["is_approved"]}),
            pd.DataFrame({"checkpoint": gates["checkpoint"], "ok": approved}),
        ]
    )
    order = pd.Index([checkpoint.value for checkpoint in Checkpoint], name="checkpoint")
    counts = cases.groupby("checkpoint")["ok"].agg(["sum", "size"]).reindex(order, fill_value=0)
    return rate_columns(counts["sum"].astype("int64"), counts["size"]).reset_index()


def with_facts(judged: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    """Add to judgements what made the version: ``checkpoint``, ``origin``, ``engine``, ``model``, prompts."""
    known = check_versions(versions)[_FACTS]
    found = known.assign(engine=known["engine"].fillna(FOUND_ON_DISK))
    found["model"] = found["model"].where(known["model"].notna(), known["engine"].fillna(FOUND_ON_DISK))
    rows = judged.drop(columns=[name for name in _FACTS[1:] if name in judged.columns])
    rows = rows.merge(found, on="version_id", how="left")
    return rows.assign(checkpoint=rows["kind"].map(_CHECKPOINT_OF))


def with_shrunken(rates: pd.DataFrame) -> pd.DataFrame:
    """Add to rows with ``k`` and ``n`` their rates drawn towards that of all; see ``shrunken_rates``."""
    return pd.concat([rates, shrunken_rates(rates["k"], rates["n"])], axis=1)


def problem_groups(rates: pd.DataFrame, *, min_n: int = 5) -> pd.DataFrame:
    """Order groups by how sure it is that they give trouble: by the upper bound of their shrunken rate.

    Args:
        rates: From ``grouped_approval``.
        min_n: Groups with fewer cases are left out: there is not enough data to say anything.

    Returns:
        Rows of ``rates``, the surest trouble first. Empty when no group has enough cases.
    """
    enough = rates[rates["n"] >= min_n]
    return enough.sort_values(["shrunken_high", "n"], ascending=[True, False]).reset_index(drop=True)


def short_name(engine_or_model: str) -> str:
    """Return what an engine or model is called where there is little room; "" was found on disk."""
    return _SHORT.get(engine_or_model, engine_or_model)
