"""The metrics of a stream or of the studio as blocks of a report."""

from __future__ import annotations

from collections.abc import Iterable

from director_lib.batch.paper_blocks import (
    Block,
    Definitions,
    Figure,
    Figures,
    Grid,
    Heading,
    Paper,
    Picture,
)
from director_lib.domain.how_many import how_many
from director_lib.metrics.cards import Card
from director_lib.metrics.chart_set import Chart
from director_lib.metrics.summary import MetricsSummary
from director_lib.metrics.tables import Table
from director_lib.metrics.words import NO_DATA, NOT_YET

_TABLES = ("segments", "engines", "times", "costs", "decisions")
_ROWS = 25


def summary_paper(summary: MetricsSummary, charts: Iterable[Chart]) -> Paper:
    """Return a summary's numbers, charts and tables, and what exactly is counted.

    Args:
        charts: Their SVG is taken as it is; it comes from our own drawing.
    """
    local = summary.updated_at.astimezone(summary.findings.zone)
    tables = {table.key: table for table in summary.tables}
    blocks: list[Block] = [
        Heading(summary.title, 1, f"As of {local:%Y-%m-%d %H:%M} ({summary.findings.zone})"),
        Figures(tuple(map(figure_of, summary.cards))),
        *(Picture(chart.title, chart.svg, chart.description) for chart in charts),
        *(grid_of(tables[key]) for key in _TABLES if key in tables),
        definitions_of(summary.cards),
    ]
    return Paper(tuple(blocks), outcome=_outcome(summary))


def figure_of(card: Card) -> Figure:
    """Return a card as a figure."""
    return Figure(
        card.label, card.value, card.interval, card.basis, is_empty=card.value in (NO_DATA, NOT_YET)
    )


def grid_of(table: Table, limit: int = _ROWS) -> Grid:
    """Return the first rows of a table, and how many are left out."""
    left_out = len(table.rows) - limit
    return Grid(
        table.title,
        tuple((column.label, column.align) for column in table.columns),
        tuple(tuple(row[column.key] or "–" for column in table.columns) for row in table.rows[:limit]),
        f"{how_many(left_out, 'more row is', 'more rows are')} on the metrics page." if left_out > 0 else "",
    )


def definitions_of(cards: Iterable[Card]) -> Definitions:
    """Return what the cards count."""
    return Definitions("What is counted", tuple((card.label, card.definition) for card in cards))


def _outcome(summary: MetricsSummary) -> str:
    rate = summary.findings.approval
    return f"{summary.title}: {how_many(rate.n, 'decision')}, {how_many(rate.k, 'approval')}"
