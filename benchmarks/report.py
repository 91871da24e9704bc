"""What was measured, as a table for people: medians, ranges, and the numbers of the dashboard before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_HEADINGS = ("what", "size", "median", "range", "runs", "before", "")
_MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Repeated timings of one thing.

    Attributes:
        size: What it depends on ("200 segments"), or "".
        values_ms: One timing per run, in milliseconds; at least one.
        before_ms: The same in the dashboard that was used until now; None when it could not do it.
    """

    what: str
    size: str
    values_ms: Sequence[float]
    before_ms: float | None = None

    @property
    def median_ms(self) -> float:
        """The middle of the timings."""
        return median(self.values_ms)


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
    spread = f"{duration(min(one.values_ms))} – {duration(max(one.values_ms))}"
    before = "–" if one.before_ms is None else duration(one.before_ms)
    runs = str(len(one.values_ms))
    return one.what, one.size, duration(one.median_ms), spread, runs, before, _comparison(one)


def _comparison(one: Measurement) -> str:
    if one.before_ms is None:
        return ""
    factor = one.before_ms / one.median_ms
    return f"{factor:.1f} × quicker" if factor >= 1 else f"{1 / factor:.1f} × slower"
