"""The metrics page without a browser: numbers, then what moves, parts of them, and the rows behind each."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.pages.metrics import MetricsPage
from director_lib.workbench import Workbench
from tests.workbench.conftest import director, open_as, stream_folder

__all__ = ["director", "open_as", "stream_folder"]

Json = dict[str, Any]
EVERYTHING = {"weeks": 0, "actor": None, "engine": None, "kind": ""}
ALL_ROWS = {"what": "decisions", "week": "", "by": "", "value": "", "cause": None, "before": None}


@pytest.fixture
def received() -> list[tuple[str, Json]]:
    """What a browser would have received."""
    return []


@pytest.fixture
def board(received: list[tuple[str, Json]], monkeypatch: pytest.MonkeyPatch) -> MetricsPage:
    board = MetricsPage()
    monkeypatch.setattr(board.screen, "push", lambda method, payload: received.append((method, payload)))
    return board


def decide(director: Workbench, decision: DecisionKind = DecisionKind.APPROVED) -> None:
    version = director.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert version is not None
    director.reviews.decide("film", Kind.KEYFRAME, {1: version.sha256}, decision)


def asked(board: MetricsPage, received: list[tuple[str, Json]], event: str, data: Json) -> Json:
    getattr(board.screen, "vue_" + event)({"request_id": "r", **data})
    method, answer = received[-1]
    assert (method, answer["request_id"]) == ("reply", "r")
    return answer


def value_of(board: Json, key: str) -> str:
    return next(str(card["value"]) for card in board["cards"] if card["key"] == key)


def test_a_decision_moves_the_numbers_and_nothing_else(
    board: MetricsPage, received: list[tuple[str, Json]], director: Workbench
) -> None:
    board.start(director, "film")
    assert received[0][0] == "load"
    assert value_of(received[0][1], "approval_rate") == "no data"
    board.refresh()
    assert len(received) == 1
    decide(director)
    board.refresh()
    method, patch = received[-1]
    assert method == "patch"
    assert value_of(patch, "approval_rate") == "100 %"
    assert "scope" not in patch


def test_an_unknown_stream_is_said_and_the_studio_is_shown(
    board: MetricsPage, received: list[tuple[str, Json]], director: Workbench
) -> None:
    board.start(director, "nowhere")
    assert "There is no stream “nowhere”" in dict(received)["notice"]["message"]
    assert received[-1][1]["scope"] == {"stream_id": None, "title": "All streams"}


def test_a_part_of_the_numbers_is_chosen_and_stays_chosen(
    board: MetricsPage, received: list[tuple[str, Json]], director: Workbench
) -> None:
    decide(director)
    board.start(director, "film")
    nobody = asked(board, received, "choose", EVERYTHING | {"actor": "nobody"})["board"]
    assert nobody["choice"]["actor"] == "nobody"
    assert value_of(nobody, "approval_rate") == "no data"
    assert value_of(nobody, "cost_per_segment") == "–"
    assert nobody["choices"]["people"] == [director.studio.actor.username]
    director.reviews.undo()
    board.refresh()
    assert received[-1][1].get("choice", nobody["choice"])["actor"] == "nobody"
    clips = asked(board, received, "choose", EVERYTHING | {"kind": "video", "weeks": 4})["board"]
    assert clips["choice"] == {"weeks": 4, "actor": None, "engine": None, "kind": "video"}


def test_the_rows_behind_a_number_lead_to_their_segments(
    board: MetricsPage, received: list[tuple[str, Json]], director: Workbench
) -> None:
    decide(director, DecisionKind.REGENERATE)
    board.start(director, "film")
    table = asked(board, received, "show_rows", ALL_ROWS)["table"]
    assert [row["href"] for row in table["rows"]] == ["/s/film/keyframes?segment=1"]
    assert table["rows"][0]["decision"] == "regenerate"
    assert table["more"] is None
    week = received[0][1]["trend"]["all"][-1]["week"]
    assert len(asked(board, received, "show_rows", ALL_ROWS | {"week": week})["table"]["rows"]) == 1
    assert not asked(board, received, "show_rows", ALL_ROWS | {"week": "2001-01-01"})["table"]["rows"]
    found = ALL_ROWS | {"by": "engine", "value": ""}
    assert len(asked(board, received, "show_rows", found)["table"]["rows"]) == 1
    other = ALL_ROWS | {"by": "engine", "value": "google"}
    assert not asked(board, received, "show_rows", other)["table"]["rows"]


@pytest.mark.parametrize(
    "wrong", [{"what": "secrets"}, {"week": "NaT"}, {"by": "stream_id"}, {"before": "1"}]
)
def test_what_makes_no_sense_is_refused(
    board: MetricsPage, received: list[tuple[str, Json]], director: Workbench, wrong: Json
) -> None:
    board.start(director, "film")
    answer = asked(board, received, "show_rows", ALL_ROWS | wrong)
    assert answer["ok"] is False
    assert answer["code"] == InputError.code
