"""Works on one stream until it is killed; says each intention, and each acknowledgement, as one JSON line.

The first process has everything imported and only starts copies of itself that do the work, so that a kill
does not cost a second of imports. ``start <seed>`` starts one, ``kill`` kills it without warning.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.engines.local import LocalEngine
from director_lib.errors import DirectorError
from director_lib.intake.produced import Produced, take_in
from director_lib.store.tasks import start
from director_lib.workbench import Workbench
from director_lib.workbench.reviews import Regeneration
from tests.drills.programs import open_studio, say

STREAM = "film"
N_SEGMENTS = 3
_CHOICES = [DecisionKind.APPROVED, DecisionKind.REGENERATE, DecisionKind.ADJUST_PROMPT]


class Person:
    """Does one thing after the other, at random."""

    def __init__(self, workbench: Workbench, seed: int) -> None:
        self.workbench = workbench
        self.random = random.Random(seed)
        self.seed = seed
        self.done = 0

    def act(self) -> None:
        acts: list[Callable[[int], None]] = [self._edit, self._decide, self._make, self._drop]
        rarer: list[Callable[[int], None]] = [self._comment, self._restore, self._undo]
        act = self.random.choice([*acts, *acts, *rarer])
        self.done += 1
        try:
            act(self.random.randint(1, N_SEGMENTS))
        except DirectorError as error:
            _tell("<", act="refused", why=error.code)

    def _edit(self, segment_id: int) -> None:
        text = f"{self.seed}:{self.done} " + "x" * self.random.choice([0, 10, 5_000])
        _tell(">", act="edit", segment=segment_id, text=text)
        self.workbench.prompts.save(STREAM, segment_id, "image_prompt", text)
        _tell("<", act="edit", segment=segment_id, text=text)

    def _decide(self, segment_id: int) -> None:
        standing = self.workbench.reviews.standing(STREAM)
        judged = {
            version.segment_id: version.sha256
            for version in standing.versions.values()
            if version.segment_id == segment_id or self.random.random() < 0.3
        }
        if not judged:
            return
        kind = self.random.choice(_CHOICES)
        _tell(">", act="decide")
        made = self.workbench.reviews.decide(STREAM, Kind.KEYFRAME, judged, kind)
        _tell("<", act="decide", kind=kind, made=[(one.seq, one.segment_id, one.sha256) for one in made])

    def _make(self, segment_id: int) -> None:
        """Send back and queue, as a page does; then start and take in, as the worker does."""
        version = self.workbench.reviews.standing(STREAM).version(segment_id, Kind.KEYFRAME)
        seen = version.sha256 if version else None
        asked = Regeneration(STREAM, segment_id, Kind.KEYFRAME, {}, expected_sha256=seen)
        _tell(">", act="queue")
        task = self.workbench.reviews.regenerate(asked)
        _tell("<", act="queue", task=task.id)
        studio = self.workbench.studio
        path = self._paint(studio.settings.data_dir / "made" / f"{task.id}.png")
        _tell(">", act="make", task=task.id, path=str(path))
        with studio.database.write() as connection:
            start(connection, task.id, studio.clock())
        produced = Produced(task.id, path, "double/1")
        take_in(studio.database, studio.files, studio.root, produced, now=studio.clock())
        _tell("<", act="make", task=task.id)

    def _drop(self, segment_id: int) -> None:
        """Replace a still as another program would, and look."""
        folder = self.workbench.studio.root.path(STREAM)
        made = self._paint(folder / "dropped.png")
        _tell(">", act="drop")
        (folder / "keyframes").mkdir(exist_ok=True)
        made.replace(folder / "keyframes" / f"segment_{segment_id}_keyframe.png")
        found = self.workbench.streams.scan(STREAM)
        _tell("<", act="drop", versions=[(one.id, one.sha256) for one in found.new_versions])

    def _comment(self, segment_id: int) -> None:
        _tell(">", act="comment")
        comment = self.workbench.comments.add(STREAM, segment_id, Kind.KEYFRAME, f"{self.seed}:{self.done}")
        _tell("<", act="comment", segment=segment_id, text=comment.text)

    def _restore(self, segment_id: int) -> None:
        versions = self.workbench.reviews.versions(STREAM, segment_id, Kind.KEYFRAME)
        if versions:
            _tell(">", act="restore")
            self.workbench.reviews.restore(self.random.choice(versions).id)
            _tell("<", act="restore")

    def _undo(self, _segment_id: int) -> None:
        _tell(">", act="undo")
        self.workbench.reviews.undo()
        _tell("<", act="undo")

    def _paint(self, path: Path) -> Path:
        path.parent.mkdir(exist_ok=True)
        Image.frombytes("RGB", (48, 27), self.random.randbytes(48 * 27 * 3)).save(path)
        return path


def _tell(sign: str, **facts: Any) -> None:
    say(sign, json.dumps(facts))


def _work(seed: int) -> None:
    with open_studio("dora") as workbench:
        person = Person(workbench, seed)
        while True:
            person.act()


def _start(seed: int) -> int:
    child = os.fork()
    if not child:
        try:
            _work(seed)
        finally:
            # only an error gets here; the copy must not go on as the first process
            say("died")
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
            sys.stderr.flush()
            os._exit(1)
    return child


def _load_everything() -> None:
    """Import what is only imported when it is needed, so that each copy has it already."""
    Image.preinit()
    LocalEngine()
    with open_studio("dora") as workbench:
        workbench.streams.scan(STREAM)


def main() -> None:
    child = 0
    _load_everything()
    say("ready")
    for line in sys.stdin:
        command, _, seed = line.strip().partition(" ")
        if command == "start":
            child = _start(int(seed))
        else:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            say("ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
