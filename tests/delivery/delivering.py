"""A studio whose films go to readers, and a worker's second hand that works in the test's own process."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from director_lib.config import Settings
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.stream_task import StreamJob, StreamTask
from director_lib.domain.version import Kind
from director_lib.errors import DirectorError
from director_lib.store.claims import Claim
from director_lib.store.events import list_events
from director_lib.tasks.live import LiveTask
from director_lib.tasks.stream_child import Done, Failed
from director_lib.tasks.stream_jobs import load_job
from director_lib.tasks.stream_shift import StreamShift
from director_lib.tasks.workshop import Workshop
from director_lib.workbench import Workbench
from tests.delivery.films import numbered_clip

FILM = "film"


def make_stream(root: Path, stream_id: str = FILM, n_segments: int = 2, n_clips: int | None = None) -> Path:
    """Make a stream's folder with stills, and with clips of its first segments (all when None)."""
    folder = root / stream_id
    for name in ("keyframes", "videos"):
        (folder / name).mkdir(parents=True)
    numbers = range(1, n_segments + 1)
    spec = {
        "stream": {"id": stream_id, "title": "The film", "language": "en"},
        "segments": [{"id": n, "image_prompt": "a sea", "motion_prompt": "push in"} for n in numbers],
        "sections": [{"id": f"s{n}", "segments": [n], "text": f"Text {n}."} for n in numbers],
    }
    (folder / "production.json").write_text(json.dumps(spec, indent=2))
    for number in numbers:
        still = folder / "keyframes" / f"segment_{number}_keyframe.png"
        Image.new("RGB", (96, 64), (number % 256, 60, 90)).save(still)
    for number in list(numbers)[:n_clips]:
        numbered_clip(folder / "videos" / f"segment_{number}.mp4", 4, number % 120)
    return folder


@dataclass
class Told:
    """The news of the jobs that were carried out."""

    lines: list[str] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)

    def progress(self, phase: str, percent: float) -> None:
        assert 0 <= percent <= 100
        self.phases.append(phase)

    def line(self, text: str) -> None:
        self.lines.append(text)


class InlineShift(StreamShift):
    """Carries jobs out in this process."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop)
        self.told = Told()

    def _run(self, source: str, job: StreamJob, claim: Claim, live: LiveTask) -> Done | Failed | None:
        try:
            return Done(load_job(source)(job, self.told))
        except DirectorError as error:
            return Failed(error.code, error.user_message)


class Publishing:
    """A studio with one film that may be approved, built and deployed."""

    def __init__(self, settings: Settings, n_segments: int = 2, n_clips: int | None = None) -> None:
        self.folder = make_stream(settings.streams_root, FILM, n_segments, n_clips)
        self._open(settings)
        self.workbench.streams.scan(FILM)

    def _open(self, settings: Settings) -> None:
        self.settings = settings
        self.workbench = Workbench.open(settings, Actor("dora", Role.DIRECTOR))
        self.shift = InlineShift(Workshop(self.workbench.studio.database, settings))

    def reopen(self, **changed: object) -> None:
        """Go on with other settings."""
        self.close()
        self._open(self.settings.model_copy(update=changed))

    def close(self) -> None:
        self.workbench.close()

    def as_(self, role: Role) -> Workbench:
        studio = self.workbench.studio
        return Workbench(type(studio)(studio.database, self.settings, Actor(f"a-{role}", role)))

    def approve(self) -> None:
        """Approve every still and clip, and the final cut."""
        for kind in Kind:
            versions = self.workbench.reviews.standing(FILM).versions
            shown = {place[0]: version.sha256 for place, version in versions.items() if place[1] is kind}
            if shown:
                self.workbench.reviews.decide(FILM, kind, shown, DecisionKind.APPROVED, "")
        final = self.workbench.checkpoints.standing(FILM)[-1]
        self.workbench.checkpoints.decide(
            FILM, Checkpoint.FINAL, DecisionKind.APPROVED, expected_sha256=final.content_sha256, override=True
        )

    def carried_out(self, task: StreamTask) -> StreamTask:
        while self.shift.carry_out_next():
            pass
        return self.workbench.stream_tasks.get(task.id)

    def retitle(self, title: str) -> None:
        path = self.folder / "production.json"
        spec = json.loads(path.read_text())
        spec["stream"]["title"] = title
        path.write_text(json.dumps(spec))

    def verbs(self) -> list[str]:
        with self.workbench.studio.database.read() as connection:
            return [event.verb for event in reversed(list_events(connection, stream_id=FILM))]

    def recorded(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.folder / "deployment.json").read_text())
        return found
