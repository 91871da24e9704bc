"""What is known of one week, by the same functions as every other metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from director_lib.batch.weeks import Week
from director_lib.metrics.approval import rate_of
from director_lib.metrics.cost import bills_known, cost_of, costs_by_segment
from director_lib.metrics.effective import effective_decisions, first_of, within
from director_lib.metrics.intervals import Rate
from director_lib.metrics.ratios import Ratio, ratio
from director_lib.metrics.regenerations import regenerations_of
from director_lib.metrics.standing import standings_of, versions_known

_FAILED = "failed"


@dataclass(frozen=True)
class StudioHistory:
    """The whole studio's frames, and what its streams are called.

    Attributes:
        bills: What was billed without making a version.
    """

    decisions: pd.DataFrame
    versions: pd.DataFrame
    tasks: pd.DataFrame
    bills: pd.DataFrame
    titles: Mapping[str, str]

    def title(self, stream_id: str) -> str:
        """Return what to call a stream."""
        return self.titles.get(stream_id) or stream_id


class WeekFacts:
    """One week of a history, as it was known at that week's end."""

    def __init__(self, history: StudioHistory, week: Week) -> None:
        self.history = history
        self.week = week

    @cached_property
    def _judged_until(self) -> pd.DataFrame:
        return effective_decisions(self.history.decisions, as_of=self.week.known_until)

    @cached_property
    def _known(self) -> pd.DataFrame:
        return versions_known(self.history.versions, as_of=self.week.known_until)

    @cached_property
    def judged(self) -> pd.DataFrame:
        """Decisions of the week that count."""
        return within(self._judged_until, self.week.window)

    @cached_property
    def first(self) -> pd.DataFrame:
        """First judged attempts of the week."""
        return within(first_of(self._judged_until), self.week.window)

    @cached_property
    def again(self) -> pd.DataFrame:
        """Decisions of the week that led to a new version."""
        return within(regenerations_of(self._judged_until, self._known), self.week.window)

    @cached_property
    def made(self) -> pd.DataFrame:
        """Versions that engines made in the week."""
        made = self._known[self._known["origin"] == "generated"]
        return within(made, self.week.window, "created_at")

    @cached_property
    def standings(self) -> pd.DataFrame:
        """Every still and clip as it stood at the week's end."""
        return standings_of(self._judged_until, self._known)

    @cached_property
    def failed(self) -> pd.DataFrame:
        """Tasks that failed in the week."""
        tasks = within(self.history.tasks, self.week.window, "ended_at")
        return tasks[tasks["state"] == _FAILED]

    @property
    def approval(self) -> Rate:
        """Decision approval rate."""
        return rate_of(self.judged)

    @property
    def first_pass(self) -> Rate:
        """First-pass approval rate."""
        return rate_of(self.first)

    @cached_property
    def lost(self) -> pd.DataFrame:
        """What was billed in the week without making a version."""
        return within(
            bills_known(self.history.bills, as_of=self.week.known_until), self.week.window, "billed_at"
        )

    @property
    def lost_usd(self) -> float:
        """What the week's failed attempts were billed."""
        return float(self.lost["billed_usd"].sum())

    @property
    def cost_usd(self) -> float:
        """What the week cost: its versions, and what was billed without making one."""
        return float(self.made["cost_usd"].sum()) + self.lost_usd

    @cached_property
    def per_approved(self) -> Ratio:
        """Cost per approved segment over everything begun until the week's end, with its interval."""
        known = bills_known(self.history.bills, as_of=self.week.known_until)
        rows = costs_by_segment(self.standings, self._known, known)
        return ratio(rows["cost_usd"], rows["approved"])

    @property
    def n_approved(self) -> int:
        """Segments whose still and clip were both approved at the week's end."""
        return cost_of(self.standings).n_approved

    @property
    def n_open(self) -> int:
        """Stills and clips that waited for a decision at the week's end."""
        return int((self.standings["state"] == "open").sum())
