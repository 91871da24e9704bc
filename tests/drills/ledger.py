"""What killed processes said that they had done, held against what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind, Version
from director_lib.intake.leftovers import sweep_leftovers
from director_lib.intake.placing import finish_placements
from director_lib.intake.produced import Produced, take_in
from director_lib.media.files import hash_file
from director_lib.store.decisions import get_decision
from director_lib.store.events import verify_log
from director_lib.store.tasks import get_task, start
from director_lib.store.versions import get_version, list_pending_assets
from director_lib.streams.media_names import find_media
from director_lib.workbench import Workbench
from tests.drills.kill_program import N_SEGMENTS, STREAM

Said = tuple[str, dict[str, Any]]
"""A sign, ">" for an intention and "<" for an acknowledgement, and its facts."""


@dataclass
class Ledger:
    """Everything acknowledged so far.

    Attributes:
        prompts: The last acknowledged text of each segment.
        seen: Every version ever seen, by id; none may go or change.
    """

    prompts: dict[int, str]
    decisions: list[tuple[int, int, str, str]] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    found: list[tuple[int, str]] = field(default_factory=list)
    seen: dict[int, Version] = field(default_factory=dict)
    n_acknowledged: int = 0

    def take(self, said: Iterable[Said]) -> dict[str, Any]:
        """Note what was said; return the intention that was never acknowledged, empty when there is none."""
        intended: dict[str, Any] = {}
        for sign, facts in said:
            intended = facts if sign == ">" else {}
            if sign == "<" and facts["act"] != "refused":
                self.n_acknowledged += 1
                self._acknowledge(facts)
        return intended

    def _acknowledge(self, facts: dict[str, Any]) -> None:
        match facts["act"]:
            case "edit":
                self.prompts[facts["segment"]] = facts["text"]
            case "decide":
                self.decisions += [(*one, facts["kind"]) for one in facts["made"]]
            case "queue":
                self.tasks.append(facts["task"])
            case "make":
                self.made.append(facts["task"])
            case "drop":
                self.found += [tuple(one) for one in facts["versions"]]
            case "comment":
                self.comments.append((facts["segment"], facts["text"]))

    def check(self, workbench: Workbench, intended: dict[str, Any]) -> None:
        """Start as the worker does, then find everything acknowledged, whole, and nothing half-done."""
        studio = workbench.studio
        assert finish_placements(studio.database, studio.files, studio.root, now=studio.clock()) == []
        scanned = workbench.streams.scan(STREAM)
        assert scanned.oddities == ()
        self._resume(workbench, intended)
        self._check_prompts(workbench, intended)
        self._check_rows(workbench)
        self._check_versions(workbench)
        left = sweep_leftovers(studio.files, studio.root, now=studio.clock(), spared=timedelta(0))
        assert left == []
        assert studio.files.find_temporaries() == []
        assert list(studio.root.path(STREAM).rglob("*.tmp")) == []

    def _resume(self, workbench: Workbench, intended: dict[str, Any]) -> None:
        """Take up the task that was being finished, as the next worker does."""
        studio = workbench.studio
        if intended.get("act") == "make":
            with studio.database.write() as connection:
                if get_task(connection, intended["task"]).state is TaskState.QUEUED:
                    start(connection, intended["task"], studio.clock())
            produced = Produced(intended["task"], Path(intended["path"]), "double/1")
            done = take_in(studio.database, studio.files, studio.root, produced, now=studio.clock())
            assert not done.is_open
            self.made.append(done.id)

    def _check_prompts(self, workbench: Workbench, intended: dict[str, Any]) -> None:
        for segment in workbench.streams.get(STREAM).segments:
            allowed = {self.prompts[segment.id]}
            if intended.get("act") == "edit" and intended["segment"] == segment.id:
                allowed.add(intended["text"])
            assert segment.image_prompt in allowed
            self.prompts[segment.id] = segment.image_prompt

    def _check_rows(self, workbench: Workbench) -> None:
        with workbench.studio.database.read() as connection:
            assert verify_log(connection) == []
            assert list_pending_assets(connection) == []
            for seq, segment_id, sha256, kind in self.decisions:
                one = get_decision(connection, seq)
                assert (one.segment_id, one.sha256, one.decision) == (segment_id, sha256, kind)
            tasks = {task_id: get_task(connection, task_id) for task_id in {*self.tasks, *self.made}}
            for task_id in self.made:
                assert tasks[task_id].state is TaskState.SUCCEEDED, tasks[task_id]
                version_id = tasks[task_id].version_id
                assert version_id is not None
                assert get_version(connection, version_id).provenance.task_id == task_id
            for version_id, sha256 in self.found:
                assert get_version(connection, version_id).sha256 == sha256
        for segment_id in {segment_id for segment_id, _ in self.comments}:
            texts = [comment.text for comment in workbench.comments.list(STREAM, segment_id, Kind.KEYFRAME)]
            assert {text for place, text in self.comments if place == segment_id} <= set(texts)

    def _check_versions(self, workbench: Workbench) -> None:
        media = find_media(workbench.studio.root, STREAM)
        current = workbench.reviews.standing(STREAM).versions
        assert media.keys() == current.keys()
        for place, path in media.items():
            assert hash_file(path) == current[place].sha256
        now = {version.id: version for version in _all_versions(workbench)}
        assert self.seen.items() <= now.items()
        for version in (version for version_id, version in now.items() if version_id not in self.seen):
            file = workbench.studio.files.get(version.sha256, version.extension)
            assert hash_file(file) == version.sha256
        self.seen = now


def _all_versions(workbench: Workbench) -> Iterator[Version]:
    for segment_id in range(1, N_SEGMENTS + 1):
        versions = workbench.reviews.versions(STREAM, segment_id, Kind.KEYFRAME)
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        yield from versions
