"""The advice page, and the desk's suggestions, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.advice.saying import advice_state, counted, odds
from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.pages.advice import AdvicePage
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser
from tests.workbench.advised import record_decisions
from tests.workbench.conftest import OpenAs, open_as, stream_folder

__all__ = ["open_as", "stream_folder"]


@pytest.fixture
def studio(open_as: OpenAs) -> Workbench:
    workbench = open_as("dora", Role.DIRECTOR)
    workbench.streams.scan("film")
    with workbench.studio.database.write() as connection:
        record_decisions(connection, 600)
    return workbench


def open_advice(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Browser]:
    page: Any = AdvicePage()
    browser = Browser(page, monkeypatch)
    page.start(workbench)
    return page, browser


def test_the_page_says_first_that_nothing_was_learned_and_then_what(
    studio: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, browser = open_advice(studio, monkeypatch)
    first = browser.last("load")
    assert (first["advice"]["state"], first["advice"]["phrases"]) == ("none", [])
    assert first["frame"]["page"] == "advice"
    studio.advice.learn()
    page.look()
    load = browser.last("load")["advice"]
    assert load["state"] == "ready"
    (pan,) = [one for one in load["phrases"] if one["phrase"] == "gentle pan"]
    assert pan["verdict"] == "helps"
    assert pan["evidence"].startswith(f"{pan['k']} of {pan['n']} approved first time · 95 % ")
    assert load["uptake"]["verdict"].startswith("Not enough data")
    assert [one["words"] for one in load["uptake"]["groups"]] == ["no data"] * 4
    assert [one["model"] for one in load["makers"]] == ["m1"]


def test_words_can_be_tried_and_the_prompts_behind_a_phrase_read(
    studio: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.advice.learn()
    _, browser = open_advice(studio, monkeypatch)
    advice = browser.send("try_prompt", kind="keyframe", text="the sea, part 3")["advice"]
    assert "gentle pan" in [one["phrase"] for one in advice["to_add"]]
    assert advice["own"]["low"] < advice["own"]["predicted"] < advice["own"]["high"]
    assert all(one["href"].startswith("/s/older/keyframes?segment=") for one in advice["prompts"])
    behind = browser.send("phrase_prompts", phrase="gentle pan")["prompts"]
    assert len(behind) == 50
    assert all("gentle pan" in one["text"] for one in behind)
    assert browser.send("try_prompt", kind="tune", text="the sea")["ok"] is False
    assert studio.advice.counts() == (0, 0, 0)


def test_the_desk_is_advised_and_tells_what_was_taken(
    studio: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    page: Any = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(studio, "film")
    assert browser.send("advice", segment_id=2)["advice"] == {"state": "none", "n": 0, "needed": 500}
    studio.advice.learn()
    advice = browser.send("advice", segment_id=2)["advice"]
    assert advice["state"] == "ready"
    ids = [one["id"] for one in advice["prompts"]]
    assert browser.send("take_suggestions", suggestion_ids=ids[:1], task_id=None)["ok"]
    assert browser.send("take_suggestions", suggestion_ids=ids[:1], task_id="t1")["ok"]
    assert studio.advice.counts()[1:] == (1, 1)
    assert browser.send("take_suggestions", suggestion_ids="all", task_id=None)["ok"] is False


def test_the_page_lists_what_was_suggested_lately(studio: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.advice.learn()
    page, browser = open_advice(studio, monkeypatch)
    assert browser.last("load")["log"]["shown"] == 0
    shown = studio.advice.for_segment("film", 2, Kind.KEYFRAME)
    assert shown is not None
    page.refresh()
    log = browser.last("patch")["log"]
    assert log["shown"] == len(log["newest"]) == len(shown.prompt_ids) + len(shown.phrase_ids)
    assert {one["fate"] for one in log["newest"]} == {"shown"}


def test_too_little_is_said_to_be_too_little() -> None:
    facts = {"is_predictive": False, "is_enough": False, "n_attempts": 12}
    assert advice_state(facts) == {"state": "too_little", "n": 12, "needed": 500}
    assert advice_state({**facts, "is_enough": True})["state"] == "no_better"
    assert odds({"odds_ratio": None}) == "not enough data"
    assert odds({"odds_ratio": 2.345, "odds_low": 1.1, "odds_high": 12.3}) == "odds × 2.35 (95 % 1.10–12)"
    assert counted({"k": 18, "n": 20, "low": 0.699, "high": 0.972}) == (
        "18 of 20 approved first time · 95 % 70–97 %"
    )
