"""Exports and the archive on pages, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Actor, Role
from director_lib.pages.delivery_state import plan_row, read_delivery
from director_lib.pages.final import FinalPage
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser, shown
from tests.workbench.conftest import director, open_as, stream_folder, write_still

__all__ = ["director", "open_as", "shown", "stream_folder"]


@pytest.fixture
def archiving(settings: Settings, tmp_path: Path, stream_folder: Path) -> Iterator[Workbench]:
    """A producer's workbench whose archive is a folder; the first still has an old version."""
    folder = tmp_path / "nas"
    folder.mkdir()
    own = load_settings(
        home=settings.home,
        streams_dir=settings.streams_root,
        archive_url=folder.as_uri(),
        archive_keep=1,
        _env_file=None,
    )
    with Workbench.open(own, Actor("pali", Role.PRODUCER)) as workbench:
        workbench.streams.scan("film")
        write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "gold")
        workbench.streams.scan("film")
        yield workbench


def test_the_panel_names_every_export_and_the_archive(archiving: Workbench) -> None:
    told = read_delivery(archiving, archiving.streams.get("film"))
    [stills] = [one for one in told["exports"] if one["what"] == "keyframes"]
    assert stills["forms"] == [{"ending": ".zip", "href": "/export/film/keyframes?ending=.zip"}]
    assert stills["n_files"] == 3
    assert told["archive"]["url"].startswith("file:///")
    assert 0 < told["archive"]["used_percent"] < 100
    row = plan_row(archiving.archive.plan())
    assert row["files"] == 1
    assert {"words": "current", "count": 3} in row["held"]


def test_a_look_moves_nothing_and_a_start_queues_one_task(
    archiving: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    page: Any = FinalPage()
    browser = Browser(page, monkeypatch)
    page.open(archiving, "film")
    assert browser.send("archive_plan")["plan"]["files"] == 1
    assert archiving.archive.runs() == []
    first, second = browser.send("archive_start"), browser.send("archive_start")
    assert first["ok"]
    assert first["task_id"] == second["task_id"]
    assert [task.author for task in archiving.archive.runs()] == ["pali"]


def test_an_archived_version_says_so_on_the_desk_and_is_asked_back(
    shown: Browser, director: Workbench, archiving: Workbench
) -> None:
    assert archiving.archive.run(lambda _doing, _percent: None).n_files == 1
    shown.send("open_segment", segment_id=1)
    newer, older = shown.last("detail")["versions"]
    assert (newer["fault"], older["fault"]) == (None, "archived")
    refused = shown.send("restore", version_id=older["id"])
    assert "Bring it back first" in refused["message"]
    # the desk's own studio has no archive configured
    assert "DIRECTOR_ARCHIVE_URL" in shown.send("bring_back", version_id=older["id"])["message"]
