"""Making stills and clips in the stream "film" as a worker would, and changing what the stream asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director_lib.domain.review import DecisionKind
from director_lib.domain.task import GenerationRequest, Task
from director_lib.domain.version import Kind, Version
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.intake.produced import Produced, take_in
from director_lib.store.tasks import start
from director_lib.workbench import Workbench
from director_lib.workbench.repairs import Repairs
from director_lib.workbench.tasks import Tasks
from tests.intake.studio import write_clip, write_still

_COLORS = ("navy", "teal", "maroon", "olive", "purple", "gray", "orange", "white")


@dataclass
class PricedEngine:
    """An engine with a price list, which makes nothing."""

    still_usd: float = 0.04
    clip_usd_per_s: float = 0.1
    name: str = "local"

    def capabilities(self) -> Capabilities:
        return Capabilities(frozenset(Kind), is_paid=True)

    def price_usd(self, request: GenerationRequest) -> float:
        is_still = request.kind is Kind.KEYFRAME
        return self.still_usd if is_still else round(self.clip_usd_per_s * request.duration_s, 2)

    def generate(
        self, request: GenerationRequest, folder: Path, *, keyframe: Path | None, progress: ProgressCallback
    ) -> EngineResult:
        raise AssertionError("nothing is made in these tests")


def priced(workbench: Workbench, **settings: object) -> Repairs:
    """Return the repairs of a studio whose engine has a price."""
    studio = workbench.studio
    changed = studio.settings.model_copy(update=settings)
    tasks = Tasks(studio.database, changed, studio.actor, studio.clock, engines=lambda *_: PricedEngine())
    return Repairs(studio, workbench.streams, tasks)


def make(workbench: Workbench, kind: Kind = Kind.KEYFRAME, segment_id: int = 1) -> Version:
    """Ask for a still or clip and make it as a worker does; it is current afterwards."""
    stream = workbench.streams.get("film")
    request = workbench.tasks.request_for(stream, segment_id, kind)
    with workbench.studio.database.write() as connection:
        task = workbench.tasks.enqueue_in(
            connection, request, seed_is_chosen=True, allow_unapproved_keyframe=True
        )
    return finish(workbench, task)


def finish(workbench: Workbench, task: Task) -> Version:
    """Let a queued task succeed with a picture that nobody made before; return what it made."""
    studio, request = workbench.studio, task.request
    number = len(workbench.reviews.versions("film", request.segment_id, request.kind))
    color = _COLORS[(number + request.segment_id) % len(_COLORS)]
    scratch = studio.settings.media_dir / "made" / task.id
    if request.kind is Kind.KEYFRAME:
        path = write_still(scratch / "still.png", color)
    else:
        path = write_clip(scratch / "clip.mp4", color)
    with studio.database.write() as connection:
        start(connection, task.id, studio.clock())
    produced = Produced(task.id, path, "double/1", 0.0)
    take_in(studio.database, studio.files, studio.root, produced, now=studio.clock())
    made = workbench.reviews.versions("film", request.segment_id, request.kind)
    return next(version for version in made if version.provenance.task_id == task.id)


def current(workbench: Workbench, kind: Kind = Kind.KEYFRAME, segment_id: int = 1) -> Version:
    version = workbench.reviews.standing("film").version(segment_id, kind)
    assert version is not None
    return version


def judge(workbench: Workbench, version: Version, decision: DecisionKind = DecisionKind.APPROVED) -> None:
    workbench.reviews.decide("film", version.kind, {version.segment_id: version.sha256}, decision)


def ask(folder: Path, segment_id: int = 1, **fields: object) -> None:
    """Change a segment in production.json from outside."""
    spec = _read(folder)
    spec["segments"][segment_id - 1].update(fields)
    (folder / "production.json").write_text(json.dumps(spec, indent=2))


def direct(folder: Path, **blocks: object) -> None:
    """Change the stream's own blocks in production.json from outside."""
    (folder / "production.json").write_text(json.dumps(_read(folder) | blocks, indent=2))


def stale(workbench: Workbench, kind: Kind = Kind.KEYFRAME, segment_id: int = 1) -> list[str]:
    """Say why the current version is stale."""
    segment = workbench.streams.get("film").get_segment(segment_id)
    return workbench.reviews.standing("film").stale(segment, kind)


def _read(folder: Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((folder / "production.json").read_text())
    return spec
