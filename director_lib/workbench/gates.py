"""The checkpoint rail: the state of each gate of a stream."""

from __future__ import annotations

from collections.abc import Iterator

from director_lib.domain.checkpoint import Checkpoint, GateStatus, asset_gate
from director_lib.domain.content import CutItem, final_sha256, spec_content_sha256, story_sha256
from director_lib.domain.gate_rules import content_gate, final_blocked
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind
from director_lib.workbench.standing import StreamStanding


def gates_of(stream: Stream, standing: StreamStanding) -> tuple[GateStatus, ...]:
    """Judge the five checkpoints in order.

    Story and spec wait as soon as there is something to read; final once keyframes and videos are approved.
    A decision on story, spec or final counts only while it is what was judged.
    """
    keyframes = asset_gate(Checkpoint.KEYFRAMES, standing.assets(Kind.KEYFRAME).values())
    videos = asset_gate(Checkpoint.VIDEOS, standing.assets(Kind.VIDEO).values())
    cut_sha256 = final_sha256(stream, _cut(stream, standing))
    return (
        _gate(Checkpoint.STORY, story_sha256(stream), standing),
        _gate(Checkpoint.SPEC, spec_content_sha256(stream), standing),
        keyframes,
        videos,
        _gate(Checkpoint.FINAL, cut_sha256, standing, blocked=final_blocked(keyframes, videos)),
    )


def _gate(
    checkpoint: Checkpoint, sha256: str | None, standing: StreamStanding, *, blocked: str = ""
) -> GateStatus:
    records = [made for made in standing.checkpoint_decisions if made.checkpoint is checkpoint]
    return content_gate(checkpoint, sha256, records, needed=standing.approvals_needed, blocked=blocked)


def _cut(stream: Stream, standing: StreamStanding) -> Iterator[CutItem]:
    for segment in stream.segments:
        for kind in Kind:
            version = standing.version(segment.id, kind)
            approved = standing.verdict(segment.id, kind).is_approved
            yield CutItem(segment.id, kind, version.sha256 if version else None, approved)
