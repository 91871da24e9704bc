"""The list of streams without a browser: its lines, new streams, and putting them away."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.pages import streams
from director_lib.pages.streams import StreamRows, StreamsPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import OpenAs, open_as, stream_folder

__all__ = ["open_as", "stream_folder"]

OpenStreams = Callable[..., Browser]
STORY = "Salt\n\nIt was the night that she had left, and he was with the others."


@pytest.fixture
def open_streams(open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> OpenStreams:
    def open_one(role: Role = Role.DIRECTOR) -> Browser:
        page: Any = StreamsPage()
        browser = Browser(page, monkeypatch)
        page.start(open_as("dora", role))
        return browser

    return open_one


def workbench_of(page: Browser) -> Workbench:
    return page.page.workbench


def hand_in(page: Browser, text: str) -> str:
    upload = workbench_of(page).uploads.begin()
    upload.write(text.encode())
    return upload.keep()


def ids(page: Browser) -> list[str]:
    return [row["id"] for row in page.last("load")["streams"]]


def test_lines_are_shown_at_once_and_then_what_was_spent(open_streams: OpenStreams) -> None:
    page = open_streams()
    [row] = page.last("load")["streams"]
    assert (row["id"], row["title"], row["n_segments"], row["spend_usd"]) == ("film", "The film", 4, None)
    assert row["href"] == "/s/film/keyframes"
    assert [gate["state"] for gate in row["rail"]] == ["missing", "waiting", "missing", "missing", "missing"]
    assert page.last("patch") == {"streams": {"film": {"spend_usd": 0.0}}}


def test_a_line_follows_how_much_needs_attention_and_is_otherwise_kept(
    open_streams: OpenStreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_streams()
    needs = {"film": 1.5}
    monkeypatch.setattr(streams, "_read_attention", lambda _workbench: needs)
    page.page.refresh()
    assert page.last("patch") == {"streams": {"film": {"attention": 1.5}}}
    rows = StreamRows()
    first = rows.read(workbench_of(page))["film"]
    assert rows.read(workbench_of(page))["film"] is first
    needs["film"] = 2.0
    assert rows.read(workbench_of(page))["film"] == {**first, "attention": 2.0}


def test_what_was_kept_is_shown_by_the_next_page_and_never_when_it_is_old(
    open_streams: OpenStreams, stream_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_streams().last("load")["streams"]
    monkeypatch.setattr("director_lib.workbench.stream_list._summarise", None)  # nothing is read again
    assert open_streams().last("load")["streams"] == first
    monkeypatch.undo()
    spec = json.loads((stream_folder / "production.json").read_text())
    spec["stream"]["title"] = "Another title"
    (stream_folder / "production.json").write_text(json.dumps(spec))
    assert open_streams().last("load")["streams"][0]["title"] == "Another title"
    (stream_folder / "production.json").write_text("{")
    assert "production.json" in open_streams().last("load")["streams"][0]["error"]


def test_a_change_on_disk_is_shown_without_a_reload(open_streams: OpenStreams, stream_folder: Path) -> None:
    page = open_streams()
    folder = stream_folder.with_name("second")
    folder.mkdir()
    (folder / "input.json").write_text('{"title": "Second", "story": "Once."}')
    for _ in range(5):
        page.page.look()  # type: ignore[attr-defined]
    assert ids(page) == ["film", "second"]
    assert page.last("load")["streams"][1]["href"] == "/s/second/story"


def test_a_story_that_is_handed_in_is_looked_at_and_becomes_a_stream(open_streams: OpenStreams) -> None:
    page = open_streams()
    story = {"upload": hand_in(page, STORY), "name": "story.txt", "pasted": True}
    look = page.send("look_at_story", **story)
    assert (look["title"], look["stream_id"], look["language"]) == ("Salt", "salt", "en")
    assert look["beginning"].startswith("It was the night")
    told = {"title": "Salt", "stream_id": "salt", "language": "en"}
    made = page.send("create_stream", **story, **told)
    assert (made["ok"], made["href"]) == (True, "/s/salt/story")
    assert ids(page) == ["film", "salt"]
    assert page.send("create_stream", **story, **told)["code"] == "not_found"  # it is used up
    again = {**story, "upload": hand_in(page, STORY)}
    assert page.send("create_stream", **again, **told)["code"] == "rule"
    assert page.send("look_at_story", **{**again, "name": "a.pdf"})["ok"] is False
    assert page.send("look_at_story", **{**again, "upload": 7})["ok"] is False


def test_a_stream_is_put_away_listed_and_brought_back(open_streams: OpenStreams) -> None:
    page = open_streams()
    for place in ("trash", "archive"):
        entry_id = page.send("stow_stream", stream_id="film", place=place, reason="")["entry_id"]
        assert ids(page) == []
        [entry] = page.send("list_stowed")["entries"]
        assert (entry["id"], entry["stream_id"], entry["place"]) == (entry_id, "film", place)
        assert page.send("restore_stream", entry_id=entry_id, new_id="")["stream_id"] == "film"
        assert ids(page) == ["film"]
    assert page.send("stow_stream", stream_id="film", place="nowhere", reason="")["ok"] is False
    assert page.send("stow_stream", stream_id="nothing", place="trash", reason="")["code"] == "not_found"


def test_only_an_admin_looks_at_folders_of_the_machine(open_streams: OpenStreams, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "input.json").write_text('{"title": "Old", "story": "Once."}')
    assert open_streams().send("look_at_folder", path=str(folder))["code"] == "permission_denied"
    page = open_streams(Role.ADMIN)
    look = page.send("look_at_folder", path=str(folder))
    assert (look["title"], look["stream_id"], look["is_here"], look["error"]) == ("Old", "old", False, None)
    assert page.send("adopt_folder", path=str(folder), stream_id="old", copy=False)["ok"] is False
    assert page.send("adopt_folder", path=str(folder), stream_id="old", copy=True)["href"] == "/s/old/story"
    assert ids(page) == ["film", "old"]


def test_who_only_looks_on_makes_and_moves_nothing(open_streams: OpenStreams) -> None:
    page = open_streams(Role.VIEWER)
    assert page.last("load")["frame"]["person"]["may"]["make_streams"] is False
    story = {"upload": "0" * 32, "name": "story.txt", "pasted": True}
    assert page.send("look_at_story", **story)["code"] == "permission_denied"
    answer = page.send("stow_stream", stream_id="film", place="trash", reason="")
    assert answer["code"] == "permission_denied"
