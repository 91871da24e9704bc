"""Budgets on the settings page: set by keyboard, seen at once on every open page, and given back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from director_lib.domain.people import Actor, Role
from director_lib.tasks.budget import Ceiling
from director_lib.workbench import Workbench
from tests.browser.conftest import LiveStudio
from tests.watching import OpenPage, eventually, focused, tab_to

ADMIN = Actor("ada", Role.ADMIN)


@pytest.fixture(autouse=True)
def defaults(live: LiveStudio) -> Iterator[None]:
    """Leave every budget to the settings."""
    yield
    with Workbench.open(live.settings, ADMIN) as workbench:
        for scope in ("day", "stream"):
            workbench.tasks.reset_budget(scope)


def open_budgets(open_page: OpenPage) -> Page:
    return open_page("/settings#budget", "settings")


def day_of(live: LiveStudio) -> Ceiling:
    with live.workbench() as workbench:
        return workbench.tasks.budgets().day


def becomes(live: LiveStudio, usd: float | None, by: str | None) -> bool:
    return eventually(lambda: (day_of(live).amount_usd, day_of(live).changed_by) == (usd, by))


def me(page: Page) -> str:
    page.get_by_test_id("person").click()
    name = str(page.locator(".menu .dl-faint").inner_text()).partition(",")[0]
    page.keyboard.press("Escape")
    return name


def test_the_budget_says_what_is_set_and_where_its_default_is(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_budgets(open_page)
    expect(page.get_by_test_id("budget-day")).to_contain_text(f"of ${live.settings.budget_day_usd:.2f}")
    expect(page.get_by_test_id("budget-usd-day")).to_have_value("20")
    expect(page.get_by_test_id("budget-by-day")).to_have_text("The default.")
    expect(page.get_by_test_id("settings-budget")).to_contain_text("DIRECTOR_BUDGET_DAY_USD")


def test_by_keyboard_a_budget_is_set_shown_everywhere_and_given_back(
    open_page: OpenPage, live: LiveStudio
) -> None:
    streams, desk = open_page("/", "streams"), open_page("/s/film/keyframes", "keyframes")
    page = open_budgets(open_page)
    username = me(page)
    tab_to(page, "budget-usd-day")
    page.keyboard.press("Control+A")
    page.keyboard.type("33.50")
    expect(page.get_by_test_id("save-budget-day")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("budget-usd-day")).to_have_value("20")
    assert focused(page) == "budget-usd-day"
    page.keyboard.press("Control+A")
    page.keyboard.type("33.50")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("budget-by-day")).to_contain_text(f"Set by {username}, today")
    expect(page.get_by_test_id("budget-day")).to_contain_text("of $33.50")
    expect(page.get_by_test_id("budget-usd-day")).to_have_value("33.50")
    assert becomes(live, 33.5, username)
    expect(streams.get_by_test_id("spend")).to_contain_text("of $33.50")
    expect(desk.get_by_test_id("spend")).to_have_attribute(
        "title", "This stream: $0.00 of $50.00. Today, all streams: $0.00 of $33.50."
    )
    tab_to(page, "reset-budget-day")
    expect(page.get_by_test_id("reset-budget-day")).to_have_text("Default, $20.00")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("budget-by-day")).to_have_text("The default.")
    assert focused(page) == "budget-usd-day"
    assert becomes(live, 20.0, None)
    expect(streams.get_by_test_id("spend")).to_contain_text("of $20.00")


def test_the_limit_is_taken_away_only_after_a_question(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_budgets(open_page)
    page.get_by_test_id("lift-budget-day").press("Enter")
    assert focused(page) == "lift-budget-go-day"
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lift-budget-day")).to_be_visible()
    assert not day_of(live).is_set
    page.get_by_test_id("lift-budget-day").press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("budget-day")).to_contain_text("no limit")
    expect(page.get_by_test_id("budget-usd-day")).to_have_value("")
    expect(page.get_by_test_id("spend")).to_contain_text("no limit")
    assert day_of(live).amount_usd is None
    page.get_by_test_id("budget-usd-day").fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("budget-day")).to_contain_text("of $0.00")
    assert day_of(live).amount_usd == 0


def test_what_makes_no_sense_is_refused_beside_the_field_and_nothing_is_not_saved(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_budgets(open_page)
    field = page.get_by_test_id("budget-usd-day")
    for wrong, words in (("-5", "negative"), ("12.345", "whole cents"), ("2000000", "at most $1,000,000")):
        field.fill(wrong)
        field.press("Enter")
        expect(page.get_by_test_id("budget-refused-day")).to_contain_text(words)
        expect(field).to_have_value(wrong)
    field.fill("")
    expect(page.get_by_test_id("budget-refused-day")).to_have_count(0)
    expect(page.get_by_test_id("save-budget-day")).to_be_disabled()
    field.press("Enter")
    field.press("Escape")
    expect(field).to_have_value("20")
    assert not day_of(live).is_set


def test_somebody_else_s_change_shows_at_once_and_leaves_what_is_being_written(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_budgets(open_page)
    page.get_by_test_id("budget-usd-day").fill("8")
    with Workbench.open(live.settings, ADMIN) as workbench:
        workbench.tasks.set_budget("day", 9)
        workbench.tasks.set_budget("stream", 90)
    expect(page.get_by_test_id("budget-by-day")).to_contain_text("Set by ada")
    expect(page.get_by_test_id("budget-day")).to_contain_text("of $9.00")
    expect(page.get_by_test_id("budget-usd-day")).to_have_value("8")
    expect(page.get_by_test_id("budget-usd-stream")).to_have_value("90")
    page.get_by_test_id("budget-usd-day").press("Escape")
    expect(page.get_by_test_id("budget-usd-day")).to_have_value("9")
