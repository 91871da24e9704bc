"""What a report is made of: blocks of plain text and drawings, set as HTML and as PDF from the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

PAPER_TYPE = "application/vnd.director.paper+json"
"""Under this type a notebook's output carries a paper, beside its HTML."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the report's title, ``line`` stands small below it."""

    text: str
    level: int = 2
    line: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``mood`` is "plain", "faint", "warning" or "typed" (every space counts)."""

    text: str
    mood: str = "plain"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what belongs to it: its spread, what it was counted from, and the value before."""

    label: str
    value: str
    spread: str = ""
    basis: str = ""
    before: str = ""
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers beside one another."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; ``svg`` is "" without data, ``words`` says what it shows."""

    title: str
    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of pixels: a PNG or JPEG in Base64."""

    base64: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of ready texts; ``columns`` are label and alignment ("start" or "end")."""

    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms with what they mean."""

    title: str
    terms: tuple[tuple[str, str], ...]


Block = Heading | Paragraph | Figures | Picture | Photo | Grid | Definitions
_KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind for kind in (Heading, Paragraph, Figures, Picture, Photo, Grid, Definitions)
}


@dataclass(frozen=True, slots=True)
class Paper:
    """What a batch has to show.

    Attributes:
        outcome: What it came to, in a line for the record of runs; "" for none.
    """

    blocks: Sequence[Block] = field(default_factory=tuple)
    outcome: str = ""

    def payload(self) -> dict[str, Any]:
        """Return it as JSON."""
        blocks = [{"kind": type(block).__name__, **asdict(block)} for block in self.blocks]
        return {"blocks": blocks, "outcome": self.outcome}


def read_paper(payload: Mapping[str, Any]) -> Paper:
    """Return the paper that ``Paper.payload`` made JSON of.

    Raises:
        KeyError: It is none.
        TypeError: Likewise.
    """
    return Paper(tuple(_block(dict(one)) for one in payload["blocks"]), str(payload["outcome"]))


def _block(told: dict[str, Any]) -> Block:
    kind = _KINDS[told.pop("kind")]
    if kind is Figures:
        return Figures(tuple(Figure(**figure) for figure in told["figures"]))
    made: Block = kind(**{name: _frozen(value) for name, value in told.items()})
    return made


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
