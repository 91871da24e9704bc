"""The real studio beside the model: two directors, a worker, and somebody outside."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind, Version
from director_lib.intake.produced import Produced, take_in
from director_lib.store.events import verify_log
from director_lib.store.tasks import get_task, list_tasks, start
from director_lib.tasks.selection import Leave, choose
from director_lib.workbench import Workbench

STREAM = "film"
SEGMENTS = range(1, 4)
PEOPLE = ("dora", "ben")
N_COLORS = 4
START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def picture(color: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 18), (60 * color, 10, 90)).save(buffer, "PNG")
    return buffer.getvalue()


SHA = [hashlib.sha256(picture(color)).hexdigest() for color in range(N_COLORS)]


class Real:
    """One studio on disk and in a database."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now = START
        self.folder = settings.streams_root / STREAM
        self.write_stream()
        self.open = {
            name: Workbench.open(settings, Actor(name, Role.DIRECTOR), self.clock) for name in PEOPLE
        }
        self.guest = Workbench.open(settings, Actor("vera", Role.VIEWER), self.clock)

    def close(self) -> None:
        for workbench in (*self.open.values(), self.guest):
            workbench.close()
        shutil.rmtree(self.settings.streams_root)

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def write_stream(self) -> None:
        (self.folder / "keyframes").mkdir(parents=True)
        segments = [{"id": number, "image_prompt": "a sea"} for number in SEGMENTS]
        spec = {"stream": {"id": STREAM}, "segments": segments, "output": {"dimensions": "32x18"}}
        (self.folder / "production.json").write_text(json.dumps(spec))

    def still(self, segment_id: int) -> Path:
        return self.folder / "keyframes" / f"segment_{segment_id}_keyframe.png"

    def drop(self, segment_id: int, data: bytes) -> None:
        """Put a file there as another program would, in one piece."""
        draft = self.folder / "draft.png"
        draft.write_bytes(data)
        draft.replace(self.still(segment_id))

    def finish(self, task_id: str, color: int) -> Task:
        """Do what the worker does once an engine has made the file."""
        studio = self.open["dora"].studio
        path = self.settings.data_dir / "made.png"
        path.write_bytes(picture(color))
        with studio.database.write() as connection:
            start(connection, task_id, self.clock())
        produced = Produced(task_id, path, "double/1")
        return take_in(studio.database, studio.files, studio.root, produced, now=self.clock())

    def versions(self, segment_id: int) -> list[Version]:
        return self.guest.reviews.versions(STREAM, segment_id, Kind.KEYFRAME)

    def approved_everywhere(self) -> list[set[int]]:
        """Ask each place that knows what is approved: the standing, the gate, the list, and the selection."""
        standing = self.guest.reviews.standing(STREAM)
        [overview] = [one for one in self.guest.streams.overviews() if one.id == STREAM]
        by_standing = {number for number, one in standing.assets(Kind.KEYFRAME).items() if one.approved}
        with self.guest.studio.database.read() as connection:
            choices = choose(connection, standing.stream, Kind.KEYFRAME, list(SEGMENTS), Leave())
        by_selection = {one.segment.id for one in choices if one.reason == "its keyframe is approved"}
        assert overview.approved == len(by_standing)
        fresh = [one for one in standing.assets(Kind.KEYFRAME).values() if one.approved and not one.stale]
        assert overview.gates[2].approved == len(fresh)
        return [by_standing, by_selection]

    def open_task_ids(self) -> set[str]:
        with self.guest.studio.database.read() as connection:
            found = list_tasks(connection, states=[TaskState.QUEUED, TaskState.RUNNING], limit=10_000)
            return {task.id for task in found if task.cancel_requested_at is None}

    def task(self, task_id: str) -> Task:
        with self.guest.studio.database.read() as connection:
            return get_task(connection, task_id)

    def n_faults(self) -> int:
        with self.guest.studio.database.read() as connection:
            return len(verify_log(connection))
