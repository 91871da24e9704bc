"""The final page without a browser: what it shows, and what it does with events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.pages.final import FinalPage
from director_lib.workbench import Workbench
from tests.delivery.delivering import FILM, Publishing
from tests.pages.test_review_page import Browser

OpenFinal = Callable[..., Browser]


@pytest.fixture
def studio(settings: Settings) -> Iterator[Publishing]:
    made = Publishing(settings, n_segments=3, n_clips=2)
    yield made
    made.close()


@pytest.fixture
def open_final(studio: Publishing, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenFinal]:
    opened: list[Workbench] = []

    def open_one(role: Role = Role.DIRECTOR, stream_id: str = FILM) -> Browser:
        page: Any = FinalPage()
        browser = Browser(page, monkeypatch)
        opened.append(Workbench.open(studio.settings, Actor("dora", role)))
        page.open(opened[-1], stream_id)
        return browser

    yield open_one
    for workbench in opened:
        workbench.close()


def shown(page: Browser) -> dict[str, Any]:
    """Return everything as the browser has it by now."""
    final: dict[str, Any] = {}
    for name, told in page.received:
        if name in ("load", "patch") and "final" in told:
            final |= told["final"]
    return final


def checks(page: Browser) -> dict[str, int]:
    return {check["kind"]: check["count"] for check in shown(page)["checks"]}


def sha256(page: Browser) -> str:
    return str(shown(page)["gate"]["sha256"])


def test_what_stands_in_the_way_is_listed_with_links(open_final: OpenFinal) -> None:
    page = open_final()
    found = checks(page)
    assert (found["missing"], found["undecided"], found["sent_back"]) == (1, 5, 0)
    [missing] = [check for check in shown(page)["checks"] if check["kind"] == "missing"]
    assert missing["places"] == [{"segment_id": 3, "words": "no clip", "href": "/s/film/videos?segment=3"}]
    assert shown(page)["preview"] is None
    assert shown(page)["deployments"] == []
    assert "keyframes are approved" in shown(page)["gate"]["blocked"]
    [here] = [stop for stop in page.last("load")["frame"]["rail"] if stop["here"]]
    assert here["href"] == "/s/film/final"


def test_a_build_goes_from_the_queue_to_the_frame_without_a_load(
    open_final: OpenFinal, studio: Publishing
) -> None:
    page = open_final()
    assert page.send("build")["ok"]
    job = shown(page)["job"]
    assert (job["job"], job["state"]) == ("build", "queued")
    assert page.send("build")["task_id"] == job["id"]
    while studio.shift.carry_out_next():
        pass
    page.page.refresh()
    told = shown(page)
    assert told["job"] is None
    assert told["preview"]["is_current"]
    assert told["preview"]["href"] == f"/s/film/preview/{told['preview']['build_id']}/"
    assert told["preview"]["warnings"] == ["Segment 3 has no clip; its still is shown."]
    studio.retitle("Another")
    page.page.look()  # type: ignore[attr-defined]
    assert shown(page)["preview"]["is_current"] is False


def test_segments_are_sent_back_with_the_note_and_one_undo_takes_it_back(
    open_final: OpenFinal, studio: Publishing
) -> None:
    studio.approve()
    page = open_final()
    answer = page.send("send_back", segment_ids=[3, 1], note="softer, please", sha256=sha256(page))
    assert answer["ok"], answer
    standing = studio.workbench.reviews.standing(FILM)
    assert standing.verdict(1, Kind.VIDEO).is_sent_back
    assert standing.verdict(1, Kind.KEYFRAME).is_approved
    assert standing.verdict(3, Kind.KEYFRAME).is_sent_back  # it has no clip
    decision = standing.decision(1, Kind.VIDEO)
    assert decision is not None
    assert (decision.decision.value, decision.note) == ("adjust_prompt", "softer, please")
    assert shown(page)["history"][0]["note"] == "softer, please (segments 1, 3)"
    assert checks(page)["sent_back"] == 2
    assert page.send("undo")["label"] == "sent back the final cut with 2 segments"
    assert studio.workbench.reviews.standing(FILM).verdict(1, Kind.VIDEO).is_approved
    assert shown(page)["gate"]["state"] == "approved"
    assert page.send("redo")["ok"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"segment_ids": [], "note": "why"}, "input"),
        ({"segment_ids": [1], "note": " "}, "input"),
        ({"segment_ids": [99], "note": "why"}, "not_found"),
        ({"segment_ids": [1], "note": "why", "sha256": "0" * 64}, "stale_write"),
    ],
)
def test_a_revision_names_segments_and_says_why(
    open_final: OpenFinal, given: dict[str, Any], code: str
) -> None:
    page = open_final()
    answer = page.send("send_back", **{"sha256": sha256(page), **given})
    assert (answer["ok"], answer["code"]) == (False, code)


def test_the_cut_is_approved_in_its_turn_or_with_an_override(open_final: OpenFinal) -> None:
    page = open_final()
    asked = {"sha256": sha256(page), "decision": "approved", "note": "", "override": False}
    assert page.send("decide", **asked)["code"] == "rule"
    assert page.send("decide", **{**asked, "override": True})["ok"]
    assert shown(page)["gate"]["state"] == "approved"


def test_a_film_is_deployed_and_rolled_back_from_the_page(open_final: OpenFinal, studio: Publishing) -> None:
    page = open_final()
    assert page.send("deploy", target="folder", override="")["code"] == "rule"
    for title in ("One", "Two"):
        studio.retitle(title)
        assert page.send("deploy", target="folder", override="the customer waits")["ok"]
        while studio.shift.carry_out_next():
            pass
    page.page.refresh()
    latest, earlier = shown(page)["deployments"]
    assert (latest["is_latest"], latest["can_return"], earlier["can_return"]) == (True, False, True)
    assert latest["url"] == "/site/film/"
    assert page.send("roll_back", build_id=earlier["build_id"])["ok"]
    while studio.shift.carry_out_next():
        pass
    page.page.refresh()
    assert shown(page)["deployments"][0]["build_id"] == earlier["build_id"]


def test_a_failed_job_is_shown_and_can_be_tried_again(open_final: OpenFinal, studio: Publishing) -> None:
    page = open_final()
    (studio.folder / "deployment.json").write_text("{broken")
    page.send("deploy", target="folder", override="x")
    while studio.shift.carry_out_next():
        pass
    page.page.refresh()
    told = shown(page)
    assert told["job"]["state"] == "failed"
    assert "deployment.json" in told["job"]["error_message"]
    assert "deployment.json" in told["deployments_error"]
    (studio.folder / "deployment.json").unlink()
    assert page.send("retry_task", task_id=told["job"]["id"])["ok"]
    assert shown(page)["job"]["state"] == "queued"


def test_the_drawer_has_jobs_in_a_group_of_their_own(open_final: OpenFinal) -> None:
    page = open_final()
    page.send("build")
    answer = page.send("list_tasks")
    [row] = answer["tasks"]
    assert (row["group"], row["title"], row["href"]) == ("jobs", "Build the film's page", "/s/film/final")
    assert answer["counts"]["jobs"] == 1
    assert page.send("show_lines", task_id=row["id"])["lines"] == []
    assert page.send("cancel_task", task_id=row["id"])["ok"]
    assert shown(page)["job"] is None


def test_who_only_looks_on_changes_nothing(open_final: OpenFinal) -> None:
    page = open_final(Role.VIEWER)
    asked = {"segment_ids": [1], "note": "why", "sha256": sha256(page)}
    assert page.send("send_back", **asked)["code"] == "permission_denied"
    assert page.send("build")["code"] == "permission_denied"
    assert page.send("deploy", target="folder", override="x")["code"] == "permission_denied"


def test_a_stream_that_is_not_there_is_an_error_and_no_crash(open_final: OpenFinal) -> None:
    assert "nothing" in open_final(stream_id="nothing").last("load")["final"]["error"]
