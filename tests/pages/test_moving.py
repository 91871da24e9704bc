"""Going from page to page in one kernel."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from director_lib.config import load_settings
from director_lib.domain.people import Actor, Role
from director_lib.pages import moving, opening, visit
from director_lib.pages.live import LiveLoop, running_loops
from director_lib.pages.moving import visible_pages
from director_lib.pages.tasks import TasksPage
from director_lib.server.kernel_env import visit_json
from director_lib.store.database import open_database
from director_lib.widgets.advice_page import AdviceScreen
from director_lib.widgets.base import Screen
from director_lib.widgets.metrics_board import MetricsBoard
from director_lib.widgets.settings_page import SettingsScreen
from director_lib.widgets.task_list import TaskList
from director_lib.widgets.variants_page import VariantsScreen
from tests.server.own_loop import run_in_own_loop

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Screen, str, dict[str, Any]]]:
    """A kernel that shows the tasks page to ann; what its screens pushed since."""
    monkeypatch.setenv("DIRECTOR_HOME", str(tmp_path))
    monkeypatch.setenv("VOILA_SERVER_URL", "/")
    monkeypatch.setattr(visit, "_door", visit._Door())
    monkeypatch.setattr(opening, "_stages", [])
    monkeypatch.setattr(opening, "display", lambda _box: None)
    monkeypatch.chdir(NOTEBOOKS)
    log: list[tuple[Screen, str, dict[str, Any]]] = []
    monkeypatch.setattr(Screen, "push", lambda screen, method, payload: log.append((screen, method, payload)))
    visit.bind(visit_json(Actor("ann", Role.DIRECTOR), {}, "/tasks"))
    page = TasksPage()
    opening.open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
    log.clear()
    return log


def click(href: object) -> None:
    (screen,) = opening._stages[0].box.children
    screen._handle_event(None, {"event": "open_page", "data": {"href": href}}, [])


def test_a_link_to_another_page_shows_its_screen_to_the_same_person(
    pushed: list[tuple[Screen, str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "_FAREWELL_S", 0.0)

    async def go() -> None:
        click("/settings?stream=film")
        await asyncio.sleep(0.05)

    (left,) = opening._stages[0].box.children
    run_in_own_loop(go())
    (screen,) = opening._stages[0].box.children
    assert isinstance(screen, SettingsScreen)
    assert left.comm is None, "the screen that was left is closed"
    told = [payload for of, method, payload in pushed if of is left and method == "moved"]
    assert told == [{"href": "/settings?stream=film", "is_here": True, "title": "Settings · film · Director"}]
    (loaded,) = [payload for of, method, payload in pushed if of is screen and method == "load"]
    assert loaded["frame"]["person"]["username"] == "ann"
    now = visit.current()
    assert now is not None
    assert (now.actor.username, now.path, now.params) == ("ann", "/settings", {"stream": "film"})


@pytest.mark.parametrize(
    ("href", "kind"), [("/advice", AdviceScreen), ("/variants", VariantsScreen), ("/metrics", MetricsBoard)]
)
def test_pages_of_numbers_are_gone_to_and_left_like_any_other(
    pushed: list[tuple[Screen, str, dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    href: str,
    kind: type[Screen],
) -> None:
    monkeypatch.setattr(moving, "_FAREWELL_S", 0.0)

    async def go() -> Screen:
        click(href)
        await asyncio.sleep(0.05)
        (there,) = opening._stages[0].box.children
        click("/tasks")
        await asyncio.sleep(0.05)
        return there

    screen = run_in_own_loop(go())
    assert isinstance(screen, kind)
    assert next(method for of, method, _ in pushed if of is screen) == "load"
    (now,) = opening._stages[0].box.children
    assert isinstance(now, TaskList)
    assert screen.comm is None


@pytest.mark.parametrize(
    "href", ["/logout", "/nothing", "/s/../spec", "//elsewhere.example/tasks", "/site/film/"]
)
def test_the_browser_itself_goes_where_no_page_is(
    pushed: list[tuple[Screen, str, dict[str, Any]]], href: str
) -> None:
    (before,) = opening._stages[0].box.children
    click(href)
    assert [(method, payload) for _, method, payload in pushed] == [
        ("moved", {"href": href, "is_here": False})
    ]
    assert opening._stages[0].box.children == (before,)


def test_what_is_no_address_is_refused(pushed: list[tuple[Screen, str, dict[str, Any]]]) -> None:
    click(["/tasks"])
    assert [method for _, method, _ in pushed] == ["notice"]


def test_only_notebooks_that_show_their_page_and_nothing_else_are_shown_without_being_run(
    tmp_path: Path,
) -> None:
    for name in ("keyframes", "videos", "story", "tasks"):
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", tmp_path)
    longer = json.loads((tmp_path / "story.ipynb").read_text())
    longer["cells"].append({**longer["cells"][-1], "source": ["print('mine')"]})
    (tmp_path / "story.ipynb").write_text(json.dumps(longer))
    (tmp_path / "tasks.ipynb").write_text("{")
    (tmp_path / "mine.ipynb").write_text((NOTEBOOKS / "spec.ipynb").read_text())
    assert visible_pages(tmp_path) == {"keyframes.ipynb", "videos.ipynb"}


def test_every_page_of_the_workbench_is_among_them() -> None:
    assert visible_pages(NOTEBOOKS) == {path.name for path in NOTEBOOKS.glob("*.ipynb")}


def test_the_page_that_was_left_is_watched_for_no_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    database = open_database(load_settings(home=tmp_path, _env_file=None).database)
    monkeypatch.setattr(moving, "_FAREWELL_S", 0.0)

    async def leave() -> tuple[bool, bool]:
        stage = moving.Stage()
        loop = LiveLoop(database, lambda: None)
        stage.show(screen_of_tasks())
        loop.start()
        was_running = loop in running_loops()
        stage.show(screen_of_tasks())
        await asyncio.sleep(0.05)
        return was_running, loop.is_running

    assert run_in_own_loop(leave()) == (True, False)


def screen_of_tasks() -> TaskList:
    return TaskList(**{f"on_{event}": lambda _data: None for event in TaskList.event_names()})
