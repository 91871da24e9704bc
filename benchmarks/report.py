"""What was measured, as a table for people: medians, ranges, limits, and the old dashboard's numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_HEADINGS = ("what", "size", "median", "range", "p95", "limit", "runs", "before", "")
_MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Repeated measurements of one thing.

    Attributes:
        size: What it depends on ("200 segments"), or "".
        values_ms: One value per run, in milliseconds unless ``unit`` says otherwise; at least one.
        before_ms: The same in the dashboard that was used until now; None when it could not do it.
        limit: What 95 of 100 runs have to stay within, in the same unit; None when nothing was promised.
        unit: What the values are: "ms", "%", "×", "kB", "MB" or "nodes".
        by_median: Whether the limit is for the median instead of 95 of 100 runs.
    """

    what: str
    size: str
    values_ms: Sequence[float]
    before_ms: float | None = None
    limit: float | None = None
    unit: str = "ms"
    by_median: bool = False

    @property
    def median_ms(self) -> float:
        """The middle of the timings."""
        return median(self.values_ms)

    @property
    def p95_ms(self) -> float:
        """The smallest value that 95 of 100 runs stay within; of fewer than twenty runs, the largest."""
        return sorted(self.values_ms)[math.ceil(0.95 * len(self.values_ms)) - 1]

    def shown(self, value: float) -> str:
        """Write a value with its unit."""
        if self.unit == "ms":
            return duration(value)
        return f"{value:,.0f} {self.unit}" if abs(value) >= 100 else f"{value:.2g} {self.unit}"


def table(measurements: Sequence[Measurement]) -> str:
    """Lay measurements out as a Markdown table with aligned columns."""
    rows = [_HEADINGS, *map(_row, measurements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write_into(path: Path, text: str) -> None:
    """Put the text between a document's ``measured`` marks.

    Raises:
        ValueError: The document has no such marks.
    """
    document = path.read_text(encoding="utf-8")
    changed, n_places = _MEASURED.subn(lambda marks: f"{marks[1]}{text}\n{marks[2]}", document)
    if n_places != 1:
        raise ValueError(f"{path} needs one place between <!-- measured --> marks, and has {n_places}")
    path.write_text(changed, encoding="utf-8")


def duration(milliseconds: float) -> str:
    """Write a time with the unit that suits it."""
    if milliseconds >= 10_000:
        return f"{milliseconds / 1000:.0f} s"
    if milliseconds >= 1_000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def _row(one: Measurement) -> tuple[str, ...]:
    spread = f"{one.shown(min(one.values_ms))} – {one.shown(max(one.values_ms))}"
    before = "–" if one.before_ms is None else one.shown(one.before_ms)
    runs = str(len(one.values_ms))
    middle, high = one.shown(one.median_ms), one.shown(one.p95_ms)
    return one.what, one.size, middle, spread, high, _limit(one), runs, before, _comparison(one)


def _limit(one: Measurement) -> str:
    if one.limit is None:
        return "–"
    held, suffix = (one.median_ms, ", median") if one.by_median else (one.p95_ms, "")
    text = one.shown(one.limit) + suffix
    return text if held <= one.limit else f"{text}, missed"


def _comparison(one: Measurement) -> str:
    if one.before_ms is None:
        return ""
    factor = one.before_ms / one.median_ms
    return f"{factor:.1f} × quicker" if factor >= 1 else f"{1 / factor:.1f} × slower"
