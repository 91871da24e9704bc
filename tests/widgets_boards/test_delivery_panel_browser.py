"""Exports and the archive on the final page, in a browser."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.widgets_boards.conftest import OpenBoard


def test_everything_can_be_taken_and_the_archive_is_started_after_a_look(open_board: OpenBoard) -> None:
    page = open_board("final")
    panel = page.get_by_test_id("delivery-panel")
    links = panel.get_by_test_id("export")
    expect(links).to_have_count(12)
    whole = panel.locator("[data-export=all] a")
    expect(whole).to_have_attribute("href", "/export/film/all?ending=.zip")
    expect(panel.locator("[data-export=all]")).to_contain_text("2.4 GB")
    expect(panel.locator("[data-export=videos] a")).not_to_have_attribute("href", re.compile("."))
    expect(panel.get_by_test_id("disk-gauge")).to_have_attribute("data-percent", "78.8")
    expect(panel.get_by_test_id("archive-run")).to_have_count(2)
    expect(panel.get_by_test_id("archive-run").nth(1)).to_contain_text("41 files, 1.2 GB")
    expect(panel.get_by_test_id("archive-start")).to_have_count(0)
    panel.get_by_test_id("archive-plan").press("Enter")
    expect(panel.get_by_test_id("archive-told")).to_contain_text("120 files, 1.9 GB, would go")
    panel.get_by_test_id("archive-start").press("Enter")
    expect(panel.get_by_test_id("archive-told")).to_have_count(0)
    assert page.evaluate("document.body.dataset.hacked") is None
    assert Axe().run(page, ".panel, [data-testid=delivery-panel]").violations_count == 0


def test_who_may_not_archive_is_told_and_so_is_a_studio_without_one(open_board: OpenBoard) -> None:
    page = open_board("final", viewer=1)
    page.get_by_test_id("archive-plan").click()
    expect(page.get_by_test_id("archive-start")).to_be_disabled()
    expect(page.get_by_test_id("archive-start")).to_have_attribute("title", "Your role may not archive")
    page = open_board("final", bare=1)
    expect(page.get_by_test_id("archive-place")).to_contain_text("DIRECTOR_ARCHIVE_URL")
