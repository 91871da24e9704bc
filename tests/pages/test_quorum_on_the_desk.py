"""Several approvals and unapproved keyframes, as the pages show and accept them."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser, decide, shown
from tests.workbench.conftest import OpenAs, director, open_as, stream_folder

__all__ = ["director", "open_as", "shown", "stream_folder"]


def rail(browser: Browser) -> dict[str, dict[str, Any]]:
    frames = [payload["frame"] for _, payload in browser.received if "rail" in payload.get("frame", {})]
    return {stop["checkpoint"]: stop for stop in frames[-1]["rail"]}


def test_a_card_tells_no_approvals_while_one_is_enough(shown: Browser) -> None:
    decide(shown, 1)
    assert {card["approvals"] for card in shown.cards().values()} == {None}


def test_a_changed_quorum_reaches_an_open_page_with_who_approved(
    shown: Browser, director: Workbench, open_as: OpenAs
) -> None:
    decide(shown, 1)
    assert rail(shown)["keyframes"]["approved"] == 1
    director.checkpoints.set_approvals_needed("film", 2)
    shown.page.refresh()
    card = shown.cards()[1]
    assert (card["decision"], card["approvals"]) == ("approved", {"by": ["dora"], "needed": 2})
    assert shown.cards()[2]["approvals"] == {"by": [], "needed": 2}
    assert rail(shown)["keyframes"]["approved"] == 0
    second = open_as("dan", Role.DIRECTOR)
    sha256 = card["version"]["sha256"]
    second.reviews.decide("film", Kind.KEYFRAME, {1: sha256}, DecisionKind.APPROVED)
    shown.page.refresh()
    assert shown.cards()[1]["approvals"] == {"by": ["dora", "dan"], "needed": 2}
    assert rail(shown)["keyframes"]["approved"] == 1


def test_each_version_has_its_own_approvals(shown: Browser, director: Workbench) -> None:
    director.checkpoints.set_approvals_needed("film", 2)
    decide(shown, 1)
    shown.send("open_segment", segment_id=1)
    (version,) = shown.last("detail")["versions"]
    assert version["approvals"] == {"by": ["dora"], "needed": 2}


def test_the_rail_says_why_a_gate_stands_where_it_stands(shown: Browser) -> None:
    assert rail(shown)["spec"]["reason"] == "Nobody has decided on the spec yet."
    assert rail(shown)["keyframes"]["reason"] == "0 of 4 keyframes are approved; 1 missing."


def make_clip(browser: Browser, *, allow: bool) -> dict[str, Any]:
    return browser.send(
        "regenerate",
        segment_id=1,
        image_prompt="a sea, part 1",
        motion_prompt="push in",
        negative_prompt="",
        base_texts={"image_prompt": "a sea, part 1", "motion_prompt": "push in", "negative_prompt": ""},
        seed="new",
        engine="local",
        model="",
        variants=1,
        references=[],
        arms=[],
        blind=False,
        sha256=None,
        seen_seq=0,
        allow_unapproved_keyframe=allow,
    )


def test_a_clip_of_an_unapproved_keyframe_needs_the_tick(
    director: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ReviewPage(Kind.VIDEO)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    assert browser.cards()[1]["keyframe_approved"] is False
    refused = make_clip(browser, allow=False)
    assert (refused["ok"], refused["code"]) == (False, "rule")
    assert make_clip(browser, allow=True)["ok"] is True
    sha256 = director.reviews.standing("film").versions[1, Kind.KEYFRAME].sha256
    director.reviews.decide("film", Kind.KEYFRAME, {1: sha256}, DecisionKind.APPROVED)
    page.refresh()
    assert browser.cards()[1]["keyframe_approved"] is True
