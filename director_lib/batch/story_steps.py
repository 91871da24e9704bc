"""The steps from a story to its page, each of which does nothing when it was done before."""

from __future__ import annotations

from dataclasses import dataclass, field

from director_lib.domain.checkpoint import Checkpoint, GateState, GateStatus
from director_lib.domain.how_many import how_many
from director_lib.domain.review import DecisionKind
from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import OPEN_STATES, Task, TaskState
from director_lib.domain.version import Kind
from director_lib.errors import BackendError, EngineError, WorkerError
from director_lib.workbench import Workbench
from director_lib.workbench.bulk import Shown
from director_lib.workbench.spec_drafts import BUILTIN

_GATES = {Kind.KEYFRAME: Checkpoint.KEYFRAMES, Kind.VIDEO: Checkpoint.VIDEOS}
_NOUNS = {Kind.KEYFRAME: "stills", Kind.VIDEO: "clips"}
_MOST_TASKS = 10_000


@dataclass(slots=True)
class StorySteps:
    """One stream on its way.

    Attributes:
        wait_s: Longest wait for what a worker makes, in seconds.
        approve: Whether the local user approves what waits at a checkpoint.
        rows: What was done, as step, outcome and words.
    """

    workbench: Workbench
    engine: str
    wait_s: float
    approve: bool
    stream_id: str = ""
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, step: str, outcome: str, told: str) -> None:
        """Note what came of a step."""
        self.rows.append((step, outcome, told))

    def draft(self) -> None:
        """Write a first spec, when there are no segments yet."""
        there = len(self.workbench.streams.get(self.stream_id).segments)
        if not there:
            self.workbench.specs.draft(self.stream_id, engine=BUILTIN)
        n_segments = len(self.workbench.streams.get(self.stream_id).segments)
        self.add("spec", "there" if there else "done", how_many(n_segments, "segment"))

    def make(self, kind: Kind) -> None:
        """Have every still or clip made that is missing, and wait for it and for what is being made.

        Raises:
            WorkerError: No worker runs.
            EngineError: One could not be made, or takes longer than the longest wait.
        """
        tasks = self.workbench.tasks
        self.workbench.streams.scan(self.stream_id)
        queued = tasks.generate(self.stream_id, kind, "missing", engine=self.engine).queued
        being_made = tasks.list(stream_id=self.stream_id, states=OPEN_STATES, limit=_MOST_TASKS)
        found = [*queued, *being_made]
        waiting = list(dict.fromkeys(task.id for task in found if task.request.kind is kind))
        if waiting:
            self._check_worker(len(waiting))
            _check_made(tasks.wait(waiting, self.wait_s), _NOUNS[kind])
        outcome = "done" if waiting else "there"
        self.add(_NOUNS[kind], outcome, f"{len(waiting)} made")

    def passes_content_gate(self, checkpoint: str) -> bool:
        """Approve story, spec or final cut when that is wanted; tell whether the way is open."""
        gate = self._gate(Checkpoint(checkpoint))
        if self.approve and gate.state is GateState.WAITING:
            self.workbench.checkpoints.decide(
                self.stream_id,
                gate.checkpoint,
                DecisionKind.APPROVED,
                expected_sha256=gate.content_sha256,
            )
        return self._passes(gate)

    def passes_asset_gate(self, kind: Kind) -> bool:
        """Approve stills or clips that nobody sent back when that is wanted; tell whether the way is open."""
        gate = self._gate(_GATES[kind])
        if self.approve and gate.state is GateState.WAITING:
            standing = self.workbench.reviews.standing(self.stream_id)
            decisions = standing.decisions
            shown = {
                place[0]: Shown(version.sha256, decisions[place].seq if place in decisions else 0)
                for place, version in standing.versions.items()
                if place[1] is kind
            }
            self.workbench.bulk.approve(self.stream_id, kind, shown)
        return self._passes(gate)

    def deploy(self) -> None:
        """Build the page and show it at ``/site/<stream>/``, unless readers see this very film already.

        Raises:
            WorkerError: No worker runs.
            BackendError: It failed, or takes longer than the longest wait.
        """
        deliveries, address = self.workbench.deliveries, f"/site/{self.stream_id}/"
        preview = deliveries.find_preview(self.stream_id)
        shown = deliveries.shown_build(self.stream_id)
        if preview is not None and preview.is_current and preview.build.build_id == shown:
            self.add("page", "there", address)
            return
        task = deliveries.deploy(self.stream_id)
        self._check_worker(1)
        [done] = self.workbench.stream_tasks.wait([task.id], self.wait_s)
        _check_deployed(done)
        self.add("page", "done", str((done.result or {}).get("url", address)))

    def _gate(self, checkpoint: Checkpoint) -> GateStatus:
        gates = self.workbench.checkpoints.standing(self.stream_id)
        return next(gate for gate in gates if gate.checkpoint is checkpoint)

    def _passes(self, before: GateStatus) -> bool:
        gate = self._gate(before.checkpoint)
        is_open = gate.state is GateState.APPROVED
        is_new = before.state is not GateState.APPROVED
        outcome = ("approved" if is_new else "there") if is_open else "waits"
        self.add(f"checkpoint {gate.checkpoint.value}", outcome, gate.reason)
        return is_open

    def _check_worker(self, n_tasks: int) -> None:
        if self.workbench.tasks.find_worker() is None:
            raise WorkerError(
                f"{n_tasks} task{'s are' if n_tasks > 1 else ' is'} queued and safe, but no worker runs to "
                "carry them out. Start one with “director worker”, then run it again."
            )


def _check_made(tasks: list[Task], noun: str) -> None:
    lost = [task for task in tasks if task.state is not TaskState.SUCCEEDED]
    if not lost:
        return
    first = lost[0]
    why = "it is not done yet and goes on" if first.is_open else first.error_message or first.state.value
    raise EngineError(
        f"{len(lost)} of {len(tasks)} {noun} could not be made, first segment {first.request.segment_id}: "
        f"{why.rstrip('.')}. The others are safe. Run it again to go on."
    )


def _check_deployed(task: StreamTask) -> None:
    if task.state is TaskState.SUCCEEDED:
        return
    why = "it is not done yet and goes on" if task.is_open else task.error_message or task.state.value
    raise BackendError(f"The page was not deployed: {why.rstrip('.')}. Run it again to go on.")
