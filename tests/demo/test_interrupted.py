"""A build that is killed anywhere leaves nothing half-written, and the next one finishes it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from director_lib.config import Settings
from director_lib.demo.build import ensure_demo, write_folders
from director_lib.demo.catalog import DEMO_IDS, stream_files
from director_lib.demo.staging import Staging
from director_lib.domain.version import Version
from director_lib.store.events import list_events
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import find_media
from director_lib.workbench import Workbench
from tests.demo.conftest import NOW, SMALL

# Each kills the process at the n-th call of a function, before or after its work.
CRASH = """
import os, signal, sys
from datetime import datetime
from director_lib.config import load_settings
from director_lib.demo import build, painter, staging

owner, name, number, moment = {owner}, {name!r}, {number}, {moment!r}
original, calls = getattr(owner, name), 0

def crash(*given, **named):
    global calls
    calls += 1
    if calls == number and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*given, **named)
    if calls == number and moment == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, crash)
settings = load_settings(home=sys.argv[1], _env_file=None)
size = build.PictureSize(96, 64, 0.5, 8)
build.ensure_demo(settings, progress=str, size=size, now=datetime.fromisoformat(sys.argv[2]))
"""
CRASHES = [
    ("staging.Staging", "begin", 1, "after"),
    ("painter", "_paint", 9, "before"),
    ("build", "tell_histories", 1, "before"),
    ("build", "tell_histories", 1, "after"),
    ("staging.Staging", "place", 4, "after"),
    ("staging.Staging", "publish", 1, "after"),
    ("staging.Staging", "publish", 2, "before"),
    ("staging.Staging", "finish", 1, "before"),
]
STILLS = {"lighthouse-winter": 5, "night-market": 11, "tisza-partjan": 9}


def build_and_die(settings: Settings, crash: tuple[str, str, int, str]) -> None:
    owner, name, number, moment = crash
    code = CRASH.format(owner=owner, name=name, number=number, moment=moment)
    died = subprocess.run(
        [sys.executable, "-c", code, str(settings.home), NOW.isoformat()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -9, died.stderr


def visible_streams(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if not path.name.startswith("."))


def versions_of(workbench: Workbench) -> list[tuple[str, int, str, int, str]]:
    versions: Sequence[Version] = [
        version
        for stream_id in DEMO_IDS
        for version in workbench.reviews.standing(stream_id).versions.values()
    ]
    return sorted((v.stream_id, v.segment_id, v.kind, v.number, v.sha256) for v in versions)


def test_a_build_killed_at_every_step_is_finished_by_the_next_one(
    settings: Settings, demo: Workbench
) -> None:
    for crash in CRASHES:
        build_and_die(settings, crash)
        assert Staging(settings.streams_root).is_unfinished()
        for stream_id in visible_streams(settings.streams_root):
            folder = settings.streams_root / stream_id
            assert {path.name for path in folder.glob("*.json")} == set(stream_files(stream_id))
            assert len(list(folder.glob("keyframes/*.png"))) == STILLS[stream_id]
    assert ensure_demo(settings, progress=[].append, size=SMALL, now=NOW) == list(DEMO_IDS)
    assert not Staging(settings.streams_root).is_unfinished()
    with Workbench.open(settings) as finished:
        assert versions_of(finished) == versions_of(demo)
        with finished.studio.database.read() as connection, demo.studio.database.read() as other:
            told = [(event.verb, event.happened_at) for event in list_events(connection, limit=1000)]
            assert told == [(event.verb, event.happened_at) for event in list_events(other, limit=1000)]


def test_painters_die_with_a_builder_that_is_killed(settings: Settings) -> None:
    code = CRASH.format(owner="build", name="no_such", number=0, moment="never").replace(
        "getattr(owner, name)", "None"
    )
    builder = subprocess.Popen([sys.executable, "-c", code, str(settings.home), NOW.isoformat()])
    try:
        easels: list[psutil.Process] = []
        while not easels and builder.poll() is None:
            easels = psutil.Process(builder.pid).children()
        assert easels
    finally:
        builder.kill()
        builder.wait()
    _gone, alive = psutil.wait_procs(easels, timeout=60)
    assert alive == []


def test_plain_folders_are_finished_by_a_second_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish = Staging.publish

    def publish_two(self: Staging, stream_id: str) -> None:
        if stream_id == DEMO_IDS[2]:
            raise KeyboardInterrupt
        publish(self, stream_id)

    monkeypatch.setattr(Staging, "publish", publish_two)
    with pytest.raises(KeyboardInterrupt):
        write_folders(tmp_path, progress=[].append, size=SMALL)
    assert visible_streams(tmp_path) == list(DEMO_IDS[:2])
    monkeypatch.undo()
    assert write_folders(tmp_path, progress=[].append, size=SMALL) == [tmp_path / name for name in DEMO_IDS]
    assert sorted(path.name for path in tmp_path.iterdir()) == list(DEMO_IDS)
    assert len(find_media(StreamsRoot(tmp_path), DEMO_IDS[2])) == 12
