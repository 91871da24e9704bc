"""Tasks: durable requests to make files, and the moves between their states."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from director_lib.domain.version import Kind
from director_lib.errors import IllegalMoveError


class TaskState(StrEnum):
    """Where a task stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


OPEN_STATES = frozenset({TaskState.QUEUED, TaskState.RUNNING})
_MOVES: dict[TaskState, frozenset[TaskState]] = {
    TaskState.QUEUED: frozenset({TaskState.RUNNING, TaskState.CANCELLED, TaskState.FAILED}),
    TaskState.RUNNING: frozenset(
        {
            TaskState.QUEUED,
            TaskState.SUCCEEDED,
            TaskState.FAILED,
            TaskState.CANCELLED,
            TaskState.UNKNOWN,
        }
    ),
}

PRIORITY_SINGLE = 10
PRIORITY_BATCH = 100


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """What an engine is asked to make, exactly as it will be sent.

    Attributes:
        image_prompt: The still's prompt; for a clip, the prompt of its keyframe.
        motion_prompt: The clip's camera prompt; empty for a still.
        palette: Names to ``#rrggbb``, in the stream's order.
        width: Pixels.
        height: Pixels.
        duration_s: Seconds of a clip; ignored for a still.
        source_version_id: The keyframe version a clip is made from.
        spec_sha256: Digest of what the spec says of it (``SpecDigests.of``); None in requests of before.
        reference_sha256s: Digests of pictures in the version store to send along, for engines that take them.
        model: The engine's model; empty for the one that its settings name.
    """

    stream_id: str
    segment_id: int
    kind: Kind
    engine: str
    image_prompt: str
    motion_prompt: str = ""
    negative_prompt: str = ""
    seed: int = 0
    palette: dict[str, str] = field(default_factory=dict)
    width: int = 1280
    height: int = 720
    duration_s: float = 5.0
    fps: int = 24
    source_version_id: int | None = None
    spec_sha256: str | None = None
    reference_sha256s: tuple[str, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One durable request and how far it is.

    Attributes:
        percent: 0 to 100.
        phase: What it does now, in words for a director ("waiting", "rendering").
        price_usd: Estimated price when it was queued.
        version_id: The version it made, once succeeded.
        position: Its place among the queued tasks of its priority; lower starts earlier.
        worker: The worker that carries it out; None while nobody does.
        not_before_at: When it may be tried again; None at once.
        after_task_id: The task that has to succeed before this one may start.
        variant_set_id: The set of versions to choose from that it is made for.
    """

    id: str
    request: GenerationRequest
    state: TaskState
    phase: str
    percent: float
    price_usd: float
    priority: int
    author: str
    queued_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    error_code: str | None = None
    error_message: str | None = None
    version_id: int | None = None
    position: float = 0.0
    worker: str | None = None
    not_before_at: datetime | None = None
    after_task_id: str | None = None
    variant_set_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN_STATES


def check_move(task_id: str, from_state: TaskState, to_state: TaskState) -> None:
    """Refuse a move that the life of a task does not have.

    Raises:
        IllegalMoveError: ``to_state`` cannot follow ``from_state``.
    """
    if to_state not in _MOVES.get(from_state, frozenset()):
        raise IllegalMoveError(f"Task {task_id}", from_state.value, to_state.value)
