"""The review page without a browser: what it pushes, and what it does with events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs, director, open_as, stream_folder, write_still

__all__ = ["director", "open_as", "stream_folder"]


class Browser:
    """What a browser would have received, and a way to send events as it does."""

    def __init__(self, page: ReviewPage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.page = page
        self.received: list[tuple[str, dict[str, Any]]] = []
        monkeypatch.setattr(
            page.screen, "push", lambda method, payload: self.received.append((method, payload))
        )

    def send(self, event: str, **data: Any) -> dict[str, Any]:
        self.page.screen._handle_event(None, {"event": event, "data": {"request_id": "r1", **data}}, [])
        return self.last("reply")

    def last(self, method: str) -> dict[str, Any]:
        return next(payload for name, payload in reversed(self.received) if name == method)

    def cards(self) -> dict[int, dict[str, Any]]:
        cards: dict[int, dict[str, Any]] = {}
        for method, payload in self.received:
            if method == "load":
                cards = {card["segment_id"]: dict(card) for card in payload["cards"]}
            elif method == "patch":
                for key, fields in payload.get("cards", {}).items():
                    cards[int(key)].update(fields)
        return cards


class Watching:
    """A watching of the database that would push later than this test takes."""

    is_running = True

    def note_answer(self) -> None:
        """Wait on."""


@pytest.fixture
def shown(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> Browser:
    page = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    return browser


def decide(shown: Browser, segment_id: int, decision: str = "approved") -> dict[str, Any]:
    sha256 = shown.cards()[segment_id]["version"]["sha256"]
    return shown.send(
        "decide",
        segment_ids=[segment_id],
        decision=decision,
        note="",
        sha256s={str(segment_id): sha256},
        seen_seq=0,
    )


def test_the_first_load_has_a_card_for_each_segment_and_the_frame(shown: Browser) -> None:
    load = shown.last("load")
    assert [card["segment_id"] for card in load["cards"]] == [1, 2, 3, 4]
    assert load["cards"][3]["version"] is None
    assert load["frame"]["stream"] == {"id": "film", "title": "The film", "language": "en"}
    assert [gate["checkpoint"] for gate in load["frame"]["rail"]] == [
        "story",
        "spec",
        "keyframes",
        "videos",
        "final",
    ]
    assert load["frame"]["person"]["may"]["decide"] is True


def test_a_decision_is_answered_and_only_what_changed_is_pushed(shown: Browser) -> None:
    assert decide(shown, 2) == {"request_id": "r1", "ok": True}
    patch = shown.last("patch")
    assert patch["cards"].keys() == {"2"}
    assert patch["cards"]["2"]["decision"] == "approved"
    assert "title" not in patch["cards"]["2"]


def test_a_verdict_taken_back_before_it_was_told_is_told_as_it_stands(
    shown: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown.page, "_live", Watching())
    assert decide(shown, 2)["ok"] is True
    shown.send("undo")
    assert shown.last("patch")["cards"]["2"]["decision"] == "undecided"


def test_a_refusal_says_why_and_changes_nothing(shown: Browser) -> None:
    reply = shown.send(
        "decide", segment_ids=[1], decision="approved", note="", sha256s={"1": "0" * 64}, seen_seq=0
    )
    assert reply["ok"] is False
    assert reply["code"] == "stale_write"
    assert shown.cards()[1]["decision"] == "undecided"


def test_what_somebody_else_does_is_pushed_at_the_next_refresh(shown: Browser, open_as: OpenAs) -> None:
    other = open_as("dan", Role.DIRECTOR)
    version = other.reviews.standing("film").version(3, Kind.KEYFRAME)
    assert version is not None
    other.reviews.decide("film", Kind.KEYFRAME, {3: version.sha256}, DecisionKind.REGENERATE)
    shown.page.refresh()
    assert shown.cards()[3]["decision"] == "regenerate"
    assert shown.cards()[3]["decided_by"] == "dan"


@pytest.mark.parametrize(
    ("question", "data"),
    [
        ("open_segment", {"segment_id": 2}),
        ("prompt_history", {"segment_id": 2}),
        ("film", {}),
        ("repair_plan", {}),
    ],
)
def test_a_question_is_answered_without_reading_the_stream_again(
    shown: Browser, open_as: OpenAs, question: str, data: dict[str, Any]
) -> None:
    other = open_as("dan", Role.DIRECTOR)
    version = other.reviews.standing("film").version(3, Kind.KEYFRAME)
    assert version is not None
    other.reviews.decide("film", Kind.KEYFRAME, {3: version.sha256}, DecisionKind.REGENERATE)
    assert shown.send(question, **data)["ok"] is True
    assert "patch" not in [method for method, _ in shown.received]
    shown.page.refresh()
    assert shown.cards()[3]["decision"] == "regenerate"


def test_nothing_is_pushed_when_nothing_changed(shown: Browser) -> None:
    n_messages = len(shown.received)
    shown.page.refresh()
    assert len(shown.received) == n_messages


def test_a_new_task_reaches_the_card_and_cancelling_removes_it(shown: Browser) -> None:
    sha256 = shown.cards()[1]["version"]["sha256"]
    reply = shown.send(
        "regenerate",
        segment_id=1,
        image_prompt="a storm",
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
        sha256=sha256,
        seen_seq=0,
        allow_unapproved_keyframe=False,
    )
    assert shown.cards()[1]["task"]["state"] == "queued"
    assert shown.cards()[1]["image_prompt"] == "a storm"
    shown.send("cancel_task", task_id=reply["task_id"])
    assert shown.cards()[1]["task"] is None


def test_undo_answers_with_what_was_taken_back(shown: Browser) -> None:
    decide(shown, 1)
    assert shown.send("undo")["label"] == "approved keyframe 1"
    assert shown.cards()[1]["decision"] == "undecided"
    assert shown.send("undo")["code"] == "nothing_to_undo"


def test_redo_does_again_what_was_taken_back_and_then_has_nothing_left(shown: Browser) -> None:
    decide(shown, 1)
    shown.send("undo")
    assert shown.send("redo")["label"] == "approved keyframe 1"
    assert shown.cards()[1]["decision"] == "approved"
    assert "nothing to do again" in shown.send("redo")["message"]


def test_a_segment_s_detail_has_its_versions_newest_first(
    shown: Browser, director: Workbench, stream_folder: Path
) -> None:
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "white")
    director.streams.scan("film")
    shown.send("open_segment", segment_id=1)
    detail = shown.last("detail")
    assert [version["number"] for version in detail["versions"]] == [2, 1]
    assert [version["is_current"] for version in detail["versions"]] == [True, False]
    assert detail["section_text"] == "Once upon a time."


def test_a_changed_production_json_is_loaded_again(shown: Browser, stream_folder: Path) -> None:
    spec = stream_folder / "production.json"
    spec.write_text(spec.read_text().replace("a sea, part 4", "a lake"))
    shown.page.refresh()
    assert shown.cards()[4]["image_prompt"] == "a lake"


def test_a_broken_production_json_is_said_on_the_page(shown: Browser, stream_folder: Path) -> None:
    (stream_folder / "production.json").write_text('{"stream": ')
    shown.page.start(shown.page.workbench, "film")
    assert "production.json" in shown.last("load")["error"]


def test_events_of_a_wrong_form_never_reach_the_workbench(shown: Browser) -> None:
    assert shown.send("decide", segment_ids="all")["ok"] is False
    assert shown.send("cancel_task", task_id={"a": 1})["ok"] is False
    shown.page.screen._handle_event(None, {"event": "start", "data": {}}, [])
    shown.page.screen._handle_event(None, {"create_widget": ["os", "system"]}, [])
    assert {card["decision"] for card in shown.cards().values()} == {"undecided"}
