"""Choosing blind on the review page: what the browser gets tells nobody which version is which."""

from __future__ import annotations

import json
from typing import Any

import pytest

from director_lib.domain.task import Task
from director_lib.domain.version import Kind, Version
from director_lib.pages.review import ReviewPage
from director_lib.store.queue_order import list_queue
from director_lib.workbench import Workbench
from tests.pages.test_making_on_the_desk import ask
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import director, open_as, stream_folder
from tests.workbench.repairing import current, finish

__all__ = ["director", "open_as", "stream_folder"]

PLAIN = {"engine": "", "model": "", "prompt": "", "preset_id": 0}
PAID = PLAIN | {"engine": "google", "model": "gemini-3-pro-image", "prompt": "an ochre cliff at dusk"}


@pytest.fixture
def shown(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> Browser:
    page = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    return browser


def make_blind(shown: Browser, director: Workbench, segment_id: int = 3) -> list[Version]:
    """Ask for two versions that differ, let both be made, and open the segment."""
    ask(shown, segment_id, variants=2, arms=[PLAIN, PAID], blind=True)
    made = [finish(director, task) for task in queue(director)]
    shown.page.refresh()
    shown.send("open_segment", segment_id=segment_id)
    return made


def queue(director: Workbench) -> list[Task]:
    with director.studio.database.read() as connection:
        return list_queue(connection)


def telling(director: Workbench, made: list[Version]) -> set[str]:
    """Everything that says how a version was made, or names it."""
    told = set()
    for version in made:
        made_of = version.provenance
        told |= {made_of.engine, made_of.model, made_of.image_prompt, made_of.task_id, version.sha256}
        told |= {str(made_of.seed), version.extension, "ochre", "gemini", "google", "double"}
    return {word for word in told if word}


def test_nothing_in_what_the_browser_gets_tells_which_version_is_which(
    shown: Browser, director: Workbench
) -> None:
    before = current(director, segment_id=3)
    made = make_blind(shown, director)
    detail = shown.last("detail")
    card = shown.cards()[3]
    told = json.dumps(detail["variants"])
    assert not [word for word in telling(director, made) if word in told]
    assert [version["id"] for version in detail["versions"]] == [before.id]
    assert {*detail["variants"]["cells"][0]} == {"position", "state", "src", "poster"}
    everything = json.dumps([shown.received, detail, card])
    assert not [version.sha256 for version in made if version.sha256 in everything]
    assert (card["to_pick"], card["version"]["id"]) == (2, before.id)


def test_pictures_have_addresses_of_places_and_none_before_all_are_made(
    shown: Browser, director: Workbench
) -> None:
    ask(shown, 3, variants=2, arms=[PLAIN, PAID], blind=True)
    finish(director, queue(director)[0])
    shown.page.refresh()
    shown.send("open_segment", segment_id=3)
    waiting = shown.last("detail")["variants"]["cells"]
    assert [(cell["state"], cell["src"]) for cell in waiting] == [("queued", None)] * 2
    finish(director, queue(director)[0])
    shown.send("open_segment", segment_id=3)
    told = shown.last("detail")["variants"]
    assert [cell["src"] for cell in told["cells"]] == [f"/media/blind/{told['id']}/{n}" for n in (1, 2)]


def test_a_segment_without_a_still_shows_none_of_them_as_its_current_one(
    shown: Browser, director: Workbench
) -> None:
    make_blind(shown, director, segment_id=4)
    card = shown.cards()[4]
    assert (card["version"], card["to_pick"]) == (None, 2)


def test_a_pick_tells_everything_and_takes_the_words_and_one_undo_takes_both_back(
    shown: Browser, director: Workbench
) -> None:
    before, words = current(director, segment_id=3), director.streams.get("film").get_segment(3).image_prompt
    made = make_blind(shown, director)
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    position = found.position_of(made[1].id)
    reply = shown.send("pick_blind", set_id=found.id, position=position)
    assert reply["ok"], reply
    assert (reply["number"], reply["made_by"]) == (made[1].number, "google · double/1")
    shown.send("open_segment", segment_id=3)
    told = shown.last("detail")
    assert len(told["versions"]) == 3
    assert (told["variants"]["is_hidden"], told["variants"]["winner_version_id"]) == (False, made[1].id)
    assert director.streams.get("film").get_segment(3).image_prompt == "an ochre cliff at dusk"
    assert shown.cards()[3]["stale"] == []
    assert shown.send("undo")["label"] == f"picked variant {position} of keyframe 3"
    assert current(director, segment_id=3) == before
    assert director.streams.get("film").get_segment(3).image_prompt == words


def test_none_better_is_recorded_and_tells_everything(shown: Browser, director: Workbench) -> None:
    before = current(director, segment_id=3)
    make_blind(shown, director)
    set_id = shown.last("detail")["variants"]["id"]
    assert shown.send("tie_variants", set_id=set_id)["ok"]
    shown.send("open_segment", segment_id=3)
    told: dict[str, Any] = shown.last("detail")["variants"]
    assert (told["is_tie"], told["is_hidden"], told["winner_version_id"]) == (True, False, None)
    assert (shown.cards()[3]["to_pick"], current(director, segment_id=3)) == (0, before)
    assert shown.send("undo")["label"] == "found the variants of keyframe 3 equal"
    assert shown.cards()[3]["to_pick"] == 2


def test_it_can_be_shown_which_is_which_before_choosing(shown: Browser, director: Workbench) -> None:
    make_blind(shown, director)
    set_id = shown.last("detail")["variants"]["id"]
    assert shown.send("lift_blindness", set_id=set_id)["ok"]
    shown.send("open_segment", segment_id=3)
    told = shown.last("detail")
    assert (told["variants"]["is_hidden"], len(told["versions"])) == (False, 3)
    assert "google" in json.dumps(told["versions"])


def test_places_are_drawn_by_lot(shown: Browser, director: Workbench) -> None:
    firsts = set()
    for _ in range(24):
        ask(shown, 3, variants=2, arms=[PLAIN, PAID], blind=True)
        found, *_ = director.variants.of("film", 3, Kind.KEYFRAME)
        firsts.add(found.seats[0].request.engine)
        for task in queue(director):
            director.tasks.cancel(task.id)
        shown.page.refresh()
    assert firsts == {"local", "google"}


def test_a_preset_is_compared_in_many_segments_at_once(shown: Browser, director: Workbench) -> None:
    fog = director.presets.add("sea fog", "lighting", "soft sea fog")
    arms = [PLAIN, PLAIN | {"preset_id": fog.id}]
    how = {"engine": None, "model": "", "variants": 2, "arms": arms, "blind": True}
    shown_now = [
        {"segment_id": n, "sha256": current(director, segment_id=n).sha256, "seen_seq": 0} for n in (1, 3)
    ]
    reply = shown.send("regenerate_selected", shown=shown_now, **how)
    assert reply["done"] == [1, 3]
    for segment_id in (1, 3):
        [found] = director.variants.of("film", segment_id, Kind.KEYFRAME)
        assert sorted(place.preset for place in found.places) == ["", "sea fog"]
        assert ["soft sea fog" in task.request.image_prompt for task in found.tasks] == [False, True]
    gone = shown.send(
        "regenerate_selected", shown=shown_now, **how | {"arms": [PLAIN | {"preset_id": 99}] * 2}
    )
    assert (gone["ok"], gone["code"]) == (False, "not_found")


def test_one_version_is_compared_with_nothing(shown: Browser) -> None:
    refused = ask(shown, 3, variants=1, arms=[], blind=True)
    assert (refused["ok"], refused["code"]) == (False, "input")


def test_prices_are_those_of_the_versions_that_differ(shown: Browser) -> None:
    how = {"engine": "local", "model": "", "variants": 2, "references": [], "blind": False}
    one = shown.send("price", segment_id=3, **how, arms=[PLAIN, PAID])["price_usd"]
    two = shown.send("price", segment_id=3, **how, arms=[PAID, PAID])["price_usd"]
    assert 0.1 < one < two == pytest.approx(2 * one)
