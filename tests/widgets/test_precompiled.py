from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ipyvue.Template import Template

from director_lib.widgets import precompiled
from director_lib.widgets.activity_page import ActivityScreen
from director_lib.widgets.advice_page import AdviceScreen
from director_lib.widgets.base import Screen
from director_lib.widgets.final_page import FinalScreen
from director_lib.widgets.metrics_board import MetricsBoard
from director_lib.widgets.precompiled import describe, find_module, precompiled_template
from director_lib.widgets.review_desk import ReviewDesk
from director_lib.widgets.settings_page import SettingsScreen
from director_lib.widgets.spec_page import SpecScreen
from director_lib.widgets.story_page import StoryScreen
from director_lib.widgets.streams_board import StreamsBoard
from director_lib.widgets.task_list import TaskList
from director_lib.widgets.variants_page import VariantsScreen

BUILT = Path(precompiled.__file__).with_name("built")
MANIFEST: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
SCREENS: list[type[Screen]] = [
    ActivityScreen,
    AdviceScreen,
    FinalScreen,
    MetricsBoard,
    ReviewDesk,
    SettingsScreen,
    SpecScreen,
    StoryScreen,
    StreamsBoard,
    TaskList,
    VariantsScreen,
]
LARGEST_BYTES = 460_000


def show(screen: type[Screen]) -> Screen:
    return screen(**{f"on_{event}": lambda data: None for event in screen.event_names()})


@pytest.fixture
def bell(tmp_path: Path) -> Path:
    """The source of a screen, which has a module."""
    main = tmp_path / "bell" / "bell.vue"
    main.parent.mkdir()
    main.write_text("<template><p>bell</p></template>", encoding="utf-8")
    (tmp_path / "bell.mjs").write_text("export default {};", encoding="utf-8")
    made = describe(main.parent, tmp_path / "bell.mjs")
    (tmp_path / "manifest.json").write_text(json.dumps({"bell": made}), encoding="utf-8")
    return main


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screens_module_was_made_of_its_present_sources(screen: type[Screen]) -> None:
    name = Path(screen.main).stem
    assert describe(screen.folder, BUILT / f"{name}.mjs") == MANIFEST[name], "run “make assets”"


def test_no_module_is_without_its_screen() -> None:
    assert {path.stem for path in BUILT.glob("*.mjs")} == {Path(screen.main).stem for screen in SCREENS}
    assert {*MANIFEST} == {Path(screen.main).stem for screen in SCREENS}


@pytest.mark.parametrize("name", MANIFEST)
def test_a_module_is_small_and_needs_nothing_but_the_pages_own_vue(name: str) -> None:
    text = (BUILT / f"{name}.mjs").read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST_BYTES
    assert text.count('}from"vue"') == text.count("import{") > 0
    assert "import(" not in text
    assert "eval(" not in text


def test_a_screen_shows_its_module_when_it_has_one() -> None:
    template = show(TaskList).template
    assert isinstance(template, Template)
    assert template.esm_module.startswith("director-task_list-")
    assert template.template is None


def test_a_screen_is_compiled_in_the_browser_when_its_sources_were_edited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("director_lib.widgets.base.find_module", lambda main: None)
    screen = show(TaskList)
    assert "<dl-frame" in screen.template
    assert "dl-task-row" in screen.components


def test_a_module_of_the_present_sources_is_found(bell: Path) -> None:
    built = bell.parent.parent
    assert find_module(bell, built) == built / "bell.mjs"


@pytest.mark.parametrize("name", ["bell.vue", "ring.vue", "words.mjs", "../bell.mjs"])
def test_a_module_is_not_used_once_any_file_differs(bell: Path, name: str) -> None:
    (bell.parent / name).write_text("changed", encoding="utf-8")
    assert find_module(bell, bell.parent.parent) is None


@pytest.mark.parametrize("name", ["bell.mjs", "manifest.json"])
def test_a_module_that_is_gone_or_unknown_is_not_used(bell: Path, name: str) -> None:
    (bell.parent.parent / name).unlink()
    assert find_module(bell, bell.parent.parent) is None


def test_a_module_is_given_to_the_browser_once_however_often_its_screen_is_shown(bell: Path) -> None:
    module = bell.parent.parent / "bell.mjs"
    names = {precompiled_template(module).esm_module for _ in range(3)}
    assert len(names) == 1
