"""The versions strip and the facts of versions in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.widgets.conftest import OpenDesk
from tests.widgets.harness import DeskServer


def show_version(page: Page, number: int) -> None:
    page.keyboard.press("v")
    page.locator(f"[data-testid=version][data-version='{number}']").click()


def test_an_earlier_version_is_compared_with_the_current_one(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, log="facts")
    expect(page.get_by_test_id("copy-facts")).to_be_visible()
    assert desk_server.asked("facts", "compare_versions") == [], "passing over segments reads no facts"
    show_version(page, 1)
    table = page.get_by_test_id("compare-facts")
    expect(table.locator("[data-fact=seed]")).to_have_text(re.compile(r"Seed\s*4003\s*4001"))
    expect(table.locator("[data-fact=seed]")).to_have_attribute("data-equal", "false")
    expect(table.locator("[data-fact=model]")).to_be_hidden()
    table.locator("summary").click()
    expect(table.locator("[data-fact=model]")).to_be_visible()
    expect(table.locator("[data-fact=model]")).to_have_attribute("data-equal", "true")


def test_any_two_versions_can_be_picked(open_desk: OpenDesk, desk_server: DeskServer) -> None:
    page = open_desk(n=3, log="pick")
    show_version(page, 1)
    page.get_by_test_id("compare-with").select_option(label="version 2")
    expect(page.locator("[data-fact=seed]")).to_have_text(re.compile(r"4002\s*4001"))
    asked = desk_server.asked_times(2, "pick", "compare_versions")
    assert [(one["version_id"], one["other_id"]) for one in asked] == [(101, 103), (101, 102)]
    page.get_by_test_id("compare-with").select_option(label="nothing")
    expect(page.get_by_test_id("compare-facts")).to_have_count(0)


def test_facts_are_copied_as_text(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("copy-facts").click()
    expect(page.get_by_text("The facts are in the clipboard.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Version 3\nSeed: 4003"


def test_facts_are_copied_where_the_browser_has_no_clipboard_for_the_page(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not here')); }")
    page.get_by_test_id("copy-facts").click()
    expect(page.get_by_text("The facts are in the clipboard.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Version 3\nSeed: 4003"


def test_the_version_on_the_desk_can_be_downloaded(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    page.keyboard.press("v")
    link = page.get_by_test_id("download-version")
    expect(link).to_have_attribute("href", re.compile(r"download=lighthouse_keyframe_001_v3\.jpg$"))
    page.locator("[data-testid=version][data-version='2']").click()
    expect(link).to_have_attribute("href", re.compile(r"download=lighthouse_keyframe_001_v2\.jpg$"))
    link.focus()
    expect(link).to_be_focused()


def test_a_version_whose_file_is_lost_says_so_and_offers_no_download(open_desk: OpenDesk) -> None:
    page = open_desk(n=3, scenario="lost")
    show_version(page, 1)
    expect(page.get_by_test_id("version-fault")).to_contain_text("The file of version 1 is missing")
    expect(page.get_by_test_id("provenance-fault")).to_contain_text("The other versions are safe")
    expect(page.get_by_test_id("download-version")).to_have_count(0)


def test_a_version_in_the_archive_says_so_and_is_asked_back(
    open_desk: OpenDesk, desk_server: DeskServer
) -> None:
    page = open_desk(n=3, scenario="archived", log="bring-back")
    show_version(page, 1)
    expect(page.get_by_test_id("version-fault")).to_contain_text("Version 1 is in the archive")
    expect(page.get_by_test_id("download-version")).to_have_count(0)
    page.get_by_test_id("bring-back").press("Enter")
    expect(page.get_by_test_id("bring-back")).to_have_text("On its way")
    expect(page.get_by_test_id("bring-back")).to_be_disabled()
    (asked,) = desk_server.asked_times(1, "bring-back", "bring_back")
    assert asked["version_id"] == 101


def test_what_was_noticed_automatically_is_told_with_its_place(open_desk: OpenDesk) -> None:
    page = open_desk(n=3)
    expect(page.get_by_test_id("finding")).to_have_count(0)
    show_version(page, 2)
    expect(page.get_by_test_id("finding")).to_have_text("Nothing moves for 1.2 s. At 3.8 s.")
