"""Prompts on the review page without a browser: clashes, the history, and files that are gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import OpenAs, director, open_as, stream_folder
from tests.workbench.outside import edit_outside

__all__ = ["director", "open_as", "stream_folder"]

SEA = "a sea, part 1"


@pytest.fixture
def shown(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> Browser:
    page = ReviewPage(Kind.KEYFRAME)
    browser = Browser(page, monkeypatch)
    page.start(director, "film")
    wait_for_scan(page)
    return browser


def wait_for_scan(page: ReviewPage) -> None:
    if page._scan_thread is not None:
        page._scan_thread.join()


def look(page: ReviewPage) -> None:
    """Look at the files as the page does on its own, and then once more for what the look found."""
    page._scanned_at = float("-inf")
    page._look_at_files()
    wait_for_scan(page)
    page._look_at_files()


def save(shown: Browser, text: str, base: str) -> dict[str, Any]:
    return shown.send("save_prompt", segment_id=1, field="image_prompt", text=text, base_text=base)


def test_a_clash_is_answered_with_both_texts_and_theirs_is_shown_at_once(
    shown: Browser, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, image_prompt="theirs")
    reply = save(shown, "mine", SEA)
    assert (reply["ok"], reply["code"]) == (False, "prompt_clash")
    assert reply["clash"] == {"field": "image_prompt", "base": SEA, "theirs": "theirs", "yours": "mine"}
    assert shown.cards()[1]["image_prompt"] == "theirs"
    assert save(shown, "mine", "theirs")["ok"] is True
    assert shown.cards()[1]["image_prompt"] == "mine"


def test_a_regeneration_over_a_changed_prompt_is_a_clash_and_makes_no_task(
    shown: Browser, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, image_prompt="theirs")
    reply = shown.send(
        "regenerate",
        segment_id=1,
        image_prompt="mine",
        motion_prompt="push in",
        negative_prompt="",
        base_texts={"image_prompt": SEA, "motion_prompt": "push in", "negative_prompt": ""},
        seed="new",
        engine="local",
        model="",
        variants=1,
        references=[],
        arms=[],
        blind=False,
        sha256=shown.cards()[1]["version"]["sha256"],
        seen_seq=0,
        allow_unapproved_keyframe=False,
    )
    assert reply["clash"]["theirs"] == "theirs"
    assert shown.cards()[1]["task"] is None


def test_the_history_is_answered_newest_first_and_a_wording_is_brought_back(
    shown: Browser, stream_folder: Path
) -> None:
    save(shown, "mine", SEA)
    edit_outside(stream_folder, 1, image_prompt="theirs")
    look(shown.page)
    changes = shown.send("prompt_history", segment_id=1)["changes"]
    assert [(one["source"], one["actor"], one["before"], one["after"]) for one in changes] == [
        ("outside", "outside", "mine", "theirs"),
        ("workbench", "dora", SEA, "mine"),
    ]
    reply = shown.send(
        "bring_back_prompt",
        segment_id=1,
        change_seq=changes[1]["seq"],
        side="before",
        field="image_prompt",
        base_text="theirs",
    )
    assert reply["ok"] is True
    assert shown.cards()[1]["image_prompt"] == SEA


def test_a_viewer_reads_the_history_and_brings_nothing_back(
    shown: Browser, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(shown, "mine", SEA)
    seq = shown.send("prompt_history", segment_id=1)["changes"][0]["seq"]
    page = ReviewPage(Kind.KEYFRAME)
    visitor = Browser(page, monkeypatch)
    page.start(open_as("vera", Role.VIEWER), "film")
    wait_for_scan(page)
    assert len(visitor.send("prompt_history", segment_id=1)["changes"]) == 1
    asked = {"segment_id": 1, "change_seq": seq, "side": "before", "field": "image_prompt"}
    assert visitor.send("bring_back_prompt", **asked, base_text="mine")["code"] == "permission_denied"


def test_a_conflict_of_two_keys_is_shown_and_settled_in_every_key(
    shown: Browser, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, keyframe_prompt="a lake")
    look(shown.page)
    assert shown.cards()[1]["prompt_conflict"] == {"image_prompt": SEA, "keyframe_prompt": "a lake"}
    shown.send("resolve_conflict", segment_id=1, key="keyframe_prompt")
    assert shown.cards()[1]["prompt_conflict"] == {}
    assert (stream_folder / "production.json").read_text().count("a lake") == 2


def test_a_file_that_is_gone_is_told_and_the_current_version_is_put_back(
    shown: Browser, stream_folder: Path
) -> None:
    still = stream_folder / "keyframes" / "segment_2_keyframe.png"
    content = still.read_bytes()
    still.unlink()
    look(shown.page)
    load = shown.last("load")
    assert load["gone"] == [2]
    assert "segment 2 is gone" in load["oddities"][-1]["message"]
    assert shown.cards()[2]["version"]["number"] == 1
    shown.send("restore", version_id=shown.cards()[2]["version"]["id"])
    assert still.read_bytes() == content
    look(shown.page)
    assert shown.last("load")["gone"] == []
