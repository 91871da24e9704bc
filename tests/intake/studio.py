"""A studio on disk for tests: streams with pictures and clips that are made here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
from PIL import Image

from director_lib.config import Settings
from director_lib.domain.stream import Stream
from director_lib.domain.task import PRIORITY_SINGLE, GenerationRequest, Task
from director_lib.domain.version import Kind, Version
from director_lib.intake.produced import Produced, take_in
from director_lib.intake.restore import make_current
from director_lib.intake.scan import ScanResult, scan_stream
from director_lib.media.files import VersionFiles
from director_lib.store.assets import find_asset_id
from director_lib.store.database import Database
from director_lib.store.events import list_events
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import get_task, start
from director_lib.store.versions import current_versions, list_versions
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
STREAM = "harbour"


def write_still(path: Path, color: str = "navy", size: tuple[int, int] = (64, 36)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path)
    return path


def write_clip(path: Path, color: str = "navy", frames: int = 12) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = av.VideoFrame.from_image(Image.new("RGB", (64, 36), color))
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number in range(frames):
            picture.pts = number
            container.mux(stream.encode(picture.reformat(format="yuv420p")))
        container.mux(stream.encode())
    return path


def write_spec(folder: Path, n_segments: int = 3) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    segments = [
        {"id": number, "image_prompt": f"a harbour, part {number}", "motion_prompt": "slow push in"}
        for number in range(1, n_segments + 1)
    ]
    spec = {"stream": {"id": folder.name}, "segments": segments, "output": {"dimensions": "64x36"}}
    (folder / "production.json").write_text(json.dumps(spec, indent=2))


@dataclass
class Studio:
    """One studio: its stream, its database, and a clock that moves by a second."""

    settings: Settings
    database: Database
    files: VersionFiles
    root: StreamsRoot
    now: datetime = START
    made: int = 0

    @property
    def folder(self) -> Path:
        return self.root.root / STREAM

    @property
    def stream(self) -> Stream:
        return read_stream(self.root, STREAM)

    def still(self, segment_id: int = 1, extension: str = ".png") -> Path:
        return self.folder / "keyframes" / f"segment_{segment_id}_keyframe{extension}"

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def scan(self) -> ScanResult:
        return scan_stream(self.database, self.files, self.root, self.stream, now=self.clock())

    def restore(self, version: Version) -> Version:
        return make_current(self.database, self.files, self.root, version.id, actor="dora", now=self.clock())

    def take_in(self, task: Task, path: Path) -> Task:
        produced = Produced(task.id, path, "double/1", 0.0, {"steps": 4})
        return take_in(self.database, self.files, self.root, produced, now=self.clock())

    def current(self, segment_id: int = 1, kind: Kind = Kind.KEYFRAME) -> Version | None:
        with self.database.read() as connection:
            return current_versions(connection, STREAM).get((segment_id, kind))

    def versions(self, segment_id: int = 1, kind: Kind = Kind.KEYFRAME) -> list[Version]:
        with self.database.read() as connection:
            asset_id = find_asset_id(connection, STREAM, segment_id, kind)
            return [] if asset_id is None else list_versions(connection, asset_id)

    def verbs(self) -> list[str]:
        with self.database.read() as connection:
            return [event.verb for event in reversed(list_events(connection))]

    def task(self, task_id: str) -> Task:
        with self.database.read() as connection:
            return get_task(connection, task_id)

    def running_task(self, segment_id: int = 1, **wishes: object) -> Task:
        """Queue and start a task of its own."""
        self.made += 1
        request = request_of(segment_id, seed=self.made, **wishes)
        new = NewTask(
            f"t_{self.made}", request, "dora", 0.0, PRIORITY_SINGLE, self.clock(), seed_is_chosen=True
        )
        with self.database.write() as connection:
            enqueue(connection, new)
            return start(connection, new.task_id, self.clock())


def request_of(segment_id: int = 1, **wishes: object) -> GenerationRequest:
    asked: dict[str, object] = {
        "stream_id": STREAM,
        "segment_id": segment_id,
        "kind": Kind.KEYFRAME,
        "engine": "double",
        "image_prompt": "a harbour at dawn",
        "width": 64,
        "height": 36,
        "duration_s": 0.5,
    }
    return GenerationRequest(**(asked | wishes))  # type: ignore[arg-type]


MakeStudio = Callable[[], Studio]
