from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.widgets.serving import NotebookServer
from tests.widgets_boards.conftest import OpenBoard
from tests.widgets_boards.samples import HOSTILE


def test_each_number_shows_n_its_interval_its_definition_and_its_rows(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("metrics", log="numbers")
    card = page.get_by_test_id("metric-first-pass")
    expect(card).to_contain_text(re.compile(r"\d+ %.*95 % interval .*n = \d+", re.DOTALL))
    for metric in ("metric-approval-rate", "metric-regenerations", "metric-cost-per-segment"):
        expect(page.get_by_test_id(metric)).to_contain_text("n = ")
    definition = card.locator(".about")
    expect(definition).to_be_hidden()
    button = card.get_by_test_id("card-rows")
    button.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(definition).to_be_visible()
    page.keyboard.press("Enter")
    rows = page.get_by_test_id("table-first_pass")
    expect(rows).to_be_focused()
    page.keyboard.press("ArrowDown")
    link = rows.get_by_test_id("row-link").first
    expect(link).to_be_focused()
    expect(link).to_have_attribute("href", re.compile(r"^/s/linen/(keyframes|videos)\?segment=\d+$"))
    shown = rows.get_by_test_id("row-link").count()
    rows.get_by_test_id("more-rows").click()
    expect(rows.get_by_test_id("row-link")).to_have_count(2 * shown)
    page.keyboard.press("Escape")
    expect(rows).to_have_count(0)
    expect(button).to_be_focused()
    assert [data["before"] for data in board_server.asked("numbers", "show_rows")] == [None, 7]


def test_plots_lead_to_weeks_groups_causes_and_segments(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("metrics", log="plots")
    weeks = page.get_by_test_id("trend-week")
    expect(weeks).to_have_count(8)
    weeks.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(weeks.nth(6)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("table-first_pass")).to_contain_text("week of 13 April 2026")
    page.get_by_test_id("close-rows").click()
    page.get_by_test_id("compare-actor").click()
    page.locator("[data-testid=group-row][data-key=eli]").click()
    expect(page.get_by_test_id("table-first_pass")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("chart-failures-row").first.click()
    expect(page.get_by_test_id("table-failures")).to_contain_text("timed_out")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("trouble-link").first).to_have_attribute(
        "href", re.compile(r"^/s/linen/keyframes\?segment=\d+$")
    )
    asked = board_server.asked_times(3, "plots", "show_rows")
    assert [(data["week"], data["by"], data["value"], data["cause"]) for data in asked] == [
        ("2026-04-13", "", "", None),
        ("", "actor", "eli", None),
        ("", "engine", "local", "timed_out"),
    ]


def test_a_part_is_chosen_and_chosen_again_after_a_reload(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("metrics", log="parts")
    page.get_by_test_id("weeks-12").click()
    page.get_by_test_id("by-person").select_option("=eli")
    expect(page.get_by_test_id("weeks-12")).to_have_attribute("aria-pressed", "true")
    board_server.asked_times(2, "parts", "choose")
    page.reload(wait_until="commit")
    page.wait_for_selector("[data-testid=page-metrics]")
    expect(page.get_by_test_id("by-person")).to_have_value("=eli")
    chosen = board_server.asked_times(3, "parts", "choose")[2]
    assert (chosen["weeks"], chosen["actor"], chosen["engine"]) == (12, "eli", None)
    page.get_by_test_id("show-all").click()
    expect(page.get_by_test_id("by-person")).to_have_value("")
    expect(page.get_by_test_id("weeks-0")).to_have_attribute("aria-pressed", "true")


def test_plots_are_drawn_on_the_page_itself_and_titles_stay_text(open_board: OpenBoard) -> None:
    page = open_board("metrics", hostile=1)
    for plot in ("chart-approval_trend", "chart-incidence"):
        expect(page.get_by_test_id(plot).locator("path.line").first).to_have_attribute("d", re.compile("^M"))
    expect(page.get_by_test_id("chart-segments")).to_contain_text(HOSTILE)
    assert page.evaluate("document.body.dataset.hacked") is None


def test_metrics_without_data_say_so(open_board: OpenBoard) -> None:
    page = open_board("metrics", empty=1)
    expect(page.get_by_test_id("metric-approval-rate")).to_contain_text("no data")
    expect(page.get_by_test_id("chart-approval_trend")).to_contain_text("No decisions yet.")
    expect(page.get_by_test_id("metric-approval-rate").get_by_test_id("card-rows")).to_be_disabled()


def test_streams_stand_beside_each_other_are_sorted_and_lead_to_rows_and_pages(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("metrics", log="streams")
    rows = page.get_by_test_id("stream-row")
    expect(rows).to_have_count(10)
    page.get_by_test_id("all-streams-rows").click()
    expect(rows).to_have_count(12)
    page.get_by_test_id("sort-regenerations").click()
    expect(rows.first).to_have_attribute("data-stream", "stream-0011")
    page.get_by_test_id("sort-regenerations").click()
    expect(rows.first).to_have_attribute("data-stream", "stream-0000")
    expect(rows.first.get_by_role("link")).to_have_attribute("href", "/s/stream-0000/metrics")
    rows.first.locator("[data-column=first_pass]").get_by_role("button").click()
    expect(page.get_by_test_id("table-first_pass")).to_contain_text("n = 20")
    (asked,) = board_server.asked_times(1, "streams", "show_rows")
    assert (asked["what"], asked["by"], asked["value"]) == ("first_pass", "stream", "stream-0000")


def test_bars_checkpoints_and_segments_ask_for_the_rows_that_they_count(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("metrics", log="bars")
    for number, (click, asked) in enumerate(
        (
            (page.get_by_test_id("chart-regenerations-row").nth(1), ("segments", "tries", "1")),
            (page.get_by_test_id("chart-parts-row").nth(1), ("renders", "kind", "keyframe")),
            (page.get_by_test_id("chart-people-row").first, ("decisions", "actor", "dora")),
            (page.get_by_test_id("trouble-rows").first, ("costs", "segment", "linen/")),
            (page.get_by_test_id("card-also").first, ("units", "state", "approved")),
            (page.get_by_test_id("week-all"), ("decisions", "", "")),
        ),
        1,
    ):
        click.click()
        page.get_by_test_id("close-rows").click()
        last = board_server.asked_times(number, "bars", "show_rows")[-1]
        assert (last["what"], last["by"], last["value"][: len(asked[2])]) == asked


def test_a_week_of_a_card_s_line_opens_its_rows_with_the_keyboard_and_the_mouse(
    open_board: OpenBoard, board_server: NotebookServer
) -> None:
    page = open_board("metrics", log="sparks")
    card = page.get_by_test_id("metric-first-pass")
    weeks = card.get_by_test_id("card-week")
    expect(weeks).to_have_count(8)
    card.get_by_test_id("card-rows").focus()
    page.keyboard.press("Tab")
    # the line is reached at the latest week that is over and has data
    expect(weeks.nth(5)).to_be_focused()
    expect(weeks.nth(5)).to_have_attribute("aria-label", re.compile("^week of 6 April 2026: .* %"))
    page.keyboard.press("ArrowLeft")
    expect(weeks.nth(4)).to_be_focused()
    expect(card).to_contain_text("week of 30 March 2026: ")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("table-first_pass")).to_contain_text(
        "First-pass approval, week of 30 March 2026"
    )
    page.keyboard.press("Escape")
    expect(weeks.nth(4)).to_be_focused()
    page.get_by_test_id("metric-regenerations").locator("[data-week='2026-03-16']").click()
    expect(page.get_by_test_id("table-again")).to_contain_text("week of 16 March 2026")
    asked = board_server.asked_times(2, "sparks", "show_rows")
    assert [(data["what"], data["week"]) for data in asked] == [
        ("first_pass", "2026-03-30"),
        ("again", "2026-03-16"),
    ]


def test_plots_say_their_scale_and_equal_lengths_mean_equal_amounts(open_board: OpenBoard) -> None:
    page = open_board("metrics", log="scales")
    for plot in ("chart-checkpoints", "chart-parts", "chart-regenerations"):
        tracks = (
            page.get_by_test_id(plot)
            .locator(".track")
            .evaluate_all("all => all.map((one) => Math.round(one.getBoundingClientRect().width))")
        )
        assert len(set(tracks)) == 1
    weeks = page.get_by_test_id("metric-first-pass").get_by_test_id("card-week")
    line = page.get_by_test_id("metric-first-pass").locator(".spark .line").get_attribute("d") or ""
    assert line.startswith("M0.0 ")
    assert weeks.last.evaluate("one => Math.round(one.x.baseVal.value + one.width.baseVal.value)") == 240
    trend = page.get_by_test_id("chart-approval_trend")
    expect(trend).to_contain_text("how many")
    axis = page.get_by_test_id("chart-groups").locator(".axis .scale i").first
    track = page.get_by_test_id("chart-groups").locator(".track").first
    middle = "one => { const box = one.getBoundingClientRect(); return (box.left + box.right) / 2; }"
    assert abs(axis.evaluate(middle) - track.evaluate("one => one.getBoundingClientRect().left")) <= 1


def test_everything_begun_is_named_above_its_rows(open_board: OpenBoard) -> None:
    page = open_board("metrics", log="begun")
    page.get_by_test_id("rows-units").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Everything begun, n = ")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("rows-units")).to_be_focused()
