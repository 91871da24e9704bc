"""The metrics page without a browser: numbers first, then the charts, then only what moves."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.pages.metrics import MetricsPage
from director_lib.workbench import Workbench
from tests.workbench.conftest import director, open_as, stream_folder

__all__ = ["director", "open_as", "stream_folder"]


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What a browser would have received."""
    return []


@pytest.fixture
def board(received: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch) -> MetricsPage:
    board = MetricsPage()
    monkeypatch.setattr(board.screen, "push", lambda method, payload: received.append((method, payload)))
    return board


def approve(director: Workbench) -> None:
    version = director.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert version is not None
    director.reviews.decide("film", Kind.KEYFRAME, {1: version.sha256}, DecisionKind.APPROVED)


def test_numbers_come_at_once_and_the_charts_after_them(
    board: MetricsPage, received: list[tuple[str, dict[str, Any]]], director: Workbench
) -> None:
    async def open_page() -> None:
        board.start(director, "film")
        assert [chart["svg"] for chart in received[0][1]["charts"]] == [None, None, None]
        while received[-1][1]["charts"][0]["svg"] is None:
            await asyncio.sleep(0.05)

    approve(director)
    with ThreadPoolExecutor(1) as own_thread:
        own_thread.submit(asyncio.run, open_page()).result(60)
    assert received[-1][1]["charts"][0]["svg"].startswith("<svg")
    rates = {card["test_id"]: card["value"] for card in received[0][1]["cards"]}
    assert rates["metric-approval-rate"] == "100 %"


def test_a_decision_moves_the_numbers(
    board: MetricsPage, received: list[tuple[str, dict[str, Any]]], director: Workbench
) -> None:
    board.start(director, "film")
    n_messages = len(received)
    board.refresh()
    assert len(received) == n_messages
    approve(director)
    board.refresh()
    assert received[-1][0] == "load"
    values = {card["test_id"]: card["value"] for card in received[-1][1]["cards"]}
    assert values["metric-approval-rate"] == "100 %"


def test_an_unknown_stream_is_said_and_the_studio_is_shown(
    board: MetricsPage, received: list[tuple[str, dict[str, Any]]], director: Workbench
) -> None:
    board.start(director, "nowhere")
    assert "There is no stream “nowhere”" in dict(received)["notice"]["message"]
    assert received[-1][1]["scope"]["stream_id"] is None
