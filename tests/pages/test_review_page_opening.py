"""What the review page reads again, and what it does not, when a browser comes and when a key was pressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.pages import review
from director_lib.pages.live import LiveLoop
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser, decide, shown
from tests.workbench.conftest import director, open_as, stream_folder

__all__ = ["director", "open_as", "shown", "stream_folder"]


@pytest.fixture
def readings(shown: Browser, monkeypatch: pytest.MonkeyPatch) -> list[Kind]:
    """Every reading of the whole desk since the page was started."""
    found: list[Kind] = []
    read = review.read_desk

    def noting(workbench: Workbench, stream: Any, kind: Kind) -> Any:
        found.append(kind)
        return read(workbench, stream, kind)

    monkeypatch.setattr(review, "read_desk", noting)
    return found


def test_a_browser_that_comes_gets_everything_without_another_reading(
    shown: Browser, readings: list[Kind]
) -> None:
    first = shown.last("load")
    shown.received.clear()
    shown.page.screen._handle_event(None, {"event": "ready", "data": {}}, [])
    assert [method for method, _ in shown.received] == ["load"]
    assert shown.last("load")["cards"] == first["cards"]
    assert shown.last("load")["frame"] == first["frame"]
    assert readings == []


def test_a_browser_that_comes_sees_what_was_decided_meanwhile(
    shown: Browser, readings: list[Kind], director: Workbench
) -> None:
    sha256 = shown.cards()[1]["version"]["sha256"]
    director.reviews.decide("film", Kind.KEYFRAME, {1: sha256}, DecisionKind.APPROVED)
    shown.page.screen._handle_event(None, {"event": "ready", "data": {}}, [])
    assert shown.cards()[1]["decision"] == "approved"
    assert readings == [Kind.KEYFRAME]


def test_a_browser_that_comes_sees_a_spec_that_was_changed_meanwhile(
    shown: Browser, stream_folder: Path
) -> None:
    spec = stream_folder / "production.json"
    spec.write_text(spec.read_text().replace('"title"', '"title" '))
    shown.received.clear()
    shown.page.screen._handle_event(None, {"event": "ready", "data": {}}, [])
    assert [method for method, _ in shown.received] == ["load"]


def test_where_the_database_is_watched_a_decision_is_answered_before_the_stream_is_read_again(
    shown: Browser, readings: list[Kind], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveLoop, "is_running", True)
    assert decide(shown, 1)["ok"] is True
    assert readings == []
    # what the watching does within a tenth of a second
    shown.page.refresh()
    assert shown.cards()[1]["decision"] == "approved"


def test_where_nothing_watches_a_decision_is_pushed_at_once(shown: Browser, readings: list[Kind]) -> None:
    assert decide(shown, 1)["ok"] is True
    assert readings == [Kind.KEYFRAME]
    assert shown.cards()[1]["decision"] == "approved"
