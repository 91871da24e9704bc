"""Writes docs/data-dictionary.md and the page at /data-dictionary from the code; run it after changes."""

from __future__ import annotations

from html import escape
from pathlib import Path

from director_lib.metrics.dictionary import (
    DescribedFrame,
    DescribedMetric,
    describe_frames,
    describe_metrics,
)

DOCUMENT = Path(__file__).with_name("data-dictionary.md")
PAGE = Path(__file__).parents[1] / "director_lib/server/templates/director/data_dictionary_body.html"
_INTRODUCTION = (
    "The frames that every metric reads, and every metric with its definition. Times are instants in UTC; "
    "what is not known is missing (NaN, NaT, <NA>), never 0. Get a frame in three lines with "
    "Workbench.insight, as a file with director metrics export, or from /api/frames/NAME.csv."
)
_MADE = "Made from the code by docs/make_data_dictionary.py; edit the code instead."
_METRICS = "Functions of `director_lib.metrics`. They take frames and return frames or rates."


def as_markdown() -> str:
    """Return the document."""
    parts = ["# Data dictionary", _MADE, _INTRODUCTION]
    parts += ["## Frames", *map(_frame_markdown, describe_frames())]
    parts += ["## Metrics", _METRICS, *map(_metric_markdown, describe_metrics())]
    return "\n\n".join(parts) + "\n"


def as_html() -> str:
    """Return the inner part of the page."""
    frames, metrics = describe_frames(), describe_metrics()
    links = "".join(f'<li><a href="#{frame.name}">{frame.name}</a></li>' for frame in frames)
    links += '<li><a href="#metrics">metrics</a></li>'
    parts = [f"<p>{escape(_INTRODUCTION)}</p>", f"<nav><ul>{links}</ul></nav>"]
    parts += map(_frame_html, frames)
    parts += ['<h2 id="metrics">metrics</h2>', *map(_metric_html, metrics)]
    return "\n".join(parts) + "\n"


def _frame_markdown(frame: DescribedFrame) -> str:
    rows = [f"| {column.name} | {column.dtype} | {column.meaning} |" for column in frame.columns]
    table = "\n".join(["| column | dtype | meaning |", "|---|---|---|", *rows])
    return f"### {frame.name}\n\n{_plain(frame.words)}\n\n{table}"


def _metric_markdown(metric: DescribedMetric) -> str:
    returns = f"\n\nGives: {_plain(metric.returns)}" if metric.returns else ""
    return f"### {metric.name}\n\n    {metric.call}\n\n{_plain(metric.words)}{returns}"


def _frame_html(frame: DescribedFrame) -> str:
    rows = "".join(
        f"<tr><td><code>{column.name}</code></td><td>{escape(column.dtype)}</td><td>{escape(column.meaning)}</td></tr>"
        for column in frame.columns
    )
    head = "<tr><th>column</th><th>dtype</th><th>meaning</th></tr>"
    return (
        f'<h2 id="{frame.name}">{frame.name}</h2>\n{_paragraphs(frame.words)}\n'
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    )


def _metric_html(metric: DescribedMetric) -> str:
    returns = f"\n<p><em>Gives:</em> {escape(_plain(metric.returns))}</p>" if metric.returns else ""
    call = f"<p><code>{escape(metric.call)}</code></p>"
    return f"<h3>{metric.name}</h3>\n{call}\n{_paragraphs(metric.words)}{returns}"


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p>{escape(part)}</p>" for part in _plain(text).split("\n\n"))


def _plain(text: str) -> str:
    return text.replace("``", "")


if __name__ == "__main__":
    for path, text in ((DOCUMENT, as_markdown()), (PAGE, as_html())):
        path.write_text(text, encoding="utf-8")
        print(path)
