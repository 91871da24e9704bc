"""The studio's week: what was decided, what passed at once, what was made again, and what it cost."""

from __future__ import annotations

from contextlib import suppress

from director_lib.batch.paper_blocks import Block, Definitions, Figures, Heading, Paper, Paragraph, Picture
from director_lib.batch.showing import show, tell
from director_lib.batch.week_figures import week_figures
from director_lib.batch.week_grids import week_grids
from director_lib.batch.weekly_facts import StudioHistory, WeekFacts
from director_lib.batch.weeks import Week, find_week
from director_lib.domain.how_many import how_many
from director_lib.errors import StreamFileError
from director_lib.metrics.charts import approval_trend
from director_lib.metrics.trend import weekly_approval
from director_lib.workbench import Workbench

_WEEKS_DRAWN = 16
_TERMS = (
    (
        "First-pass approval",
        "Of the stills and clips that were judged for the first time in this week, the share whose first "
        "judged version was approved. This is the measure of quality.",
    ),
    (
        "Decision approval rate",
        "Of all decisions of this week that count, the share that approved. Every retry adds a decision, so "
        "it measures the work of deciding.",
    ),
    (
        "Made again",
        "Decisions “regenerate” and “adjust prompt” of this week that led to a new version.",
    ),
    (
        "Spent",
        "What the versions that were made in this week cost, those thrown away included, and what was billed "
        "in this week for attempts that failed and made none.",
    ),
    (
        "Cost per approved segment",
        "What everything that was begun until the week's end has cost – rejected, abandoned, failed but "
        "billed – divided by the segments whose still and clip were both approved then.",
    ),
    (
        "Intervals",
        "95 % Wilson intervals. Weeks that differ by less than their intervals need not differ at all.",
    ),
)


def weekly_studio_report(week: str = "") -> None:
    """Display the report on a week of the whole studio, on behalf of the local user.

    Args:
        week: ISO year and week like "2026-W46"; the last whole one when "".

    Raises:
        InputError: There is no such week.
    """
    with Workbench.open() as workbench:
        studio = workbench.studio
        chosen = find_week(week, studio.settings.time_zone, studio.clock())
        tell("reading decisions and versions", 0.2)
        insight = workbench.insight
        history = StudioHistory(
            insight.decisions(), insight.versions(), insight.tasks(), insight.bills(), _titles(workbench)
        )
    tell("drawing", 0.6)
    show(week_paper(history, chosen))


def week_paper(history: StudioHistory, week: Week) -> Paper:
    """Set the report on a week."""
    facts, before = WeekFacts(history, week), WeekFacts(history, week.before())
    zone = str(week.zone)
    blocks: list[Block] = [
        Heading(f"The studio in week {week.monday.isocalendar().week}", 1, f"{week.words} ({zone})")
    ]
    if week.is_running:
        blocks.append(Paragraph("This week is not over. Do not compare it with whole weeks.", "warning"))
    blocks += [Figures(week_figures(facts, before)), _trend(history, week), *week_grids(facts)]
    blocks.append(Definitions("What is counted", _TERMS))
    rate = facts.approval
    told = (
        how_many(rate.n, "decision"),
        how_many(rate.k, "approval"),
        how_many(len(facts.made), "new version"),
    )
    return Paper(tuple(blocks), f"{week.name}: {', '.join(told)}")


def _trend(history: StudioHistory, week: Week) -> Picture:
    weekly = weekly_approval(history.decisions, time_zone=str(week.zone), as_of=week.known_until)
    # at a week's last instant the next one would already run
    shown = weekly[weekly["week_start"].dt.date <= week.monday].tail(_WEEKS_DRAWN)
    shown = shown.assign(is_running=(shown["week_start"].dt.date == week.monday) & week.is_running)
    drawing = approval_trend(shown, theme="light")
    return Picture("Approval by week", drawing, _trend_words(len(shown) if drawing else 0))


def _trend_words(n_weeks: int) -> str:
    if not n_weeks:
        return "Nobody decided anything until then."
    if n_weeks == 1:
        return (
            "This week alone. The line is the 95 % interval of first-pass approval; the bar counts decisions."
        )
    return (
        f"The {n_weeks} weeks up to this one. The band is the 95 % interval of first-pass approval; the bars "
        "count decisions."
    )


def _titles(workbench: Workbench) -> dict[str, str]:
    titles = {}
    for stream_id in workbench.streams.list_ids():
        with suppress(StreamFileError):
            titles[stream_id] = workbench.streams.get(stream_id).title
    return titles
