"""The repair bar of the review page, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import director, open_as, stream_folder
from tests.workbench.repairing import ask, current, judge, make

__all__ = ["director", "open_as", "stream_folder"]


@pytest.fixture
def shown(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """The keyframes of a stream whose first segment has an approved still and a clip made from it."""
    judge(director, make(director))
    make(director, Kind.VIDEO)
    page = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    return browser


def test_the_bar_counts_stills_and_clips_of_the_stream_and_follows_changes(
    shown: Browser, stream_folder: Path
) -> None:
    assert shown.last("load")["out_of_date"] == {"stills": 0, "clips": 0}
    ask(stream_folder, image_prompt="a lake")
    shown.page.refresh()
    assert shown.last("load")["out_of_date"] == {"stills": 1, "clips": 1}
    assert shown.cards()[1]["stale"] == ["The image prompt has changed since this still was made."]


def test_the_plan_is_told_step_by_step_and_done_as_it_was_told(
    shown: Browser, director: Workbench, stream_folder: Path
) -> None:
    first = current(director)
    ask(stream_folder, image_prompt="a lake")
    make(director)
    ask(stream_folder, image_prompt="a sea, part 1")
    shown.page.refresh()
    plan = shown.send("repair_plan")["plan"]
    [step] = plan["steps"]
    assert (step["action"], step["replaces"], step["restores"]) == ("restore", 3, first.number)
    assert (step["price_usd"], step["waits"]["now"], plan["ways"]["now"]["n_steps"]) == (0.0, None, 1)
    leave = {"replace_approved": False, "with_clips": False}
    reply = shown.send("apply_repair", plan_sha256=plan["sha256"], **leave)
    assert reply["done"] == {"queued": 0, "restored": 1, "left": 0, "failed": []}
    assert shown.last("patch")["out_of_date"] == {"stills": 0, "clips": 0}
    assert current(director).id == first.id


def test_what_is_approved_is_marked_and_waits_for_leave(shown: Browser, stream_folder: Path) -> None:
    ask(stream_folder, image_prompt="a lake")
    plan = shown.send("repair_plan")["plan"]
    still, clip = plan["steps"]
    told = "its keyframe is approved"
    assert still["approved"]
    assert still["waits"] == {"now": told, "approved": None, "clips": told, "both": None}
    assert clip["waits"]["approved"] == "its keyframe has to be made and approved first"
    assert clip["waits"]["both"] is None
    steps = {name: way["n_steps"] for name, way in plan["ways"].items()}
    assert steps == {"now": 0, "approved": 1, "clips": 0, "both": 2}
    assert (plan["n_approved"], plan["n_clips_after"]) == (1, 1)


def test_a_clip_is_made_right_after_its_keyframe_when_that_is_wanted(
    shown: Browser, director: Workbench, stream_folder: Path
) -> None:
    ask(stream_folder, image_prompt="a lake")
    plan = shown.send("repair_plan")["plan"]
    leave = {"replace_approved": True, "with_clips": True}
    reply = shown.send("apply_repair", plan_sha256=plan["sha256"], **leave)
    assert reply["done"] == {"queued": 2, "restored": 0, "left": 0, "failed": []}
    still, clip = director.tasks.queue()
    assert (still.request.kind, clip.after_task_id) == (Kind.KEYFRAME, still.id)


def test_a_plan_that_changed_is_refused_in_words(shown: Browser, stream_folder: Path) -> None:
    ask(stream_folder, image_prompt="a lake")
    reply = shown.send("apply_repair", plan_sha256="0" * 64, replace_approved=True, with_clips=False)
    assert (reply["ok"], reply["code"]) == (False, "stale_write")
