"""Comments, mentions and presets on the review page, without a browser."""

from __future__ import annotations

import pytest

from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser, shown
from tests.workbench.conftest import OpenAs, director, open_as, stream_folder

__all__ = ["director", "open_as", "shown", "stream_folder"]

BOX = {"shapes": [{"kind": "box", "points": [[0.1, 0.1], [0.4, 0.5]]}]}
NOWHERE = {"version_id": None, "frame": None, "region": None}


@pytest.fixture(autouse=True)
def people(director: Workbench) -> None:
    director.people.add("dora", Role.DIRECTOR, "a long password", "Dora Lindqvist")
    director.people.add("dan", Role.DIRECTOR, "a long password")


def test_a_comment_with_a_drawing_is_kept_and_shown_with_its_thread(shown: Browser) -> None:
    version_id = shown.cards()[1]["version"]["id"]
    said = shown.send(
        "add_comment", segment_id=1, text="softer, @dan", version_id=version_id, frame=None, region=BOX
    )
    assert said["ok"] is True
    shown.send("reply_comment", comment_id=said["comment_id"], text="yes")
    shown.send("open_segment", segment_id=1)
    first, answer = shown.last("detail")["comments"]
    assert (first["region"], first["mentions"], first["version_number"]) == (BOX, ["dan"], 1)
    assert answer["parent_id"] == first["id"] == said["comment_id"]
    card = shown.cards()[1]
    assert (card["comments_open"], card["mentions_me"], card["n_comments"]) == (1, 0, 2)


def test_a_drawing_out_of_its_bounds_is_refused_in_words(shown: Browser) -> None:
    wrong = {"shapes": [{"kind": "box", "points": [[0, 0], [9, 9]]}]}
    version_id = shown.cards()[1]["version"]["id"]
    refused = shown.send(
        "add_comment", segment_id=1, text="x", version_id=version_id, frame=None, region=wrong
    )
    assert (refused["ok"], refused["code"]) == (False, "input")
    assert shown.cards()[1]["comments_open"] == 0


def test_who_is_mentioned_sees_it_on_the_card_without_a_reload(shown: Browser, open_as: OpenAs) -> None:
    other = open_as("dan", Role.DIRECTOR)
    made = other.comments.add("film", 2, Kind.KEYFRAME, "@dora, look")
    shown.page.refresh()
    assert (shown.cards()[2]["comments_open"], shown.cards()[2]["mentions_me"]) == (1, 1)
    shown.send("resolve_comment", comment_id=made.id, resolved=True)
    assert (shown.cards()[2]["comments_open"], shown.cards()[2]["mentions_me"]) == (0, 0)


def test_the_desk_knows_who_can_be_mentioned_and_a_viewer_does_not(
    shown: Browser, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown.last("load")["people"] == [
        {"username": "dan", "name": "dan"},
        {"username": "dora", "name": "Dora Lindqvist"},
    ]
    page = ReviewPage(Kind.KEYFRAME)
    looking = Browser(page, monkeypatch)
    page.start(open_as("vic", Role.VIEWER), "film")
    assert looking.last("load")["people"] == []


def test_a_preset_goes_into_the_selected_prompts_and_the_left_ones_are_named(
    shown: Browser, director: Workbench
) -> None:
    fog = director.presets.add("Fog", "lighting", "soft fog")
    director.prompts.save("film", 2, "image_prompt", "in soft fog")
    done = shown.send("apply_preset", preset_id=fog.id, segment_ids=[1, 2])
    assert done["saved"] == [1]
    assert done["skipped"] == [{"segment_id": 2, "why": "its prompt says so already"}]
    assert shown.cards()[1]["image_prompt"] == "a sea, part 1, soft fog"
    assert shown.send("undo")["label"] == "preset “Fog” on 1"
    assert shown.cards()[1]["image_prompt"] == "a sea, part 1"


def test_a_preset_that_somebody_adds_or_uses_shows_at_the_next_refresh(
    shown: Browser, open_as: OpenAs
) -> None:
    fog = open_as("dan", Role.DIRECTOR).presets.add("Fog", "lighting", "soft fog")
    shown.page.refresh()
    assert [preset["name"] for preset in shown.last("patch")["presets"]] == ["Fog"]
    shown.send("count_presets", preset_ids=[fog.id])
    assert shown.last("patch")["presets"][0]["use_count"] == 1


def test_a_person_s_own_keys_come_with_the_frame_also_when_they_change(
    shown: Browser, director: Workbench
) -> None:
    assert shown.last("load")["frame"]["person"]["keys"] == {}
    director.preferences.set_keys({"approve": "É"})
    shown.page.refresh()
    assert shown.last("patch")["frame"]["person"]["keys"] == {"approve": "É"}
