"""The rows behind the numbers, from both databases: what is shown is what is counted."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.board_row_fields import TITLES
from director_lib.workbench import Workbench, insight_rows
from director_lib.workbench.insight_board import read_board
from director_lib.workbench.insight_rows import RowsWanted, read_rows
from tests.metrics.both_databases import database_kind
from tests.metrics.test_insight import decide, workbench

__all__ = ["database_kind", "workbench"]

NAMES = {"film": "The film"}


def rows(workbench: Workbench, what: str, choice: BoardChoice | None = None, **more: Any) -> Any:
    return read_rows(workbench.studio, RowsWanted(what, choice or BoardChoice(), **more), NAMES)


def test_every_kind_of_rows_can_be_asked_for_with_nothing_and_with_something(workbench: Workbench) -> None:
    for what in TITLES:
        if what not in ("units", "costs", "segments", "stays", "waits"):
            assert rows(workbench, what)["rows"] == []
    decide(workbench, "film", 1, "regenerate")
    decide(workbench, "short", 1, "approved")
    for what in TITLES:
        table = rows(workbench, what)
        keys = {column["key"] for column in table["columns"]} | {"href"}
        assert all(set(row) == keys for row in table["rows"])
    assert [row["stream"] for row in rows(workbench, "decisions")["rows"]] == ["short", "The film"]
    assert len(rows(workbench, "units")["rows"]) == len(rows(workbench, "costs")["rows"]) == 3


def test_rows_are_as_many_as_the_number_says_after_undoing_and_deciding_again(workbench: Workbench) -> None:
    decide(workbench, "film", 1, "approved")
    workbench.reviews.undo()
    decide(workbench, "film", 1, "regenerate")
    decide(workbench, "film", 2, "approved")
    cards = {card["key"]: card for card in read_board(workbench.studio, BoardChoice(), NAMES)["cards"]}
    for key, what in (
        ("approval_rate", "decisions"),
        ("first_pass", "first_pass"),
        ("eventual_approval", "units"),
    ):
        n = int(cards[key]["basis"].split()[2])
        assert len(rows(workbench, what)["rows"]) == n
    assert [row["decision"] for row in rows(workbench, "undone")["rows"]] == ["approved"]


def test_a_choice_narrows_the_rows(workbench: Workbench) -> None:
    decide(workbench, "film", 1, "approved")
    decide(workbench, "short", 1, "approved")
    for choice, n in (
        (BoardChoice(stream_id="film"), 1),
        (BoardChoice(actor="dora"), 2),
        (BoardChoice(actor="eli"), 0),
        (BoardChoice(engine=""), 2),
        (BoardChoice(engine="google"), 0),
        (BoardChoice(kind=Kind.VIDEO.value), 0),
        (BoardChoice(weeks=4), 2),
    ):
        assert len(rows(workbench, "decisions", choice)["rows"]) == n
    assert "stream" not in rows(workbench, "decisions", BoardChoice(stream_id="film"))["rows"][0]


def test_older_rows_come_page_by_page_and_none_twice(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insight_rows, "ROWS", 1)
    for stream_id, segment_id in (("film", 1), ("film", 2), ("short", 1)):
        decide(workbench, stream_id, segment_id, "approved")
    seen, before = [], None
    for _ in range(9):
        table = rows(workbench, "decisions", before=before)
        seen += [row["href"] for row in table["rows"]]
        before = table["more"]
        if before is None:
            break
    assert seen == [
        "/s/short/keyframes?segment=1",
        "/s/film/keyframes?segment=2",
        "/s/film/keyframes?segment=1",
    ]


def test_rows_that_do_not_exist_are_refused(workbench: Workbench) -> None:
    with pytest.raises(InputError, match="no rows called"):
        rows(workbench, "secrets")
