"""The tables in a piece of HTML, as pandas writes frames."""

from __future__ import annotations

from html.parser import HTMLParser

from director_lib.batch.paper_blocks import Grid
from director_lib.domain.how_many import how_many

_ROWS = 60
_MISSING = ("NaN", "NaT", "<NA>", "None", "...")


def read_tables(html: str) -> tuple[Grid, ...]:
    """Return every table with its texts; of a frame's rows the first sixty. Anything else is passed over."""
    reader = _Reader()
    reader.feed(html)
    return tuple(_grid(rows) for rows in reader.tables if rows)


def _grid(rows: list[list[str]]) -> Grid:
    width = max(map(len, rows))
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    head, body = filled[0], filled[1:]
    aligns = ["end" if _are_numbers([row[place] for row in body]) else "start" for place in range(width)]
    left_out = len(body) - _ROWS
    note = f"{how_many(left_out, 'more row')}." if left_out > 0 else ""
    return Grid("", tuple(zip(head, aligns, strict=True)), tuple(map(tuple, body[:_ROWS])), note)


def _are_numbers(texts: list[str]) -> bool:
    told = [text for text in texts if text not in ("", *_MISSING)]
    return any(texts) and all(text.replace(",", "").replace(".", "").lstrip("-").isdigit() for text in told)


class _Reader(HTMLParser):
    """Collects the words of each cell, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("th", "td") and self.tables and self.tables[-1]:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in ("th", "td") and self._cell is not None:
            self.tables[-1][-1].append("".join(self._cell).strip())
            self._cell = None

    def handle_data(self, data: str) -> None:
        """Take a cell's words."""
        if self._cell is not None:
            self._cell.append(data)
