"""Saying exactly what an engine will be sent for a segment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

from director_lib.domain.engine_choice import EngineChoices
from director_lib.domain.prompt import image_prompt_as_sent, image_prompt_like, negative_prompt_as_sent
from director_lib.domain.spec_digest import SpecDigests
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind, Version
from director_lib.engines.catalog import check_model, references_taken
from director_lib.engines.protocol import Engine
from director_lib.errors import InputError, RuleError

SEEDS = 2**31
"""How many seeds there are to draw from."""


class Wishes(TypedDict, total=False):
    """What may differ from what the stream says; None and absent mean "as the stream says".

    Attributes:
        seed: A chosen seed; drawn at random when None.
        engine: Its name; the one chosen for the segment or the stream, else the configured one, when None.
        model: The engine's model, likewise.
        reference_version_ids: Stills to send along, in order, for engines that take them.
        like_segment: Make the still like that segment's: with its prompt, and its current still sent along
            when the engine takes one. ``image_prompt`` wins over its prompt.
    """

    image_prompt: str | None
    motion_prompt: str | None
    seed: int | None
    engine: str | None
    model: str | None
    reference_version_ids: Sequence[int] | None
    like_segment: int | None


def make_request(
    choices: EngineChoices,
    stream: Stream,
    segment: Segment,
    kind: Kind,
    keyframe: Version | None,
    wishes: Wishes,
) -> GenerationRequest:
    """Put together what is sent: prompts, palette, size, seed and the keyframe that a clip starts from.

    Pictures to send along are looked up apart, by ``Asking``.

    Args:
        choices: Which engine and model make what when nothing else is wished for.
        keyframe: The segment's current keyframe version; only looked at for a clip.

    Raises:
        NotFoundError: The stream has no segment to make it like.
        RuleError: That segment has no image prompt.
        InputError: A clip is to be made like another segment.
    """
    seed = wishes.get("seed")
    engine, model = choices.pick(segment.id, kind, wishes.get("engine"), wishes.get("model"))
    still = GenerationRequest(
        stream_id=stream.id,
        segment_id=segment.id,
        kind=kind,
        engine=engine,
        image_prompt=_image_prompt(stream, segment, kind, wishes),
        negative_prompt=negative_prompt_as_sent(stream, segment),
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        palette=stream.palette,
        width=stream.width,
        height=stream.height,
        duration_s=segment.duration_s,
        spec_sha256=SpecDigests(stream).of(segment),
        model=model,
    )
    return still if kind is Kind.KEYFRAME else _as_clip(still, segment, keyframe, wishes)


def _image_prompt(stream: Stream, segment: Segment, kind: Kind, wishes: Wishes) -> str:
    wished, like = wishes.get("image_prompt"), wishes.get("like_segment")
    if like is not None and kind is not Kind.KEYFRAME:
        raise InputError(
            "Only a still can be made like another segment: a clip starts from its own keyframe. Make the "
            "keyframe like it, then the clip."
        )
    if wished is not None:
        return wished
    return image_prompt_as_sent(stream, segment) if like is None else image_prompt_like(stream, like)


def _as_clip(
    still: GenerationRequest, segment: Segment, keyframe: Version | None, wishes: Wishes
) -> GenerationRequest:
    motion = wishes.get("motion_prompt")
    made_with = keyframe.provenance.image_prompt if keyframe is not None else None
    if made_with is None or wishes.get("image_prompt") is not None:
        made_with = still.image_prompt
    return replace(
        still,
        image_prompt=made_with,
        motion_prompt=(segment.motion_prompt if motion is None else motion).strip(),
        source_version_id=keyframe.id if keyframe is not None else None,
    )


def check_makeable(engine: Engine, request: GenerationRequest, *, follows_keyframe: bool = False) -> None:
    """Refuse what could only fail.

    Args:
        follows_keyframe: Whether a clip starts from a keyframe that is yet to be made.

    Raises:
        InputError: The engine does not make that kind, has no such model, or takes fewer pictures.
        ConfigError: The model that the settings name is retired.
        RuleError: There is no prompt, or a clip has no keyframe to start from.
    """
    kind, where = request.kind, f"Segment {request.segment_id} of {request.stream_id}"
    if kind not in engine.capabilities().kinds:
        raise InputError(f"The engine “{request.engine}” makes no {kind.value}. Choose another engine.")
    if kind is Kind.KEYFRAME and not request.image_prompt.strip():
        raise RuleError(f"{where} has no image prompt. Write one, then generate.")
    if kind is Kind.VIDEO and not request.motion_prompt.strip():
        raise RuleError(f"{where} has no motion prompt. Write one, then generate.")
    if kind is Kind.VIDEO and request.source_version_id is None and not follows_keyframe:
        raise RuleError(f"{where} has no keyframe for its clip to start from. Make its keyframe first.")
    check_model(engine, kind, request.model)
    _check_references(engine, request)


def _check_references(engine: Engine, request: GenerationRequest) -> None:
    asked = len(request.reference_sha256s)
    taken = references_taken(engine, request) if asked else 0
    if asked > taken:
        model = f" with the model “{request.model}”" if request.model else ""
        many = f"{taken or 'no'} reference picture{'' if taken == 1 else 's'}"
        noun = "stills" if request.kind is Kind.KEYFRAME else "clips"
        raise InputError(
            f"The engine “{request.engine}”{model} takes {many} for {noun}, not {asked}. Nothing was queued. "
            "Leave them out, or choose another engine or model."
        )
