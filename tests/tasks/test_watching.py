from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator

import pytest

from director_lib.config import Settings
from director_lib.store.database import open_database
from director_lib.store.versions import current_versions
from director_lib.tasks.watcher import StreamWatcher
from director_lib.tasks.workshop import Workshop
from tests.intake.studio import write_spec, write_still


@pytest.fixture
def workshop(settings: Settings) -> Iterator[Workshop]:
    settings.streams_root.mkdir(parents=True)
    database = open_database(settings.database_file)
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
