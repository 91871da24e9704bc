"""Opening a page for its visitor, and what it shows when it cannot be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.people import Actor, Role
from director_lib.pages import opening, visit
from director_lib.pages.streams import StreamsPage
from director_lib.pages.tasks import TasksPage
from director_lib.server.kernel_env import visit_json


@pytest.fixture(autouse=True)
def _fresh_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_stages", [])


def shown_by(page: StreamsPage | TasksPage, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    shown: list[tuple[str, Any]] = []
    monkeypatch.setattr(page.screen, "push", lambda method, payload: shown.append((method, payload)))
    monkeypatch.setattr(opening, "display", lambda _screen: None)
    return shown


def test_a_page_without_its_streams_folder_says_so_also_to_a_browser_that_comes_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIRECTOR_HOME", str(tmp_path))
    monkeypatch.setenv("DIRECTOR_STREAMS_DIR", str(tmp_path / "gone"))
    page = StreamsPage()
    shown = shown_by(page, monkeypatch)
    opening.open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
    page.screen._handle_event(None, {"event": "ready", "data": {}}, [])
    assert [method for method, _ in shown] == ["fail", "fail"]
    assert str(tmp_path / "gone") in shown[0][1]["message"]


def test_under_the_server_a_page_shows_nothing_before_its_visitor_is_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIRECTOR_HOME", str(tmp_path))
    monkeypatch.setenv("VOILA_SERVER_URL", "/")
    monkeypatch.setattr(visit, "_door", visit._Door())
    page = TasksPage()
    shown = shown_by(page, monkeypatch)
    opening.open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
    page.screen._handle_event(None, {"event": "ready", "data": {}}, [])
    assert shown == []


def test_outside_the_server_the_local_user_sees_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIRECTOR_HOME", str(tmp_path))
    page = TasksPage()
    shown = shown_by(page, monkeypatch)
    opening.open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
    assert shown[0][0] == "load"
    assert shown[0][1]["frame"]["person"]["role"] == "admin"


def test_a_page_that_fails_for_an_unknown_reason_tells_its_visitor_and_nothing_of_the_inside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIRECTOR_HOME", str(tmp_path))
    monkeypatch.setenv("VOILA_SERVER_URL", "/")
    monkeypatch.setattr(visit, "_door", visit._Door())

    def fail(_workbench: object, _parameters: object) -> None:
        raise RuntimeError("xyzzy")

    page = TasksPage()
    shown = shown_by(page, monkeypatch)
    opening.open_page(page.screen, fail)
    visit.bind(visit_json(Actor("ann", Role.DIRECTOR), {}, "/tasks"))
    assert shown == []
    visit.begin()
    assert [method for method, _ in shown] == ["fail"]
    assert "xyzzy" not in shown[0][1]["message"]
