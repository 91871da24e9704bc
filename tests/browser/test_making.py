"""Making, choosing and judging many on the desk of a whole studio: what is done is in the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from director_lib.config import load_settings
from director_lib.domain.version import Kind
from director_lib.store.tables import drafts
from tests.browser.conftest import LiveStudio, start_studio, write_stream
from tests.watching import OpenPage, card, eventually

STREAMS = ("outcomes", "variants", "many", "similar", "prompts", "crash", "restart")
STILL = Kind.KEYFRAME


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio whose engine is quick."""
    home = tmp_path_factory.mktemp("making")
    settings = load_settings(home=home, local_pace_s=0.4, _env_file=None)
    for stream_id in STREAMS:
        write_stream(settings.streams_root, stream_id, 6)
    studio = start_studio(settings, home / "up.log")
    yield studio
    studio.stop()


def verdicts(live: LiveStudio, stream_id: str) -> dict[int, tuple[str, str]]:
    with live.workbench() as workbench:
        found = workbench.reviews.standing(stream_id).decisions
    return {number: (decision.decision.value, decision.note) for (number, _), decision in found.items()}


def numbers(live: LiveStudio, stream_id: str, segment_id: int) -> tuple[int, list[int]]:
    """Return the number of the current version, and of all."""
    with live.workbench() as workbench:
        current = workbench.reviews.standing(stream_id).version(segment_id, STILL)
        made = workbench.reviews.versions(stream_id, segment_id, STILL)
    return current.number if current else 0, [version.number for version in made]


def note(page: Page, words: str) -> None:
    field = page.get_by_test_id("decision-note-text")
    expect(field).to_be_focused()
    field.fill(words)
    field.press("Enter")


def test_the_four_outcomes_are_reached_by_key_and_by_mouse(open_page: OpenPage, live: LiveStudio) -> None:
    page = open_page("/s/outcomes/keyframes?segment=1", "keyframes")
    page.keyboard.press("Space")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    page.keyboard.press("a")
    note(page, "Keep the fog")
    page.keyboard.press("q")
    note(page, "Less red")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "4")
    page.get_by_test_id("approve").click()
    page.get_by_test_id("approve-with-notes").click()
    note(page, "Lovely")
    page.get_by_test_id("ask-changes").click()
    note(page, "Calmer")
    expect(card(page, 6)).to_have_attribute("data-decision", "adjust_prompt")
    asked = {
        1: ("approved", ""),
        2: ("approved_with_notes", "Keep the fog"),
        3: ("adjust_prompt", "Less red"),
        4: ("approved", ""),
        5: ("approved_with_notes", "Lovely"),
        6: ("adjust_prompt", "Calmer"),
    }
    assert eventually(lambda: verdicts(live, "outcomes") == asked)
    page.get_by_test_id("previous").click()
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("decision-note")).to_have_text("Calmer")
    page.get_by_test_id("regenerate").click()
    page.get_by_test_id("regenerate-go").click()
    expect(card(page, 6)).to_have_attribute("data-decision", "regenerate")
    assert eventually(lambda: verdicts(live, "outcomes")[6] == ("regenerate", ""))


