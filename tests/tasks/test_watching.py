from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from director_lib.domain.prompt_edits import PromptChange
from director_lib.domain.version import Kind, Version
from director_lib.store.assets import find_asset_id
from director_lib.store.database import open_database
from director_lib.store.events import list_events
from director_lib.store.prompt_history import list_prompt_changes
from director_lib.store.versions import current_versions, list_versions
from director_lib.tasks.watcher import StreamWatcher
from director_lib.tasks.workshop import Workshop
from tests.intake.studio import write_spec, write_still
from tests.tasks.scene import until


@pytest.fixture
def workshop(settings: Settings) -> Iterator[Workshop]:
    settings.streams_root.mkdir(parents=True)
    database = open_database(settings.database)
    yield Workshop(database, settings)
    database.close()


def add_stream(workshop: Workshop, stream_id: str) -> None:
    folder = workshop.settings.streams_root / stream_id
    write_spec(folder, n_segments=1)
    write_still(folder / "keyframes" / "segment_1_keyframe.png")


def n_versions(workshop: Workshop, stream_id: str) -> int:
    with workshop.database.read() as connection:
        return len(current_versions(connection, stream_id))


def test_new_streams_and_files_are_taken_in(workshop: Workshop) -> None:
    watcher = StreamWatcher(workshop)
    assert watcher.look() == []
    add_stream(workshop, "one")
    assert watcher.look() == ["one"]
    assert n_versions(workshop, "one") == 1


def test_many_streams_are_looked_into_in_turn(workshop: Workshop) -> None:
    names = [f"s{number:02d}" for number in range(45)]
    for name in names:
        write_spec(workshop.settings.streams_root / name, n_segments=1)
    watcher = StreamWatcher(workshop)
    assert watcher.look() == names
    rounds = [watcher.look() for _ in range(3)]
    assert [len(scanned) for scanned in rounds] == [20, 20, 20]
    assert sorted({name for scanned in rounds for name in scanned}) == names


def test_a_stream_that_changed_is_looked_into_before_its_turn(workshop: Workshop) -> None:
    for number in range(45):
        add_stream(workshop, f"s{number:02d}")
    watcher = StreamWatcher(workshop)
    watcher.look()
    write_still(workshop.settings.streams_root / "s44" / "keyframes" / "segment_2_keyframe.png", "teal")
    assert watcher.look()[-1] == "s44"
    assert n_versions(workshop, "s44") == 2


def test_a_broken_stream_is_told_once_and_keeps_no_other_back(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    add_stream(workshop, "broken")
    add_stream(workshop, "good")
    spec = workshop.settings.streams_root / "broken" / "production.json"
    whole = spec.read_text()
    spec.write_text(whole[:20])
    watcher = StreamWatcher(workshop)
    with caplog.at_level(logging.WARNING):
        watcher.look()
        watcher.look()
    assert len([record for record in caplog.records if "broken" in record.getMessage()]) == 1
    assert n_versions(workshop, "good") == 1
    spec.write_text(json.dumps(json.loads(whole)))
    watcher.look()
    assert n_versions(workshop, "broken") == 1


def test_a_stream_that_went_away_is_no_trouble(workshop: Workshop) -> None:
    add_stream(workshop, "one")
    add_stream(workshop, "two")
    watcher = StreamWatcher(workshop)
    watcher.look()
    shutil.rmtree(workshop.settings.streams_root / "one")
    assert watcher.look() == ["two"]
    assert n_versions(workshop, "one") == 1


def test_a_prompt_edited_in_a_file_is_noted_once(workshop: Workshop) -> None:
    add_stream(workshop, "one")
    watcher = StreamWatcher(workshop)
    watcher.look()
    spec = workshop.settings.streams_root / "one" / "production.json"
    spec.write_text(spec.read_text().replace("a harbour, part 1", "a lake"))
    watcher.look_into(["one"])
    watcher.look_into(["one"])
    assert [(change.source, change.after) for change in edits(workshop)] == [("outside", "a lake")]


def test_a_changed_spec_is_looked_into_before_its_turn(workshop: Workshop) -> None:
    for number in range(45):
        add_stream(workshop, f"s{number:02d}")
    watcher = StreamWatcher(workshop)
    watcher.look()
    spec = workshop.settings.streams_root / "s44" / "production.json"
    spec.write_text(spec.read_text().replace("a harbour, part 1", "a lake"))
    assert watcher.look()[-1] == "s44"
    assert [change.after for change in edits(workshop, "s44")] == ["a lake"]


def test_a_file_that_is_still_being_copied_is_no_damaged_one(workshop: Workshop) -> None:
    add_stream(workshop, "one")
    still = workshop.settings.streams_root / "one" / "keyframes" / "segment_1_keyframe.png"
    whole = still.read_bytes()
    still.write_bytes(whole[:60])
    watcher = StreamWatcher(workshop)
    watcher.look()
    assert watcher.unsettled == {"one"}
    still.write_bytes(whole)
    watcher.look_into(watcher.unsettled)
    assert watcher.unsettled == set()
    assert n_versions(workshop, "one") == 1
    assert verbs(workshop) == ["found"]


def test_a_file_that_stays_half_is_called_damaged(workshop: Workshop) -> None:
    add_stream(workshop, "one")
    still = workshop.settings.streams_root / "one" / "keyframes" / "segment_1_keyframe.png"
    still.write_bytes(still.read_bytes()[:60])
    os.utime(still, ns=(1, 1))
    watcher = StreamWatcher(workshop)
    watcher.look()
    assert watcher.unsettled == set()
    assert verbs(workshop) == ["file_damaged"]


def test_what_the_system_reports_is_taken_in_at_once(workshop: Workshop) -> None:
    for number in range(45):
        add_stream(workshop, f"s{number:02d}")
    watcher, stop = StreamWatcher(workshop), threading.Event()
    watcher.look()
    thread = threading.Thread(target=watcher.run, args=(stop,))
    thread.start()
    try:
        still = workshop.settings.streams_root / "s44" / "keyframes" / "segment_1_keyframe.png"
        write_still(still, "teal")
        until(lambda: len(stills(workshop, "s44")) == 2, "the overwritten still is a version")
    finally:
        stop.set()
        thread.join()


def edits(workshop: Workshop, stream_id: str = "one") -> list[PromptChange]:
    with workshop.database.read() as connection:
        return list_prompt_changes(connection, stream_id, 1)


def verbs(workshop: Workshop) -> list[str]:
    with workshop.database.read() as connection:
        return [event.verb for event in list_events(connection)]


def stills(workshop: Workshop, stream_id: str) -> list[Version]:
    with workshop.database.read() as connection:
        asset_id = find_asset_id(connection, stream_id, 1, Kind.KEYFRAME)
        return [] if asset_id is None else list_versions(connection, asset_id)
