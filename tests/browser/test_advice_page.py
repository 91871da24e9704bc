"""The advice page by keyboard, over what a planted studio teaches."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from director_lib.advice.fitting import fit
from director_lib.advice.model import advice_folder, write_model
from tests.advice.planted import planted_attempts
from tests.browser.conftest import LiveStudio
from tests.watching import OpenPage, tab_to


@pytest.fixture(scope="module")
def learned(live: LiveStudio) -> LiveStudio:
    """A studio that learned from one attempt, if its numbers are believed, and from many phrases."""
    fitted = fit(planted_attempts(800, 3))
    none = {"k": 0, "n": 0, "value": None, "low": 0.0, "high": 1.0}
    uptake = {name: none for name in ("used", "trial", "declined", "without")} | {"difference": None}
    told = {"n_attempts": 1, "n_prompts": 1, "uptake": uptake, "seen_seq": 0}
    facts = {**fitted.facts, **told, "fitted_at": "2026-11-22T12:00:00+00:00"}
    write_model(advice_folder(live.settings.data_dir), fitted.arrays, facts)
    return live


@pytest.mark.usefixtures("learned")
def test_one_attempt_and_one_prompt_are_told_as_one(open_page: OpenPage) -> None:
    page = open_page("/advice", "advice")
    figures = page.locator(".figures")
    expect(figures).to_contain_text("judged attempt")
    expect(figures).to_contain_text("different prompt")
    expect(figures).not_to_contain_text("attempts")
    expect(figures).not_to_contain_text("prompts")


@pytest.mark.usefixtures("learned")
def test_a_phrase_opens_and_closes_by_keyboard_and_has_the_focus_again(open_page: OpenPage) -> None:
    page = open_page("/advice", "advice")
    phrase = page.get_by_test_id("open-phrase").first
    phrase.press("Enter")
    prompts = page.get_by_test_id("phrase-prompts")
    expect(prompts).to_be_visible()
    tab_to(page, "phrase-place")
    page.keyboard.press("Escape")
    expect(prompts).to_have_count(0)
    expect(phrase).to_be_focused()
    expect(phrase).to_have_attribute("aria-expanded", "false")