def test_three_variants_are_made_and_the_second_is_picked_and_taken_back(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/variants/keyframes?segment=2", "keyframes")
    page.keyboard.press("b")
    expect(page.get_by_test_id("variants-3")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("image-prompt").press("Enter")
    for place in (1, 2, 3):
        made = page.locator(f"[data-testid=variant][data-place-number='{place}']")
        expect(made).to_have_attribute("data-state", "succeeded")
    expect(card(page, 2)).to_have_attribute("data-version", "1")
    assert numbers(live, "variants", 2) == (1, [1, 2, 3, 4])
    second = page.locator("[data-testid=variant][data-place-number='2']").get_attribute("data-version")
    page.keyboard.press("2")
    expect(card(page, 2)).to_have_attribute("data-version", str(second))
    assert eventually(lambda: numbers(live, "variants", 2) == (int(second or 0), [1, 2, 3, 4]))
    with live.workbench() as workbench:
        [made_set] = workbench.variants.of("variants", 2, STILL)
    assert made_set.winner_version_id is not None
    page.keyboard.press("z")
    expect(card(page, 2)).to_have_attribute("data-version", "1")
    expect(page.get_by_test_id("pickable")).to_be_visible()
    assert eventually(lambda: numbers(live, "variants", 2)[0] == 1)


def test_all_selected_are_approved_and_made_anew_with_one_undo_each(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/many/keyframes?segment=1", "keyframes")
    page.keyboard.press("Space")
    expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    for key in ("x", "n", "n", "Shift+X", "Shift+A"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("toast").last).to_contain_text("Approved 3 stills.")
    assert eventually(lambda: verdicts(live, "many").keys() == {1, 2, 3, 4})
    page.keyboard.press("Control+a")
    page.get_by_test_id("regenerate-selected").click()
    expect(page.get_by_test_id("bulk-plan")).to_contain_text("2 segments are made anew")
    expect(page.get_by_test_id("bulk-skipped")).to_contain_text("its keyframe is approved")
    page.get_by_test_id("bulk-go").click()
    for number in (5, 6):
        expect(card(page, number)).to_have_attribute("data-version", "2")
    page.keyboard.press("z")
    for number in (5, 6):
        expect(card(page, number)).to_have_attribute("data-version", "1")
    page.keyboard.press("z")
    expect(card(page, 2)).to_have_attribute("data-decision", "undecided")
    assert eventually(lambda: verdicts(live, "many").keys() == {1})


def test_a_still_is_made_in_the_style_of_another_with_clear_words_about_its_picture(
    open_page: OpenPage, live: LiveStudio
) -> None:
    page = open_page("/s/similar/keyframes?segment=3", "keyframes")
    expect(card(page, 3)).to_have_attribute("data-version", "1")
    page.keyboard.press("g")
    expect(page.get_by_test_id("reference-note")).to_contain_text("“local” takes no pictures")
    page.get_by_test_id("image-prompt").press("Enter")
    expect(card(page, 4)).to_have_attribute("data-version", "2")
    with live.workbench() as workbench:
        made = workbench.reviews.versions("similar", 4, STILL)[-1].provenance
        words = workbench.streams.get("similar").get_segment(4).image_prompt
    assert words == "A calm sea at dawn, part 3, a small boat far out, in the style of segment 3"
    assert (made.image_prompt, made.reference_sha256s) == (words, ())


def test_each_prompt_is_saved_from_the_grid_and_an_earlier_wording_brought_back(
    open_page: OpenPage, live: LiveStudio
) -> None:
    def words() -> tuple[str, str, str]:
        with live.workbench() as workbench:
            segment = workbench.streams.get("prompts").get_segment(2)
        return segment.image_prompt, segment.motion_prompt, segment.negative_prompt

    page = open_page("/s/prompts/keyframes?segment=1", "keyframes")
    page.keyboard.press("n")
    expect(card(page, 2)).to_be_focused()
    page.keyboard.press("Enter")
    field = card(page, 2).get_by_test_id("card-prompt-text")
    field.fill("A storm")
    for name, text in (("motion_prompt", "hold still"), ("negative_prompt", "people")):
        card(page, 2).get_by_test_id(f"card-{name}").click()
        field.fill(text)
    field.press("Enter")
    assert eventually(lambda: words() == ("A storm", "hold still", "people"))
    page.keyboard.press("h")
    first = page.locator("[data-testid=prompt-change]").last
    first.get_by_test_id("use-again").last.click()
    assert eventually(lambda: words()[0].startswith("A calm sea at dawn, part 2"))


def test_unsent_words_and_the_place_outlive_the_page_s_engine(
    open_page: OpenPage, live: LiveStudio, signed_in: BrowserContext
) -> None:
    page = open_page("/s/crash/keyframes?segment=2", "keyframes")
    page.keyboard.press("x")
    page.get_by_test_id("size-large").click()
    page.get_by_test_id("image-prompt").fill("Words that were not sent")
    page.get_by_test_id("image-prompt").blur()

    def kept() -> list[str]:
        with live.workbench() as workbench, workbench.studio.database.read() as connection:
            return list(connection.scalars(sa.select(drafts.c.text).where(drafts.c.stream_id == "crash")))

    assert eventually(lambda: kept() == ["Words that were not sent"])
    page.wait_for_timeout(400)  # what is open is kept a moment later
    kernel = page.evaluate("document.body.dataset.kernel")
    _end_kernel(page, kernel)
    page.get_by_test_id("resume").wait_for()
    page.get_by_test_id("resume").click()
    page.wait_for_selector("[data-testid=page-keyframes]")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "2")
    expect(page.get_by_test_id("selection-count")).to_have_text("1 selected")
    expect(page.get_by_test_id("size-large")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("draft-offer")).to_contain_text("Words that were not sent")


def test_the_place_and_unsent_words_outlive_the_server(live: LiveStudio, signed_in: BrowserContext) -> None:
    # The lost connection is an error to the console, so this page is not watched for any.
    page = signed_in.new_page()
    page.goto("/s/restart/keyframes?segment=2")
    page.wait_for_selector("[data-testid=page-keyframes]")
    page.keyboard.press("v")
    page.keyboard.press("c")
    expect(page.get_by_test_id("comment-text")).to_be_focused()
    page.keyboard.type("Half a thou")
    page.wait_for_timeout(400)  # what is open is kept a moment later
    page.evaluate("window.isOld = true")
    live.stop()
    page.get_by_test_id("resume").click()
    expect(page.get_by_test_id("banner-waiting")).to_be_visible()
    log = live.log.with_name("again.log")
    log.touch()
    again = start_studio(live.settings, log, int(live.base_url.rsplit(":", 1)[1]))
    live.process, live.link = again.process, again.link
    page.wait_for_function("!window.isOld && document.querySelector('[data-testid=page-keyframes]')")
    expect(page.get_by_test_id("desk")).to_have_attribute("data-segment", "2")
    expect(page.get_by_test_id("versions-strip")).to_be_visible()
    expect(page.get_by_test_id("comment-text")).to_have_value("Half a thou")
    page.close(run_before_unload=True)


def _end_kernel(page: Page, kernel: str) -> None:
    """Let the page's engine go as a crash would, while the page stays open."""
    page.evaluate(
        """async (kernel) => {
            const token = decodeURIComponent((document.cookie.match(/_xsrf=([^;]*)/) || [])[1] || "");
            const form = new FormData();
            form.append("_xsrf", token);
            const address = `${document.body.dataset.baseUrl}voila/api/shutdown/${kernel}`;
            await fetch(address, { method: "POST", body: form });
        }""",
        kernel,
    )
