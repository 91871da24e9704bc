"""Variants, engines and pictures to go by on the review page, without a browser."""

from __future__ import annotations

import pytest

from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import director, open_as, stream_folder
from tests.workbench.repairing import current, finish

__all__ = ["director", "open_as", "stream_folder"]

HOW = {"engine": "local", "model": "", "variants": 1, "references": [], "arms": [], "blind": False}


@pytest.fixture
def shown(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> Browser:
    page = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    return browser


def ask(shown: Browser, segment_id: int, **wishes: object) -> dict[str, object]:
    card = shown.cards()[segment_id]
    prompts = {name: card[name] for name in ("image_prompt", "motion_prompt", "negative_prompt")}
    more = {"seed": "new", "seen_seq": card["decision_seq"], "allow_unapproved_keyframe": False}
    sha256 = card["version"]["sha256"] if card["version"] else None
    asked = {**HOW, **prompts, **more, "base_texts": prompts, "sha256": sha256, **wishes}
    return shown.send("regenerate", segment_id=segment_id, **asked)


def cells(shown: Browser, segment_id: int) -> list[dict[str, object]]:
    shown.send("open_segment", segment_id=segment_id)
    made: dict[str, list[dict[str, object]]] = shown.last("detail")["variants"]
    return made["cells"]


def test_variants_are_watched_one_by_one_and_picked(shown: Browser, director: Workbench) -> None:
    before = current(director, segment_id=3)
    assert ask(shown, 3, variants=2)["existed"] is False
    assert [task["state"] for task in shown.cards()[3]["variant_tasks"]] == ["queued", "queued"]
    assert [cell["version_id"] for cell in cells(shown, 3)] == [None, None]
    made = [finish(director, task) for task in director.tasks.queue()]
    shown.page.refresh()
    card = shown.cards()[3]
    assert (card["to_pick"], card["variant_tasks"], card["n_versions"]) == (2, [], 3)
    assert card["version"]["id"] == before.id
    assert [cell["version_id"] for cell in cells(shown, 3)] == [version.id for version in made]
    set_id = shown.last("detail")["variants"]["id"]
    reply = shown.send("pick_variant", set_id=set_id, version_id=made[1].id)
    assert reply == {"request_id": "r1", "ok": True, "number": 3}
    assert (shown.cards()[3]["to_pick"], shown.cards()[3]["version"]["id"]) == (0, made[1].id)
    assert shown.send("undo")["label"] == "picked variant 2 of keyframe 3"
    assert (shown.cards()[3]["to_pick"], shown.cards()[3]["version"]["id"]) == (2, before.id)


def test_what_was_retried_takes_the_place_of_what_failed(shown: Browser, director: Workbench) -> None:
    ask(shown, 3, variants=2)
    first, _ = director.tasks.queue()
    director.tasks.cancel(first.id)
    again = director.tasks.retry(first.id)
    assert [cell["task_id"] for cell in cells(shown, 3)][0] == again.id
    assert len(cells(shown, 3)) == 2


def test_a_second_press_is_told_to_have_existed(shown: Browser, director: Workbench) -> None:
    ask(shown, 3)
    decided = len(director.reviews.decisions("film", 3, Kind.KEYFRAME))
    assert ask(shown, 3)["existed"] is True
    assert len(director.reviews.decisions("film", 3, Kind.KEYFRAME)) == decided == 1


def test_a_segment_that_was_never_varied_has_nothing_to_choose_from(shown: Browser) -> None:
    shown.send("open_segment", segment_id=1)
    assert shown.last("detail")["variants"] is None
    assert shown.cards()[1]["to_pick"] == 0


def test_prices_count_variants_and_say_how_many_pictures_go_along(
    shown: Browser, director: Workbench
) -> None:
    free = shown.send("price", segment_id=3, **HOW)
    assert (free["price_usd"], free["references_taken"]) == (0.0, 0)
    still = current(director, segment_id=1)
    wishes = {"engine": "google", "model": "gemini-3-pro-image", "references": [still.id]}
    one = shown.send("price", segment_id=3, **(HOW | wishes))
    three = shown.send("price", segment_id=3, **(HOW | wishes | {"variants": 3}))
    assert one["references_taken"] > 0
    assert one["price_usd"] > 0.1
    assert three["price_usd"] == pytest.approx(3 * one["price_usd"])


def test_a_picture_to_go_by_is_queued_with_the_words(shown: Browser, director: Workbench) -> None:
    still = current(director, segment_id=1)
    words = "a sea, part 1, in the style of segment 1"
    ask(shown, 3, engine="google", references=[still.id], image_prompt=words)
    [task] = director.tasks.queue()
    assert task.request.reference_sha256s == (still.sha256,)
    assert task.request.image_prompt == words
    assert director.streams.get("film").get_segment(3).image_prompt == words


def test_an_engine_is_chosen_for_a_segment_or_the_stream_and_taken_back(
    shown: Browser, director: Workbench
) -> None:
    assert [offer["name"] for offer in shown.last("load")["engines"]] == ["local"]
    chosen = {"engine": "google", "model": "gemini-3-pro-image"}
    shown.send("choose_engine", segment_id=3, **chosen)
    shown.send("choose_engine", segment_id=None, engine="google", model="")
    told = [(card["engine"], card["model"], card["engine_for"]) for card in shown.cards().values()]
    assert told[2] == ("google", "gemini-3-pro-image", "segment")
    assert {*told[:2], told[3]} == {("google", "", "stream")}
    shown.send("forget_engine", segment_id=3)
    assert shown.cards()[3]["engine_for"] == "stream"
    assert [one.segment_id for one in director.engines.choices("film")] == [None]


def test_offers_tell_what_a_model_costs_and_takes(
    director: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    director.engines.choose("film", Kind.KEYFRAME, "google", segment_id=2)
    page = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    local, google = browser.last("load")["engines"]
    assert (local["name"], local["models"][0]["most_references"]) == ("local", 0)
    assert [model["is_default"] for model in google["models"]].count(True) == 1
    assert all(model["usd"] > 0 for model in google["models"])
