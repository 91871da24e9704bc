"""One deed on all selected segments on the review page, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser, decide
from tests.workbench.conftest import director, open_as, stream_folder

__all__ = ["director", "open_as", "stream_folder"]

HOW = {"engine": None, "model": "", "variants": 2, "arms": [], "blind": False}


@pytest.fixture
def shown(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> Browser:
    page = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    return browser


def seen(shown: Browser, *segment_ids: int) -> list[dict[str, Any]]:
    cards = shown.cards()
    return [
        {
            "segment_id": number,
            "sha256": cards[number]["version"]["sha256"] if cards[number]["version"] else None,
            "seen_seq": cards[number]["decision_seq"],
        }
        for number in segment_ids
    ]


def test_all_are_approved_pushed_and_taken_back_as_one(shown: Browser) -> None:
    decide(shown, 2)
    reply = shown.send("approve_selected", shown=seen(shown, 1, 2, 3, 4))
    assert reply["done"] == [1, 3]
    assert reply["skipped"] == [
        {"segment_id": 2, "why": "it is approved already"},
        {"segment_id": 4, "why": "it has no keyframe yet"},
    ]
    assert [card["decision"] for card in shown.cards().values()] == ["approved"] * 3 + ["undecided"]
    assert shown.send("undo")["label"] == "approved 2 keyframes"
    decisions = [card["decision"] for card in shown.cards().values()]
    assert decisions == ["undecided", "approved", "undecided", "undecided"]


def test_the_plan_is_what_is_done(shown: Browser, director: Workbench) -> None:
    decide(shown, 2)
    plan = shown.send("plan_selected", segment_ids=[2, 3, 4], **HOW)
    assert (plan["count"], plan["price_usd"]) == (2, 0.0)
    assert plan["skipped"] == [{"segment_id": 2, "why": "its keyframe is approved"}]
    reply = shown.send("regenerate_selected", shown=seen(shown, 2, 3, 4), **HOW)
    assert (reply["done"], reply["skipped"]) == ([3, 4], plan["skipped"])
    assert [task.request.segment_id for task in director.tasks.queue()] == [3, 3, 4, 4]
    assert shown.cards()[3]["decision"] == "regenerate"


def test_the_same_words_are_said_at_all_of_them(shown: Browser, director: Workbench) -> None:
    reply = shown.send("comment_selected", segment_ids=[1, 3], text="Warmer.")
    assert reply["done"] == [1, 3]
    assert [shown.cards()[number]["comments_open"] for number in (1, 2, 3)] == [1, 0, 1]
    shown.send("undo")
    assert [shown.cards()[number]["comments_open"] for number in (1, 3)] == [0, 0]
    assert len(director.comments.list("film", 1, Kind.KEYFRAME)) == 1


def test_unsent_remarks_are_kept_and_sent_with_the_next_load(shown: Browser, director: Workbench) -> None:
    words = {"segment_id": 1, "field": "comment_keyframe", "text": "Half a thou", "base_text": ""}
    shown.page.screen._handle_event(None, {"event": "save_draft", "data": words}, [])
    shown.page.screen._handle_event(None, {"event": "ready", "data": {}}, [])
    [draft] = shown.last("load")["drafts"]
    assert (draft["field"], draft["text"]) == ("comment_keyframe", "Half a thou")
    words = {"segment_id": 1, "field": "comment_keyframe"}
    shown.page.screen._handle_event(None, {"event": "discard_draft", "data": words}, [])
    assert director.prompts.drafts("film") == []
