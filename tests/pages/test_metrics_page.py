"""The metrics page without a browser: numbers first, then the charts, then only what moves."""

from __future__ import annotations

import asyncio
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
def page(received: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch) -> MetricsPage:
    page = MetricsPage()
    monkeypatch.setattr(page.screen, "push", lambda method, payload: received.append((method, payload)))
    return page


def approve(director: Workbench) -> None:
    version = director.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert version is not None
    director.reviews.decide("film", Kind.KEYFRAME, {1: version.sha256}, DecisionKind.APPROVED)


def test_numbers_come_at_once_and_the_charts_after_them(
    page: MetricsPage, received: list[tuple[str, dict[str, Any]]], director: Workbench
) -> None:
    async def open_page() -> None:
        page.start(director, "film")
        assert [chart["svg"] for chart in received[0][1]["charts"]] == [None, None, None]
        while received[-1][1]["charts"][0]["svg"] is None:
            await asyncio.sleep(0.05)

    approve(director)
    asyncio.run(open_page())
    assert received[-1][1]["charts"][0]["svg"].startswith("<svg")
    rates = {card["test_id"]: card["value"] for card in received[0][1]["cards"]}
    assert rates["metric-approval-rate"] == "100 %"


def test_a_decision_moves_the_numbers(
    page: MetricsPage, received: list[tuple[str, dict[str, Any]]], director: Workbench
) -> None:
    page.start(director, "film")
    n_messages = len(received)
    page.refresh()
    assert len(received) == n_messages
    approve(director)
    page.refresh()
    assert received[-1][0] == "load"
    values = {card["test_id"]: card["value"] for card in received[-1][1]["cards"]}
    assert values["metric-approval-rate"] == "100 %"


def test_an_unknown_stream_is_said_and_the_studio_is_shown(
    page: MetricsPage, received: list[tuple[str, dict[str, Any]]], director: Workbench
) -> None:
    page.start(director, "nowhere")
    assert "There is no stream “nowhere”" in dict(received)["notice"]["message"]
    assert received[-1][1]["scope"]["stream_id"] is None
