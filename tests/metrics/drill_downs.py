"""Every number of the live page that can be opened, with what its page would ask for and how many it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]


class DrillDown(NamedTuple):
    """A number, and what the browser asks for when it is opened."""

    name: str
    asked: Json
    n: int


def drill_downs(board: Json) -> Iterator[DrillDown]:
    """List what can be opened on a page as ``make_board`` describes it."""
    yield from _cards(board["cards"])
    for series, what in (("first", "first_pass"), ("all", "decisions")):
        for week in board["trend"][series]:
            yield _opened(f"trend {series} {week['week']}", what, week["n"], week=week["week"])
    for group in board["groups"]:
        for row in group["rows"]:
            name = f"group {group['key']} {row['key']}"
            yield _opened(name, row["rows"], row["n"], by=row["by"], value=row["by_value"])
    yield from _bars(board)
    yield from _lists(board)


def _bars(board: Json) -> Iterator[DrillDown]:
    if board["incidence"]:
        yield _opened("incidence", "units", board["incidence"]["n"])
    histogram = board["histogram"] or {"bars": []}
    for bar in histogram["bars"]:
        name = f"again {bar['label']}"
        yield _opened(name, histogram["rows"], bar["n"], by="tries", value=str(bar["tries"]))
    for row in board["checkpoints"]:
        yield _opened(
            f"checkpoint {row['checkpoint']}", row["rows"], row["n"], by=row["by"], value=row["by_value"]
        )
    for part in board["parts"]:
        name = f"part {part['kind']} {part['part']}"
        yield _opened(name, part["rows"], part["n"], by="kind", value=part["kind"])


def _lists(board: Json) -> Iterator[DrillDown]:
    for failure in board["failures"]:
        narrowed = {"by": "engine", "value": failure["engine"], "cause": failure["cause"]}
        yield _opened(f"failure {failure['label']}", "failures", failure["n"], **narrowed)
    for person in board["people"]:
        actor = person["actor"]
        yield _opened(f"person {actor}", "decisions", person["n"], by="actor", value=actor)
    for row in board["segments"]:
        value = f"{row['stream_id']}/{row['segment']}"
        yield _opened(f"segment {value}", "costs", row["versions"], by="segment", value=value)


def _cards(cards: list[Json]) -> Iterator[DrillDown]:
    for card in cards:
        if card["rows"] is not None and card["value"] not in ("no data", "–"):
            narrowed = {"by": card.get("by", ""), "value": card.get("by_value", "")}
            yield _opened(f"card {card['key']}", card["rows"], card["n"], **narrowed)
            yield from _weeks(card, narrowed)
        for also in card["also"]:
            narrowed = {"by": also["by"], "value": also["value"]}
            yield _opened(f"card {card['key']}, {also['label']}", also["rows"], also["n"], **narrowed)


def _weeks(card: Json, narrowed: Json) -> Iterator[DrillDown]:
    for point in card["trend"]:
        name = f"card {card['key']} {point['week']}"
        yield _opened(name, card["trend_rows"], point["n"], week=point["week"], **narrowed)


def _opened(name: str, what: str, n: int, **narrowed: Any) -> DrillDown:
    nothing = {"week": "", "by": "", "value": "", "cause": None, "before": None}
    return DrillDown(name, {"what": what, **nothing, **narrowed}, n)
