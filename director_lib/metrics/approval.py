"""Three approval rates that must not be confused: of decisions, of first attempts, and eventual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from director_lib.metrics.effective import Window, effective_decisions, first_judged, within
from director_lib.metrics.frames import check_decisions
from director_lib.metrics.intervals import Rate, rate, rate_columns
from director_lib.metrics.standing import unit_standings


@dataclass(frozen=True, slots=True)
class Eventual:
    """What became of the units that were entered: the three always add up to ``entered``."""

    entered: int
    approved: Rate
    rejected: int
    open: int


def decision_approval(
    decisions: pd.DataFrame, *, window: Window | None = None, as_of: datetime | None = None
) -> Rate:
    """Rate how many effective decisions approve: effective approvals ÷ effective decisions.

    By the time of the decision. It measures the work of deciding, not quality: every retry adds a decision.

    Args:
        decisions: A decisions frame.
        window: Decisions of this time only.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        The rate with its Wilson interval; n = 0 and the value None without decisions.

    Raises:
        InputError: The frame is not a decisions frame, or an instant has no time zone.
    """
    return rate_of(within(effective_decisions(decisions, as_of=as_of), window))


def first_pass_approval(
    decisions: pd.DataFrame, *, window: Window | None = None, as_of: datetime | None = None
) -> Rate:
    """Rate how many units were approved at once.

    Units whose first judged attempt is approved ÷ units with a judged attempt; a unit belongs to the window
    of that first decision. This is the measure of quality (first-pass yield).

    Args:
        decisions: A decisions frame.
        window: Units first judged in this time only.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        The rate with its Wilson interval; n = 0 and the value None when nothing was judged.

    Raises:
        InputError: The frame is not a decisions frame, or an instant has no time zone.
    """
    return rate_of(within(first_judged(decisions, as_of=as_of), window))


def eventual_approval(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    *,
    window: Window | None = None,
    as_of: datetime | None = None,
) -> Eventual:
    """Count what became of the units entered in a window: approved, rejected (sent back) or still open.

    The rate is approved ÷ entered, open ones included below the line. On a young cohort it is low because
    most are open, so the three counts belong together.

    Args:
        decisions: A decisions frame.
        versions: A versions frame.
        window: Units whose first version came in this time only.
        as_of: Aware instant; None takes everything recorded.

    Returns:
        The counts; all 0 without versions.

    Raises:
        InputError: A frame is not what it should be, or an instant has no time zone.
    """
    return eventual_of(within(unit_standings(decisions, versions, as_of=as_of), window, "entered_at"))


def eventual_of(entered: pd.DataFrame) -> Eventual:
    """Count the states of rows of ``unit_standings``."""
    counts = entered["state"].value_counts()
    approved = int(counts.get("approved", 0))
    return Eventual(
        len(entered), rate(approved, len(entered)), int(counts.get("rejected", 0)), int(counts.get("open", 0))
    )


def undo_rate(decisions: pd.DataFrame, *, window: Window | None = None) -> Rate:
    """Rate how many decisions were taken back ÷ all decisions; the only place where undone ones count.

    Raises:
        InputError: The frame is not a decisions frame, or an instant has no time zone.
    """
    made = within(check_decisions(decisions), window)
    return rate(int(made["undone_at"].notna().sum()), len(made))


def approval_by(judged: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Rate approvals in groups.

    Args:
        judged: Rows with ``is_approved``, from ``effective_decisions`` or ``first_judged``.
        by: Columns to group by; rows where one is unknown are left out.

    Returns:
        One row per group, sorted by the group: the ``by`` columns, ``n``, ``k``, ``rate``, ``low``, ``high``.
        Empty without rows. Groups are compared as observed: their cases differ.

    Raises:
        KeyError: A column is missing.
    """
    groups = judged.groupby(list(by))["is_approved"].agg(["sum", "size"])
    return rate_columns(groups["sum"], groups["size"]).reset_index()


def rate_of(judged: pd.DataFrame) -> Rate:
    """Rate approvals among rows with ``is_approved``, from ``effective_decisions`` or ``first_judged``."""
    return rate(int(judged["is_approved"].sum()), len(judged))
