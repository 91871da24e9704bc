"""The checkpoint rail: the state of each gate of a stream."""

from __future__ import annotations

from director_lib.domain.checkpoint import Checkpoint, GateState, GateStatus, asset_gate
from director_lib.domain.review import is_approved
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind
from director_lib.workbench.standing import StreamStanding


def gates_of(stream: Stream, standing: StreamStanding) -> tuple[GateStatus, ...]:
    """Judge the five checkpoints in order.

    Story and spec wait as soon as there is something to read; final once keyframes and videos are approved.
    """
    keyframes = asset_gate(Checkpoint.KEYFRAMES, standing.assets(Kind.KEYFRAME).values())
    videos = asset_gate(Checkpoint.VIDEOS, standing.assets(Kind.VIDEO).values())
    ready = keyframes.state is videos.state is GateState.APPROVED
    return (
        _content_gate(Checkpoint.STORY, standing, is_there=bool(stream.story)),
        _content_gate(Checkpoint.SPEC, standing, is_there=stream.spec_sha256 is not None),
        keyframes,
        videos,
        _content_gate(Checkpoint.FINAL, standing, is_there=ready),
    )


def _content_gate(checkpoint: Checkpoint, standing: StreamStanding, *, is_there: bool) -> GateStatus:
    decision = standing.gate_decisions.get(checkpoint)
    if not is_there:
        state = GateState.MISSING
    elif decision is None:
        state = GateState.WAITING
    else:
        state = GateState.APPROVED if is_approved(decision) else GateState.CHANGES
    return GateStatus(checkpoint, state, int(state is GateState.APPROVED), 1)
