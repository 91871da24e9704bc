"""The settings page as people use it, read back from the database and felt on the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.store.attention import add_attention_fit
from director_lib.store.people import read_preferences, write_preference
from director_lib.store.tables import attention_fits
from tests.browser.conftest import PASSWORD, LiveStudio
from tests.watching import OpenPage, card, eventually, tab_to

HOSTILE = "<img src=x onerror=alert(1)> {{ 7 * 7 }} مرحبا 🎬"


@pytest.fixture(autouse=True)
def usual_keys(live: LiveStudio) -> Iterator[None]:
    """Leave everybody with the usual keys."""
    yield
    with live.workbench() as workbench, workbench.studio.database.write() as connection:
        for person in workbench.people.list():
            write_preference(connection, person.username, "keys", {})


def admin(live: LiveStudio) -> str:
    with live.workbench() as workbench:
        return next(one.username for one in workbench.people.list() if one.role is Role.ADMIN)


def kept_keys(live: LiveStudio) -> dict[str, str]:
    username = admin(live)
    with live.workbench() as workbench, workbench.studio.database.read() as connection:
        kept = read_preferences(connection, username).get("keys", {})
    return dict(kept)


def open_keys(open_page: OpenPage) -> Page:
    return open_page("/settings#keys", "settings")


def change(page: Page, action: str) -> None:
    page.locator(f"[data-action={action}] [data-testid=change-key]").click()


def test_settings_are_reached_from_the_menu_under_one_s_name(open_page: OpenPage) -> None:
    page = open_page("/", "streams")
    page.get_by_test_id("person").click()
    page.get_by_test_id("settings").click()
    page.get_by_test_id("page-settings").wait_for()
    expect(page.get_by_test_id("settings-keys")).to_be_visible()


def test_a_changed_key_is_kept_shown_on_the_desk_and_does_what_the_old_one_did(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_keys(open_page)
    change(page, "approve")
    page.keyboard.press("9")
    expect(page.locator("[data-action=approve]")).to_have_attribute("data-key", "9")
    assert kept_keys(live) == {"approve": "9"}
    desk = open_page("/s/film/keyframes", "keyframes")
    expect(desk.get_by_test_id("approve")).to_contain_text("9")
    desk.keyboard.press("Space")
    desk.keyboard.press("?")
    expect(desk.get_by_test_id("help-sheet").locator("dl div").first).to_contain_text("9")
    desk.keyboard.press("Escape")
    expect(card(desk, 1)).to_have_attribute("data-decision", "undecided")
    desk.keyboard.press("c")
    desk.keyboard.type("9 of 9")
    expect(desk.get_by_test_id("comment-text")).to_have_value("9 of 9")
    desk.keyboard.press("Escape")
    desk.keyboard.press("f")
    desk.keyboard.press("9")
    expect(card(desk, 1)).to_have_attribute("data-decision", "approved")
    expect(desk.get_by_test_id("home")).to_be_hidden()


def test_a_key_changed_in_another_tab_holds_at_once(open_page: OpenPage, live: LiveStudio) -> None:
    desk = open_page("/s/undo/keyframes", "keyframes")
    page = open_keys(open_page)
    change(page, "next")
    page.keyboard.press("0")
    expect(desk.get_by_test_id("next")).to_contain_text("0")


def test_by_keyboard_a_key_that_another_action_has_is_swapped_or_left(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_keys(open_page)
    page.locator("[data-action=next] [data-testid=change-key]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    expect(page.get_by_test_id("key-conflict")).to_contain_text("Approve with notes")
    assert kept_keys(live) == {}
    page.keyboard.press("Escape")
    expect(page.locator("[data-action=next]")).to_have_attribute("data-key", "N")
    page.locator("[data-action=next] [data-testid=change-key]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    expect(page.get_by_test_id("swap-keys")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-action=approveWithNotes]")).to_have_attribute("data-key", "N")
    assert kept_keys(live) == {"next": "A", "approveWithNotes": "N"}
    page.locator("[data-action=next] [data-testid=usual-key]").click()
    expect(page.get_by_test_id("changed-keys")).to_contain_text("usual keys")
    assert kept_keys(live) == {}


def test_what_the_browser_needs_cannot_be_chosen(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_keys(open_page)
    change(page, "undo")
    page.keyboard.press("Home")
    expect(page.get_by_test_id("key-refused")).to_contain_text("belongs to the browser")
    page.keyboard.press("Escape")
    assert kept_keys(live) == {}


def test_keys_are_exported_and_imported_as_json(
    open_page: OpenPage, live: LiveStudio, tmp_path: Path
) -> None:
    page = open_keys(open_page)
    change(page, "flip")
    page.keyboard.press("8")
    expect(page.locator("[data-action=flip]")).to_have_attribute("data-key", "8")
    with page.expect_download() as download:
        page.get_by_test_id("export-keys").click()
    exported = tmp_path / "keys.json"
    download.value.save_as(exported)
    assert json.loads(exported.read_text())["keys"]["flip"] == "8"
    page.get_by_test_id("reset-keys").click()
    expect(page.get_by_test_id("changed-keys")).to_contain_text("usual keys")
    assert kept_keys(live) == {}
    page.get_by_test_id("import-keys").set_input_files(exported)
    expect(page.get_by_test_id("changed-keys")).to_contain_text("1 key is yours")
    assert kept_keys(live) == {"flip": "8"}
    for text in ('{"keys": {"approve": "N"}}', '{"keys": []}', "no json"):
        (tmp_path / "bad.json").write_text(text)
        page.get_by_test_id("import-keys").set_input_files(tmp_path / "bad.json")
        expect(page.get_by_test_id("toast-error").last).to_contain_text("as they were")
    assert kept_keys(live) == {"flip": "8"}


def test_a_preset_is_written_changed_and_deleted_by_keyboard(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/settings#presets", "settings")
    tab_to(page, "new-preset")
    page.keyboard.press("Enter")
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Tab")
    page.keyboard.type("Mood")
    page.keyboard.press("Tab")
    page.keyboard.type("nobody speaks")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_test_id("preset-text").press("Enter")
    line = page.get_by_test_id("preset-line")
    expect(line).to_contain_text(HOSTILE)
    expect(line).to_have_attribute("data-shared", "false")
    with live.workbench() as workbench:
        assert workbench.presets.list() == []  # it is only its author's
    tab_to(page, "edit-preset")
    page.keyboard.press("Enter")
    page.get_by_test_id("preset-shared").check()
    page.get_by_test_id("preset-text").fill("nobody moves")
    page.get_by_test_id("save-preset").click()
    expect(line).to_have_attribute("data-shared", "true")
    with live.workbench() as workbench:
        [kept] = workbench.presets.list()
    assert (kept.name, kept.category, kept.text) == (HOSTILE, "mood", "nobody moves")
    page.get_by_test_id("delete-preset").click()
    page.get_by_test_id("delete-preset-go").press("Enter")
    expect(page.get_by_test_id("no-presets")).to_be_visible()
    with live.workbench() as workbench:
        assert workbench.presets.list() == []


def test_keys_stand_in_two_columns_where_there_is_room(open_page: OpenPage) -> None:
    page = open_keys(open_page)
    first, last = page.get_by_test_id("key-line").first, page.get_by_test_id("key-line").last
    for width, columns in ((1280, 1), (2560, 2)):
        page.set_viewport_size({"width": width, "height": 1440})
        places = {line.evaluate("one => one.getBoundingClientRect().left") for line in (first, last)}
        assert len(places) == columns


def test_an_engine_is_chosen_for_one_stream(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/settings#engines", "settings")
    page.get_by_test_id("engine-stream").select_option("made")
    choice = page.get_by_test_id("stream-engine-video")
    expect(choice).to_be_enabled()
    choice.select_option(index=1)
    with live.workbench() as workbench:
        assert eventually(lambda: len(workbench.engines.choices("made")) == 1)
        [chosen] = workbench.engines.choices("made")
    assert (chosen.kind, chosen.engine) == (Kind.VIDEO, "local")
    choice.select_option("")
    with live.workbench() as workbench:
        assert eventually(lambda: workbench.engines.choices("made") == [])


def test_an_admin_adds_somebody_and_changes_what_they_may_do(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/settings#people", "settings")
    page.get_by_test_id("new-person").press("Enter")
    page.keyboard.type("zoe")
    page.get_by_test_id("person-name").fill(HOSTILE)
    page.get_by_test_id("person-role").select_option("producer")
    page.get_by_test_id("person-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    line = page.locator("[data-testid=person-line][data-person=zoe]")
    expect(line).to_contain_text(HOSTILE)
    line.get_by_test_id("change-role").select_option("viewer")
    expect(line).to_have_attribute("data-role", "viewer")
    line.get_by_test_id("reset-password").click()
    page.keyboard.type("another password")
    page.keyboard.press("Enter")
    expect(line.get_by_test_id("reset-password")).to_be_visible()
    with live.workbench() as workbench:
        actor = workbench.people.find_actor(workbench.people.sign_in("zoe", "another password"))
    assert actor is not None
    assert (actor.role, actor.display_name) == (Role.VIEWER, HOSTILE)
    line.get_by_test_id("disable-person").click()
    expect(line).to_have_attribute("data-disabled", "true")
    line.get_by_test_id("enable-person").press("Enter")
    expect(line).to_have_attribute("data-disabled", "false")
    mine = page.locator(f"[data-testid=person-line][data-person='{admin(live)}']")
    mine.get_by_test_id("change-role").select_option("viewer")
    expect(page.get_by_test_id("toast-error")).to_contain_text("last admin")
    expect(mine.get_by_test_id("change-role")).to_have_value("admin")


def test_a_director_has_no_people_on_the_page(browser: Browser, live: LiveStudio) -> None:
    with live.workbench() as workbench:
        workbench.people.add("dana", Role.DIRECTOR, PASSWORD)
    context = browser.new_context(base_url=live.base_url)
    page = context.new_page()
    page.goto("/login?next=/settings")
    page.get_by_test_id("username").fill("dana")
    page.get_by_test_id("password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_test_id("page-settings").wait_for()
    expect(page.get_by_test_id("section-keys")).to_be_visible()
    expect(page.get_by_test_id("section-people")).to_have_count(0)
    page.get_by_test_id("section-budget").click()
    for scope in ("day", "stream"):
        field = page.get_by_test_id(f"budget-usd-{scope}")
        expect(field).to_be_disabled()
        expect(field).to_have_attribute("title", "Only an admin may change budgets")
        expect(page.get_by_test_id(f"budget-form-{scope}").locator("button")).to_have_count(0)
    expect(page.get_by_test_id("settings-budget")).to_contain_text("Only an admin")
    context.close()


def test_the_review_order_says_in_words_how_it_did_lately(open_page: OpenPage, live: LiveStudio) -> None:
    facts = {"n": 500, "n_segments": 90, "base_rate": 0.4, "brier": 0.2, "brier_base": 0.24, "gain": 0.04}
    facts |= {"gain_low": 0.02, "gain_high": 0.06, "auc": 0.7, "calibration": [], "counts_most": []}
    lately = {"n_lately": 100, "gain_lately": 0.021, "gain_lately_low": 0.004, "gain_lately_high": 0.038}
    with live.workbench() as workbench, workbench.studio.database.write() as connection:
        report = facts | lately | {"level_moved": -0.7, "why": ""}
        fit_id = add_attention_fit(connection, workbench.studio.clock(), 1, True, report, {})
    told = open_page("/settings#order", "settings").get_by_test_id("order-lately")
    expect(told).to_contain_text(
        "the latest fifth of the verdicts (100 versions) into a better order than chance"
    )
    expect(told).to_contain_text("by 0.021, 95 % interval 0.004 to 0.038")
    expect(told).to_contain_text("Fewer needed work lately than it foretold")
    expect(told).to_contain_text("lowered for that (odds ÷ 2.0)")
    with live.workbench() as workbench, workbench.studio.database.write() as connection:
        connection.execute(attention_fits.delete().where(attention_fits.c.id == fit_id))
