"""Saying exactly what an engine will be sent for a segment."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TypedDict

from director_lib.config import Settings
from director_lib.domain.prompt import image_prompt_as_sent, negative_prompt_as_sent
from director_lib.domain.spec_digest import SpecDigests
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind, Version
from director_lib.engines.protocol import Engine
from director_lib.errors import InputError, RuleError

_SEEDS = 2**31


class Wishes(TypedDict, total=False):
    """What may differ from what the stream says; None and absent mean "as the stream says".

    Attributes:
        seed: A chosen seed; drawn at random when None.
        engine: Its name; the configured one for the kind when None.
    """

    image_prompt: str | None
    motion_prompt: str | None
    seed: int | None
    engine: str | None


def make_request(
    settings: Settings, stream: Stream, segment: Segment, kind: Kind, keyframe: Version | None, wishes: Wishes
) -> GenerationRequest:
    """Put together what is sent: prompts, palette, size, seed and the keyframe that a clip starts from.

    Args:
        keyframe: The segment's current keyframe version; only looked at for a clip.
    """
    prompt, seed = wishes.get("image_prompt"), wishes.get("seed")
    still = GenerationRequest(
        stream_id=stream.id,
        segment_id=segment.id,
        kind=kind,
        engine=wishes.get("engine") or settings.engine_keyframe,
        image_prompt=image_prompt_as_sent(stream, segment) if prompt is None else prompt,
        negative_prompt=negative_prompt_as_sent(stream, segment),
        seed=secrets.randbelow(_SEEDS) if seed is None else seed,
        palette=stream.palette,
        width=stream.width,
        height=stream.height,
        duration_s=segment.duration_s,
        spec_sha256=SpecDigests(stream).of(segment),
    )
    return still if kind is Kind.KEYFRAME else _as_clip(settings, still, segment, keyframe, wishes)


def _as_clip(
    settings: Settings,
    still: GenerationRequest,
    segment: Segment,
    keyframe: Version | None,
    wishes: Wishes,
) -> GenerationRequest:
    motion = wishes.get("motion_prompt")
    made_with = keyframe.provenance.image_prompt if keyframe is not None else None
    if made_with is None or wishes.get("image_prompt") is not None:
        made_with = still.image_prompt
    return replace(
        still,
        engine=wishes.get("engine") or settings.engine_video,
        image_prompt=made_with,
        motion_prompt=(segment.motion_prompt if motion is None else motion).strip(),
        source_version_id=keyframe.id if keyframe is not None else None,
    )


def check_makeable(engine: Engine, request: GenerationRequest) -> None:
    """Refuse what could only fail.

    Raises:
        InputError: The engine does not make that kind.
        RuleError: There is no prompt, or a clip has no keyframe to start from.
    """
    kind, where = request.kind, f"Segment {request.segment_id} of {request.stream_id}"
    if kind not in engine.capabilities().kinds:
        raise InputError(f"The engine “{request.engine}” makes no {kind.value}. Choose another engine.")
    if kind is Kind.KEYFRAME and not request.image_prompt.strip():
        raise RuleError(f"{where} has no image prompt. Write one, then generate.")
    if kind is Kind.VIDEO and not request.motion_prompt.strip():
        raise RuleError(f"{where} has no motion prompt. Write one, then generate.")
    if kind is Kind.VIDEO and request.source_version_id is None:
        raise RuleError(f"{where} has no keyframe for its clip to start from. Make its keyframe first.")
