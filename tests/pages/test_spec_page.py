"""The spec page without a browser: what it shows, and what it does with events."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.pages.spec import SpecPage
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import OpenAs, open_as, stream_folder
from tests.workbench.outside import edit_outside

__all__ = ["open_as", "stream_folder"]

OpenSpec = Callable[..., Browser]


@pytest.fixture
def open_spec(open_as: OpenAs, stream_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OpenSpec:
    (stream_folder / "input.json").write_text(json.dumps({"story": "Once upon a time.", "language": "en"}))

    def open_one(role: Role = Role.DIRECTOR, stream_id: str = "film") -> Browser:
        page: Any = SpecPage()
        browser = Browser(page, monkeypatch)
        page.open(open_as("dora", role), stream_id)
        return browser

    return open_one


def edit(page: Browser, kind: str, sha256: str | None = None, **values: Any) -> dict[str, Any]:
    return page.send("edit", edit={"kind": kind, **values}, sha256=sha256)


def test_direction_segments_sections_findings_and_gate_are_shown(open_spec: OpenSpec) -> None:
    load = open_spec().last("load")
    spec = load["spec"]
    assert spec["order"] == [1, 2, 3, 4]
    assert spec["segments"]["2"]["image_prompt"] == "a sea, part 2"
    assert spec["segments"]["2"]["duration_s"] == "5"
    assert spec["sections"][0]["segment_ids"] == [1, 2]
    assert spec["colors"] == [{"name": "night", "hex": "#0b1020", "is_color": True}]
    assert {one["code"] for one in spec["lint"]} == {
        "repeated_camera",
        "segment_without_section",
        "vague_image_prompt",
    }
    assert (spec["gate"]["state"], spec["story"]) == ("waiting", "Once upon a time.")
    [here] = [stop for stop in load["frame"]["rail"] if stop["here"]]
    assert here["href"] == "/s/film/spec"


def test_an_edit_patches_only_what_changed_and_is_taken_back(open_spec: OpenSpec) -> None:
    page = open_spec()
    reply = edit(page, "set_segment", segment_id=3, field="title", text="New", base="Part 3")
    assert reply["label"] == "changed the title of segment 3"
    patch = page.last("patch")["spec"]
    assert [*patch["segments"]] == ["3"]
    assert "order" not in patch
    assert page.send("undo")["label"] == "changed the title of segment 3"
    assert page.last("patch")["spec"]["segments"]["3"]["title"] == "Part 3"
    assert page.send("redo")["ok"]


def test_a_split_and_a_move_change_the_order(open_spec: OpenSpec) -> None:
    page = open_spec()
    sha256 = page.last("load")["spec"]["sha256"]
    assert edit(page, "split_segment", sha256, segment_id=2)["new_id"] == 5
    assert page.last("patch")["spec"]["order"] == [1, 2, 5, 3, 4]
    refused = edit(page, "move_segment", sha256, segment_id=1, before=None)
    assert (refused["ok"], refused["code"]) == (False, "stale_write")
    now = page.last("patch")["spec"]["sha256"]
    assert edit(page, "move_segment", now, segment_id=1, before=None)["ok"]
    assert page.last("patch")["spec"]["order"] == [2, 5, 3, 4, 1]


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "magic"},
        {"kind": "move_segment", "segment_id": "1", "before": None},
        {"kind": "move_segment", "segment_id": 1, "before": None, "more": 1},
        {"kind": "set_segment", "segment_id": 1, "field": "id", "text": "7"},
        {"kind": "set_color", "name": None, "new_name": "x", "hex": "red"},
        {"kind": "set_segment", "segment_id": 1, "field": "duration_s", "text": "soon"},
        {"kind": "set_text", "block": "segments", "key": "x", "text": "y"},
        {},
    ],
    ids=[
        "unknown",
        "text for number",
        "surplus",
        "a number",
        "no colour",
        "no duration",
        "other block",
        "nothing",
    ],
)
def test_what_is_no_edit_is_refused_and_changes_nothing(
    open_spec: OpenSpec, stream_folder: Path, values: dict[str, Any]
) -> None:
    before = (stream_folder / "production.json").read_text()
    reply = open_spec().send("edit", edit=values, sha256=None)
    assert (reply["ok"], reply["code"]) == (False, "input")
    assert (stream_folder / "production.json").read_text() == before


def test_a_prompt_that_somebody_else_changed_is_a_clash_with_both_texts(
    open_spec: OpenSpec, stream_folder: Path
) -> None:
    page = open_spec()
    edit_outside(stream_folder, 1, image_prompt="their sea")
    wanted = {"segment_id": 1, "field": "image_prompt", "text": "my sea"}
    refused = page.send("edit_prompt", **wanted, base_text="a sea, part 1")
    assert (refused["code"], refused["clash"]["theirs"]) == ("prompt_clash", "their sea")
    assert page.send("edit_prompt", **wanted, base_text="their sea")["ok"]


def test_a_verdict_holds_for_what_was_read(open_spec: OpenSpec, stream_folder: Path) -> None:
    page = open_spec()
    sha256 = page.last("load")["spec"]["gate"]["sha256"]
    assert page.send("decide", decision="revision_needed", note="", sha256=sha256)["ok"] is False
    assert page.send("decide", decision="approved", note="", sha256=sha256)["ok"]
    told = page.last("patch")
    assert told["spec"]["gate"]["state"] == "approved"
    assert told["frame"]["rail"][1]["state"] == "approved"
    edit(page, "set_segment", segment_id=1, field="title", text="Other")
    assert page.last("patch")["spec"]["gate"]["state"] != "approved"
    assert page.last("patch")["spec"]["verdicts"][0]["is_of_now"] is False


def test_history_is_listed_compared_and_restored(open_spec: OpenSpec, stream_folder: Path) -> None:
    page = open_spec()
    before = (stream_folder / "production.json").read_text()
    edit(page, "remove_segment", segment_id=4)
    newest, first = page.send("list_states", before_seq=None)["states"]
    assert (newest["origin"], newest["by"], first["origin"]) == ("edited", "dora", "found")
    [change] = page.send("diff", from_seq=first["seq"], to_seq=None)["changes"]
    assert (change["change"], change["id"], change["from_place"]) == ("removed", "4", 4)
    assert page.send("restore", seq=first["seq"], sha256=newest["sha256"])["ok"]
    assert (stream_folder / "production.json").read_text() == before


def test_a_change_on_disk_is_shown_and_a_broken_file_keeps_what_was_there(
    open_spec: OpenSpec, stream_folder: Path
) -> None:
    page = open_spec()
    edit_outside(stream_folder, 1, title="Theirs")
    page.page.look()
    assert page.last("patch")["spec"]["segments"]["1"]["title"] == "Theirs"
    (stream_folder / "production.json").write_text("{")
    page.page.look()
    assert "production.json" in page.last("patch")["spec"]["error"]


def test_a_first_spec_is_written_from_the_page(open_spec: OpenSpec, stream_folder: Path) -> None:
    page = open_spec()
    refused = page.send("draft", engine="builtin", replace=False)
    assert (refused["ok"], refused["code"]) == (False, "rule")
    (stream_folder / "production.json").unlink()
    page.page.look()
    assert page.last("patch")["spec"]["order"] == []
    assert page.send("draft", engine="builtin", replace=False)["ok"]
    assert page.last("patch")["spec"]["order"] == [1]


def test_a_viewer_reads_and_changes_nothing(open_spec: OpenSpec) -> None:
    page = open_spec(Role.VIEWER)
    assert page.last("load")["spec"]["order"] == [1, 2, 3, 4]
    assert edit(page, "remove_segment", segment_id=4)["code"] == "permission_denied"


def test_a_stream_that_is_not_there_is_told(open_spec: OpenSpec) -> None:
    assert "nowhere" in open_spec(stream_id="nowhere").last("load")["spec"]["error"]
