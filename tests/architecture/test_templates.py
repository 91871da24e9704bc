from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.widgets.base import Screen
from tests.architecture.sources import CHECKOUT, find_files, lines_of, write
from tests.architecture.template_rules import (
    broken_contract,
    buttons_without_test_id,
    menus_without_arrow,
    raw_html,
    sources_in,
)

WIDGETS = CHECKOUT / "director_lib" / "widgets"


def screens(parent: type[Screen] = Screen) -> Iterator[type[Screen]]:
    """Give every screen of the library that has a component of its own."""
    for screen in parent.__subclasses__():
        if screen.__module__.startswith("director_lib."):
            if hasattr(screen, "main"):
                yield screen
            yield from screens(screen)


def load_screens() -> list[type[Screen]]:
    """Load every widget module and list the screens by name."""
    for path in find_files(CHECKOUT, "*.py", "director_lib/widgets"):
        names = path.relative_to(CHECKOUT).with_suffix("").parts
        importlib.import_module(".".join(name for name in names if name != "__init__"))
    return sorted(screens(), key=lambda screen: screen.__name__)


@pytest.mark.parametrize("screen", load_screens(), ids=lambda screen: screen.__name__)
def test_a_screen_takes_exactly_the_events_that_its_files_send(screen: type[Screen]) -> None:
    own, shared = sources_in(screen.folder), sources_in(WIDGETS / "frame")
    assert broken_contract(screen.event_names(), own, shared) == []


def test_every_button_has_a_test_id() -> None:
    findings = buttons_without_test_id(CHECKOUT)
    assert not findings, lines_of(findings)


def test_every_menu_has_an_arrow() -> None:
    findings = menus_without_arrow(CHECKOUT)
    assert not findings, lines_of(findings)


def test_no_template_turns_data_into_markup() -> None:
    findings = raw_html(CHECKOUT)
    assert not findings, lines_of(findings)


def test_an_event_without_a_method_and_a_method_without_an_event_are_found() -> None:
    own = 'await this.ask("decide", { note }); screen.ask("vanish"); this.save_draft({ text });'
    assert broken_contract(["decide", "save_draft", "undo", "ready"], own, "this.ready({});") == [
        "vue_undo is never called",
        "“vanish” is asked for and has no vue_vanish",
    ]


def test_a_button_without_a_test_id_is_found_even_when_it_spans_lines(tmp_path: Path) -> None:
    template = """<template>
      <button data-testid="approve" @click="n > 1 && go()">a</button>
      <v-btn :data-testid="`pick-${n}`">b</v-btn>
      <button
        :disabled="n > 1"
        @click="go">c</button>
      <v-btn icon>d</v-btn>
    </template>"""
    write(tmp_path, "director_lib/widgets/desk/desk.vue", template)
    assert [(finding.line, finding.message) for finding in buttons_without_test_id(tmp_path)] == [
        (4, "<button> has no data-testid"),
        (7, "<v-btn> has no data-testid"),
    ]


@pytest.mark.parametrize("line", ['<p v-html="prompt"/>', "card.innerHTML = prompt;"])
def test_markup_made_of_data_is_found(tmp_path: Path, line: str) -> None:
    write(tmp_path, "director_lib/widgets/desk/card.vue", f"<template>\n{line}\n</template>")
    assert [finding.line for finding in raw_html(tmp_path)] == [2]


def test_a_menu_without_an_arrow_is_found(tmp_path: Path) -> None:
    template = """<template>
      <select class="dl-field dl-select" :title="n > 1"><option>a</option></select>
      <select class="speed"><option>b</option></select>
      <svg class="dl-i"></svg>
      <select
        class="dl-field"><option>c</option></select>
    </template>"""
    write(tmp_path, "director_lib/widgets/desk/desk.vue", template)
    assert [finding.line for finding in menus_without_arrow(tmp_path)] == [5]
