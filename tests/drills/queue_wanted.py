"""The mixed tasks of the drill: which engine makes what, and which programs misbehave."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from director_lib.domain.task import Task
from director_lib.domain.version import Kind
from director_lib.store.database import Database
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from director_lib.workbench.tasks import Tasks

STREAM = "harbour"
WIDTH, HEIGHT = 96, 72
_MIX = {
    ("local", Kind.KEYFRAME): 3,
    ("local", Kind.VIDEO): 2,
    ("gratis", Kind.KEYFRAME): 2,
    ("gratis", Kind.VIDEO): 1,
    ("script", Kind.KEYFRAME): 3,
    ("script", Kind.VIDEO): 2,
    ("google", Kind.KEYFRAME): 5,
    ("google", Kind.VIDEO): 4,
    ("replicate", Kind.VIDEO): 6,
}
_MODES = {"fine": 10, "slow": 4, "fussy": 1, "refuse": 1, "garbage": 1, "half": 1, "hang": 1}

FREE_ENGINES = frozenset({"local", "gratis"})

REFUSED_MODES = frozenset({"refuse", "garbage", "half"})
"""The behaviours of a program that make its task fail."""


@dataclass(frozen=True)
class Wanted:
    """One task to be.

    Attributes:
        name: Unique; stands in its prompt, so that whoever makes it can tell what it is for.
        mode: How a program behaves that makes it.
        brings_keyframe: Whether a clip's keyframe is queued with it.
    """

    name: str
    kind: Kind
    engine: str
    segment_id: int
    mode: str = "fine"
    brings_keyframe: bool = False

    @property
    def words(self) -> str:
        """The prompt."""
        return f"{self.mode} {self.name} of a harbour"


def mix(n_tasks: int, n_segments: int, seed: int) -> list[Wanted]:
    """Say what to ask for: of everything something, in a random order, at random segments.

    Segments from ``n_segments + 1`` on have no still yet: each gets one, and a clip of it.
    """
    chance = random.Random(seed)
    places = list(_MIX)
    drawn = places + chance.choices(places, list(_MIX.values()), k=max(0, n_tasks - len(places)))
    wanted, fresh = [], n_segments
    for number, (engine, kind) in enumerate(drawn[:n_tasks]):
        brings = kind is Kind.VIDEO and chance.random() < 0.1
        fresh += brings
        segment_id = fresh if brings else chance.randint(1, n_segments)
        name = f"{'still' if kind is Kind.KEYFRAME else 'clip'}-{number:04}"
        mode = (
            chance.choices(list(_MODES), list(_MODES.values()))[0] if engine in ("script", "gratis") else ""
        )
        wanted.append(Wanted(name, kind, engine, segment_id, mode or "fine", brings))
    chance.shuffle(wanted)
    return wanted


def name_of_keyframe(segment_id: int) -> str:
    """Return the name of the keyframe that is brought along by a segment's first clip."""
    return f"still-9{segment_id:03}"


def spec(n_segments: int) -> dict[str, object]:
    """Return the stream's production data."""
    segments = [
        {
            "id": number,
            "image_prompt": f"fine {name_of_keyframe(number)} of a harbour",
            "motion_prompt": "slow push in",
        }
        for number in range(1, n_segments + 1)
    ]
    return {"stream": {"id": STREAM}, "segments": segments, "output": {"dimensions": f"{WIDTH}x{HEIGHT}"}}


def ask(tasks: Tasks, database: Database, root: StreamsRoot, wanted: Wanted) -> Iterator[tuple[str, Task]]:
    """Queue it; yield each task's name and task."""
    if wanted.brings_keyframe:
        making = {"engine": wanted.engine, "motion_prompt": wanted.words, "with_keyframes": True}
        queued = tasks.generate(STREAM, wanted.kind, [wanted.segment_id], **making).queued  # type: ignore[arg-type]
        for task in queued:
            is_clip = task.request.kind is Kind.VIDEO
            yield (wanted.name if is_clip else name_of_keyframe(wanted.segment_id)), task
        return
    words = {"motion_prompt" if wanted.kind is Kind.VIDEO else "image_prompt": wanted.words}
    stream = read_stream(root, STREAM)
    request = tasks.request_for(stream, wanted.segment_id, wanted.kind, engine=wanted.engine, **words)  # type: ignore[arg-type]
    with database.write() as connection:
        task = tasks.enqueue_in(connection, request, seed_is_chosen=True, allow_unapproved_keyframe=True)
    yield wanted.name, task
