"""Being woken by changes in stream folders; the system's own reports, no looking around."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from director_lib.streams import watching
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.watching import follow_streams
from tests.patience import PATIENCE_S

Ids = frozenset[str]


class Follower:
    """Collects what a thread of its own is woken by."""

    def __init__(self, root: Path) -> None:
        self.stop = threading.Event()
        self.woken: queue.Queue[Ids] = queue.Queue()
        self.thread = threading.Thread(target=self._follow, args=(root,))
        self.thread.start()

    def _follow(self, root: Path) -> None:
        for ids in follow_streams(StreamsRoot(root), self.stop):
            self.woken.put(ids)

    def next_change(self) -> Ids:
        """Wait for the next ids; wake-ups without any are passed over."""
        while True:
            ids = self.woken.get(timeout=PATIENCE_S)
            if ids:
                return ids

    def is_quiet(self) -> bool:
        """Wait for two wake-ups and tell whether neither named a stream."""
        self.drain()
        return not self.woken.get(timeout=PATIENCE_S) and not self.woken.get(timeout=PATIENCE_S)

    def drain(self) -> None:
        while not self.woken.empty():
            self.woken.get()


def write(path: Path, text: str = "{}") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A root of two streams; the first has a folder of stills and one of frames."""
    for name in ("one", "two"):
        write(tmp_path / "streams" / name / "production.json")
    write(tmp_path / "streams" / "one" / "keyframes" / "segment_1_keyframe.png")
    write(tmp_path / "streams" / "one" / "frames" / "0001.webp")
    return tmp_path / "streams"


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[], Follower]]:
    started: list[Follower] = []

    def start_one() -> Follower:
        started.append(Follower(folder))
        return started[-1]

    yield start_one
    for follower in started:
        follower.stop.set()
        follower.thread.join(PATIENCE_S)
        assert not follower.thread.is_alive()


@pytest.fixture
def follower(start: Callable[[], Follower]) -> Follower:
    """Somebody who has been told of every stream once, and waits."""
    made = start()
    assert made.next_change() == {"one", "two"}
    return made


def test_a_spec_that_is_written_wakes_for_its_stream_only(follower: Follower, folder: Path) -> None:
    write(folder / "two" / "production.json", "[]")
    assert follower.next_change() == {"two"}


def test_a_still_that_is_overwritten_in_place_wakes(follower: Follower, folder: Path) -> None:
    write(folder / "one" / "keyframes" / "segment_1_keyframe.png", "other")
    assert follower.next_change() == {"one"}


def test_a_deleted_still_wakes(follower: Follower, folder: Path) -> None:
    (folder / "one" / "keyframes" / "segment_1_keyframe.png").unlink()
    assert follower.next_change() == {"one"}


def test_frames_and_other_files_beside_wake_for_nothing(follower: Follower, folder: Path) -> None:
    write(folder / "one" / "frames" / "0002.webp")
    write(folder / "one" / "notes.txt")
    write(folder / "one" / ".production.json.ab.tmp")
    write(folder / ".locks" / "one.lock")
    assert follower.is_quiet()


def test_a_new_stream_and_its_new_folders_are_followed_from_then_on(follower: Follower, folder: Path) -> None:
    (folder / "three").mkdir()
    write(folder / "three" / "production.json")
    assert follower.next_change() == {"three"}
    clip = folder / "three" / "videos" / "segment_1.mp4"
    write(clip)
    assert follower.next_change() == {"three"}
    follower.is_quiet()
    write(clip, "other")
    assert follower.next_change() == {"three"}


def test_a_folder_becomes_a_stream_with_its_first_file(follower: Follower, folder: Path) -> None:
    (folder / "later").mkdir()
    assert follower.is_quiet()
    write(folder / "later" / "production.json")
    assert follower.next_change() == {"later"}
    follower.is_quiet()
    write(folder / "later" / "production.json", "[]")
    assert follower.next_change() == {"later"}


def test_a_stream_that_goes_away_keeps_nobody_from_following_the_others(
    follower: Follower, folder: Path
) -> None:
    (folder / "two" / "production.json").unlink()
    (folder / "two").rmdir()
    follower.is_quiet()
    write(folder / "one" / "production.json", "[]")
    assert follower.next_change() == {"one"}


def test_no_change_falls_between_two_sets_of_watched_folders(
    follower: Follower, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = watching._watch

    def write_before_it_begins(*arguments: Any) -> Any:
        write(folder / "one" / "production.json", "[]")
        return begin(*arguments)

    monkeypatch.setattr(watching, "_watch", write_before_it_begins)
    write(folder / "three" / "production.json")
    assert follower.next_change() == {"one", "three"}


def test_every_name_of_a_linked_stream_is_told(start: Callable[[], Follower], folder: Path) -> None:
    (folder / "alias").symlink_to(folder / "one")
    follower = start()
    assert follower.next_change() == {"alias", "one", "two"}
    write(folder / "one" / "production.json", "[]")
    assert follower.next_change() == {"alias", "one"}


def test_without_reports_of_the_system_it_still_ticks_and_says_why(
    start: Callable[[], Follower], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[object]:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watching, "watch", refuse)
    follower = start()
    assert [follower.woken.get(timeout=PATIENCE_S) for _ in range(3)] == [frozenset()] * 3
    assert "OS file watch limit reached" in caplog.text
