"""The activity page without a browser: pages of events, filters, and what is new."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.pages.activity import ActivityPage
from director_lib.store.events import NewEvent, record_events
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import START, OpenAs, director, open_as, stream_folder

__all__ = ["director", "open_as", "stream_folder"]

OpenActivity = Callable[..., Browser]


@pytest.fixture
def open_activity(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> OpenActivity:
    def open_one(workbench: Workbench = director, stream_id: str = "film") -> Browser:
        page: Any = ActivityPage()
        browser = Browser(page, monkeypatch)
        page.open(workbench, stream_id)
        return browser

    return open_one


def record(workbench: Workbench, verb: str, n: int, actor: str = "ann", stream_id: str = "film") -> None:
    place = (stream_id, 2, Kind.VIDEO)
    with workbench.studio.database.write() as connection:
        record_events(connection, [NewEvent(verb, actor, START, place, {"note": "why"})] * n)


def wanted(page: Browser, actor: str = "", group: str = "", segment_id: int = 0) -> dict[str, Any]:
    return page.send("filter_events", actor=actor, group=group, segment_id=segment_id)


def test_the_newest_come_first_with_words_place_and_link(
    open_activity: OpenActivity, director: Workbench
) -> None:
    record(director, "adjust_prompt", 1)
    load = open_activity().last("load")
    newest = load["events"][0]
    assert (newest["name"], newest["said"]) == ("ann", "sent {what} back for another prompt")
    assert (newest["one"], newest["segment_id"], newest["note"]) == ("clip", 2, "why")
    assert newest["href"] == "/s/film/videos?segment=2"
    assert newest["at"].endswith("+00:00")
    assert [event["said"] for event in load["events"][1:]] == ["had a new file of {what}"] * 3
    assert {one["name"] for one in load["people"]} == {"ann", "The folder"}
    assert load["segments"] == [1, 2, 3, 4]
    assert load["has_more"] is False
    assert load["frame"]["page"] == "activity"
    assert {"label": "Activity", "href": "/s/film/activity", "here": True} in load["frame"]["nav"]


def test_a_long_log_comes_page_by_page_and_nothing_twice(
    open_activity: OpenActivity, director: Workbench
) -> None:
    record(director, "approved", 450)
    page = open_activity()
    told = page.last("load")
    seqs = [event["seq"] for event in told["events"]]
    while told["has_more"]:
        told = page.send("more_events", before_seq=seqs[-1])
        seqs += [event["seq"] for event in told["events"]]
    assert len(seqs) == 453
    assert seqs == sorted(set(seqs), reverse=True)


def test_filters_are_by_person_kind_and_segment_and_stay_for_what_is_new(
    open_activity: OpenActivity, director: Workbench
) -> None:
    record(director, "approved", 2)
    record(director, "commented", 1, actor="ben")
    page = open_activity()
    assert len(wanted(page, actor="ann")["events"]) == 2
    assert [event["name"] for event in wanted(page, group="comments")["events"]] == ["ben"]
    assert len(wanted(page, group="making")["events"]) == 3
    assert wanted(page, group="studio")["events"] == []
    assert len(wanted(page, segment_id=2)["events"]) == 4
    assert wanted(page, actor="ben", group="comments", segment_id=1)["events"] == []
    assert wanted(page, group="comments")["wanted"] == {"actor": "", "group": "comments", "segment_id": 0}
    record(director, "approved", 1)
    record(director, "replied", 1, actor="cat")
    page.page.refresh()
    told = page.last("patch")
    assert [event["said"] for event in told["new"]] == ["answered a comment on {what}"]
    assert "cat" in {one["username"] for one in told["people"]}
    assert wanted(page, group="nothing")["ok"] is False
    assert page.send("more_events", before_seq="x")["ok"] is False


def test_verbs_without_words_are_found_under_everything_else(
    open_activity: OpenActivity, director: Workbench
) -> None:
    record(director, "flew_off", 1)
    page = open_activity()
    assert [event["said"] for event in wanted(page, group="studio")["events"]] == ["flew off {what}"]


def test_other_streams_are_not_told_of(open_activity: OpenActivity, director: Workbench) -> None:
    record(director, "approved", 1, stream_id="other")
    assert len(open_activity().last("load")["events"]) == 3


def test_nothing_new_is_no_patch_and_a_strange_stream_is_an_error(
    open_activity: OpenActivity, open_as: OpenAs
) -> None:
    page = open_activity()
    n_received = len(page.received)
    page.page.refresh()
    assert len(page.received) == n_received
    load = open_activity(open_as("vic", Role.VIEWER), "nothing").last("load")
    assert (load["events"], load["error"]) == ([], "There is no stream “nothing”.")
