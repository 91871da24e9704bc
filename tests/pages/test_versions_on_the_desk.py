"""Versions on the review page without a browser: facts, comparison, downloads and lost files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from director_lib.domain.finding import Finding, Severity
from director_lib.domain.version import Kind
from director_lib.store.findings import add_findings
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser, shown
from tests.workbench.conftest import director, open_as, stream_folder, write_still

__all__ = ["director", "open_as", "shown", "stream_folder"]


@pytest.fixture
def lines(shown: Browser, director: Workbench, stream_folder: Path) -> list[dict[str, Any]]:
    """The first still's two versions as the desk gets them, newest first."""
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "gold")
    director.streams.scan("film")
    return read_lines(shown)


def read_lines(shown: Browser) -> list[dict[str, Any]]:
    shown.send("open_segment", segment_id=1)
    found: list[dict[str, Any]] = shown.last("detail")["versions"]
    return found


def test_the_desk_gets_a_download_under_a_clear_name(lines: list[dict[str, Any]]) -> None:
    newer, older = lines
    address = urlsplit(older["download"])
    assert address.path == older["src"]
    assert parse_qs(address.query) == {"download": ["film_keyframe_001_v1.png"]}
    assert (newer["fault"], older["found_as"]) == (None, "keyframes/segment_1_keyframe.png")


def test_the_desk_gets_what_was_noticed_about_each_version(
    shown: Browser, director: Workbench, lines: list[dict[str, Any]]
) -> None:
    black = Finding("black", "The picture is almost black.", Severity.SERIOUS)
    with director.studio.database.write() as connection:
        add_findings(connection, lines[1]["id"], [black])
    newer, older = read_lines(shown)
    assert newer["findings"] == []
    assert older["findings"] == [asdict(black)]


def test_two_versions_are_compared_and_their_facts_come_as_text(
    shown: Browser, lines: list[dict[str, Any]]
) -> None:
    newer, older = lines
    reply = shown.send("compare_versions", version_id=older["id"], other_id=newer["id"])
    facts = {fact["name"]: fact for fact in reply["facts"]}
    assert (facts["sha256"]["before"], facts["sha256"]["after"]) == (newer["sha256"], older["sha256"])
    assert (facts["sha256"]["equal"], facts["dimensions"]["equal"]) == (False, True)
    assert reply["text"].count("SHA-256: ") == 2


def test_the_facts_of_one_version_come_without_another(shown: Browser, lines: list[dict[str, Any]]) -> None:
    reply = shown.send("compare_versions", version_id=lines[0]["id"], other_id=None)
    assert all(fact["equal"] for fact in reply["facts"])
    assert reply["text"].startswith("Version 2 of the keyframe of segment 1 of film")
    assert reply["text"].count("SHA-256: ") == 1


def test_a_version_that_does_not_exist_is_refused(shown: Browser) -> None:
    reply = shown.send("compare_versions", version_id=999, other_id=None)
    assert (reply["ok"], reply["code"]) == (False, "not_found")


def test_a_version_whose_file_is_gone_says_so_and_is_not_restored(
    shown: Browser, director: Workbench, lines: list[dict[str, Any]]
) -> None:
    newer, older = lines
    director.studio.files.get(older["sha256"], ".png").unlink()
    assert [line["fault"] for line in read_lines(shown)] == [None, "missing"]
    reply = shown.send("restore", version_id=older["id"])
    assert (reply["ok"], reply["code"]) == (False, "lost_file")
    assert "version 1 of the keyframe of segment 1 of film is missing" in reply["message"]
    current = director.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert current is not None
    assert current.id == newer["id"]
