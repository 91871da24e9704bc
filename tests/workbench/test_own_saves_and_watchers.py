"""The workbench's own saves while others watch the file: never taken for an edit made outside."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.errors import StorageError
from director_lib.intake import outside_prompts
from director_lib.intake.outside_prompts import note_outside_prompts
from director_lib.streams.locking import stream_lock
from director_lib.streams.reader import read_stream
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs
from tests.workbench.outside import edit_outside


def note(workbench: Workbench, stream: object = None) -> int:
    studio = workbench.studio
    read = stream or read_stream(studio.root, "film")
    return note_outside_prompts(studio.database, studio.root, read, now=studio.clock())  # type: ignore[arg-type]


def test_a_reading_from_before_an_own_save_is_read_again(director: Workbench) -> None:
    old = director.streams.get("film")
    director.prompts.save("film", 1, "image_prompt", "mine")
    assert note(director, old) == 0
    assert [change.after for change in director.prompts.history("film", 1)] == ["mine"]


def test_a_difference_waits_until_nobody_saves_the_stream(
    director: Workbench, stream_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside_prompts, "_LOCK_TIMEOUT_S", 0.05)
    edit_outside(stream_folder, 1, image_prompt="theirs")
    with stream_lock(director.studio.root, "film"), pytest.raises(StorageError):
        note(director)
    assert director.prompts.history("film", 1) == []
    assert note(director) == 1


def test_the_lock_is_held_from_the_file_until_the_database_knows(
    director: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside_prompts, "_LOCK_TIMEOUT_S", 0.05)
    from director_lib.workbench import prompts

    record, seen = prompts.record_events, []

    def look_first(*arguments: object) -> int:
        with pytest.raises(StorageError), stream_lock(director.studio.root, "film", timeout_s=0.05):
            pass
        seen.append("held")
        return record(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(prompts, "record_events", look_first)
    director.prompts.save("film", 1, "image_prompt", "mine")
    assert seen == ["held"]


def test_many_saves_under_a_restless_watcher_leave_only_their_own_history(
    director: Workbench, open_as: OpenAs
) -> None:
    watcher, stop, noted = open_as("wanda", Role.VIEWER), threading.Event(), []

    def watch() -> None:
        while not stop.is_set():
            noted.append(note(watcher))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        for number in range(40):
            director.prompts.save("film", 1 + number % 4, "image_prompt", f"words {number}")
    finally:
        stop.set()
        thread.join()
    assert sum(noted) == 0
    changes = [change for n in range(1, 5) for change in director.prompts.history("film", n)]
    assert len(changes) == 40
    assert {change.source.value for change in changes} == {"workbench"}
