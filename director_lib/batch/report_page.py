"""A summary as HTML for a report; every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from director_lib.metrics.cards import Card
from director_lib.metrics.chart_set import Chart
from director_lib.metrics.summary import MetricsSummary
from director_lib.metrics.tables import Table

_STYLE = Path(__file__).with_name("report.css")
_TABLES = ("segments", "engines", "times", "costs", "decisions")
_ROWS = 25


def report_html(summary: MetricsSummary, charts: Iterable[Chart]) -> str:
    """Return a report's cards, charts and tables.

    Args:
        summary: What to show.
        charts: Their SVG is taken as it is; it comes from our own drawing.

    Returns:
        One ``article`` with its own style, for a notebook's output.
    """
    local = summary.updated_at.astimezone(summary.findings.zone)
    tables = {table.key: table for table in summary.tables}
    parts = [
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style>",
        '<article class="dl-report">',
        f"<header><h1>{escape(summary.title)}</h1>",
        f"<p>As of {local:%Y-%m-%d %H:%M} ({escape(str(summary.findings.zone))})</p></header>",
        f'<section class="cards">{"".join(map(_card, summary.cards))}</section>',
        *(_chart(chart) for chart in charts),
        *(_table(tables[key]) for key in _TABLES if key in tables),
        _definitions(summary.cards),
        "</article>",
    ]
    return "\n".join(parts)


def _card(card: Card) -> str:
    nothing = ' class="nothing"' if card.value == "no data" else ""
    return (
        f"<div><h2>{escape(card.label)}</h2><p{nothing}><strong>{escape(card.value)}</strong></p>"
        f"<p>{escape(card.interval)}</p><p>{escape(card.basis)}</p></div>"
    )


def _chart(chart: Chart) -> str:
    words = f"<figcaption>{escape(chart.description)}</figcaption>"
    picture = chart.svg or '<p class="nothing">no data</p>'
    return f"<figure><h2>{escape(chart.title)}</h2>{picture}{words}</figure>"


def _table(table: Table) -> str:
    head = "".join(f'<th class="{column.align}">{escape(column.label)}</th>' for column in table.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{column.align}">{escape(row[column.key] or "")}</td>' for column in table.columns
        )
        + "</tr>"
        for row in table.rows[:_ROWS]
    )
    if not table.rows:
        return f'<section><h2>{escape(table.title)}</h2><p class="nothing">no data</p></section>'
    left_out = len(table.rows) - _ROWS
    more = f"<p>{left_out:,} more rows are on the metrics page.</p>" if left_out > 0 else ""
    return (
        f"<section><h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{more}</section>"
    )


def _definitions(cards: Iterable[Card]) -> str:
    rows = "".join(f"<dt>{escape(card.label)}</dt><dd>{escape(card.definition)}</dd>" for card in cards)
    return f"<section><h2>What is counted</h2><dl>{rows}</dl></section>"
