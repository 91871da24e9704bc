"""The story page without a browser: what it shows, and what it does with events."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.pages.story import StoryPage
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import OpenAs, open_as, stream_folder

__all__ = ["open_as", "stream_folder"]

OpenStory = Callable[..., Browser]


@pytest.fixture
def open_story(open_as: OpenAs, stream_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OpenStory:
    form = {"story": "Once upon a time.\n\nThe end.", "language": "en", "brief": {"tone": "warm"}}
    (stream_folder / "input.json").write_text(json.dumps(form))

    def open_one(role: Role = Role.DIRECTOR, stream_id: str = "film") -> Browser:
        page: Any = StoryPage()
        browser = Browser(page, monkeypatch)
        page.open(open_as("dora", role), stream_id)
        return browser

    return open_one


def decide(page: Browser, decision: str, note: str = "") -> dict[str, Any]:
    sha256 = page.last("load")["story"]["gate"]["sha256"]
    return page.send("decide", decision=decision, note=note, sha256=sha256)


def test_the_story_its_brief_and_its_gate_are_shown(open_story: OpenStory) -> None:
    load = open_story().last("load")
    story = load["story"]
    assert [line["text"] for line in story["parts"][0]["lines"]] == ["Once upon a time.", "The end."]
    assert (story["length"]["n_words"], story["language"], story["direction"]) == (6, "en", "ltr")
    assert {one["key"]: one["text"] for one in story["brief"]}["tone"] == "warm"
    assert story["gate"]["state"] == "waiting"
    [here] = [stop for stop in load["frame"]["rail"] if stop["here"]]
    assert here["href"] == "/s/film/story"


def test_a_verdict_moves_gate_history_and_rail_and_is_taken_back(open_story: OpenStory) -> None:
    page = open_story()
    assert decide(page, "needs_clarification")["ok"] is False  # it needs a note
    assert decide(page, "needs_clarification", "Who speaks?")["ok"]
    told = page.last("patch")
    assert told["story"]["gate"]["state"] == "changes"
    assert told["frame"]["rail"][0]["state"] == "changes"
    [verdict] = told["story"]["history"]
    assert (verdict["by"], verdict["note"], verdict["is_of_now"]) == ("dora", "Who speaks?", True)
    assert page.send("undo")["label"] == "asked about the story"
    assert page.last("patch")["story"]["history"][0]["taken_back_by"] == "dora"
    assert page.send("redo")["ok"]


def test_a_verdict_on_another_story_than_was_read_is_refused(
    open_story: OpenStory, stream_folder: Path
) -> None:
    page = open_story()
    (stream_folder / "input.json").write_text('{"story": "Another one."}')
    answer = decide(page, "approved")
    assert (answer["ok"], answer["code"]) == (False, "stale_write")
    assert page.last("patch")["story"]["parts"][0]["lines"][0]["text"] == "Another one."


def test_a_change_on_disk_is_shown_without_a_reload(open_story: OpenStory, stream_folder: Path) -> None:
    page = open_story()
    (stream_folder / "input.json").write_text('{"story": "A longer story.", "brief": {"tone": "dry"}}')
    page.page.look()  # type: ignore[attr-defined]
    told = page.last("patch")["story"]
    assert told["parts"][0]["lines"][0]["text"] == "A longer story."
    assert "error" not in told
    (stream_folder / "production.json").write_text("{")
    page.page.look()  # type: ignore[attr-defined]
    assert "production.json" in page.last("patch")["story"]["error"]


def test_the_brief_is_edited_and_a_clash_brings_the_other_text(
    open_story: OpenStory, stream_folder: Path
) -> None:
    page = open_story()
    assert page.send("save_brief", key="tone", text="dry", base_text="warm")["ok"]
    assert json.loads((stream_folder / "input.json").read_text())["brief"]["tone"] == "dry"
    answer = page.send("save_brief", key="tone", text="loud", base_text="warm")
    assert (answer["ok"], answer["code"]) == (False, "stale_write")
    assert page.send("save_brief", key="tone", text="x" * 20_001, base_text="dry")["ok"] is False
    assert page.send("decide", decision="regenerate", note="", sha256="x")["ok"] is False


def test_who_only_looks_on_is_told_so_and_changes_nothing(open_story: OpenStory) -> None:
    page = open_story(Role.VIEWER)
    assert page.last("load")["frame"]["person"]["may"]["decide"] is False
    assert decide(page, "approved")["code"] == "permission_denied"
    assert page.send("save_brief", key="tone", text="dry", base_text="warm")["code"] == "permission_denied"


def test_a_stream_that_is_not_there_is_an_error_and_no_crash(open_story: OpenStory) -> None:
    load = open_story(stream_id="nothing").last("load")
    assert "nothing" in load["story"]["error"]
    assert load["frame"]["stream"] is None


def test_fields_inside_of_others_are_told_with_their_place_and_saved_one_by_one(
    open_story: OpenStory, stream_folder: Path
) -> None:
    form = {
        "story": "Once.",
        "brief": {"weather": {"sky": "grey", "rain": True}, "people": [{"name": "Ana"}]},
    }
    page = open_story()
    (stream_folder / "input.json").write_text(json.dumps(form))
    page.page.look()  # type: ignore[attr-defined]
    told = {one["key"]: one for one in page.last("patch")["story"]["brief"] if one["text"]}
    assert list(told) == [
        "weather",
        "weather/sky",
        "weather/rain",
        "people",
        "people/0",
        "people/0/name",
    ]
    assert (told["people"]["is_list"], told["people/0"]["name"], told["people/0"]["depth"]) == (True, 0, 1)
    assert told["weather/sky"]["words"] == "weather › sky"
    assert page.send("save_brief", key="people/0/name", text="Bea", base_text="Ana")["ok"]
    assert page.send("save_brief", key="weather/rain", text="no", base_text="yes")["ok"]
    saved = json.loads((stream_folder / "input.json").read_text())["brief"]
    assert saved == {"weather": {"sky": "grey", "rain": False}, "people": [{"name": "Bea"}]}
    assert page.send("undo")["label"] == "edited “weather › rain” of the brief"
