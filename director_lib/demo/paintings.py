"""Which pictures a demo history needs, as requests to the local engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from director_lib.demo.painter import Job, Painted, paint_all
from director_lib.demo.steps import Asset, Cancelled, Failed, Made, Step
from director_lib.domain.prompt import image_prompt_as_sent, negative_prompt_as_sent
from director_lib.domain.spec_digest import SpecDigests
from director_lib.domain.stream import Stream
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.protocol import ProgressCallback

ENGINE = "local"

VersionKey = tuple[str, int, Kind, int]
"""Stream id, segment id, kind and version number."""


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Overrides the streams' own sizes, so that a test does not wait for large pictures.

    Attributes:
        width: Pixels.
        height: Pixels.
        duration_s: Seconds of every clip.
        fps: Frames a second of every clip.
    """

    width: int
    height: int
    duration_s: float
    fps: int = 24


@dataclass(frozen=True, slots=True)
class Painting:
    """One version to be painted.

    Attributes:
        keyframe: The still that a clip starts from; None for a still.
    """

    key: VersionKey
    request: GenerationRequest
    keyframe: VersionKey | None = None


def plan(stream: Stream, steps: Iterable[Step], size: PictureSize | None = None) -> list[Painting]:
    """List the versions that a history makes, in its order; empty when it makes none."""
    numbers: dict[Asset, int] = {}
    sent: dict[VersionKey, str] = {}
    paintings = []
    for step in steps:
        if not isinstance(step, Made):
            continue
        segment_id, kind = step.asset
        number = numbers[step.asset] = numbers.get(step.asset, 0) + 1
        keyframe = (stream.id, segment_id, Kind.KEYFRAME, step.still) if step.still else None
        request = request_of(stream, step, size)
        if keyframe is not None:
            request = replace(request, image_prompt=sent[keyframe])
        key = (stream.id, segment_id, kind, number)
        sent[key] = request.image_prompt
        paintings.append(Painting(key, request, keyframe))
    return paintings


def current_only(paintings: Iterable[Painting]) -> list[Painting]:
    """Keep the newest version of each asset, and the stills that those clips start from."""
    listed = list(paintings)
    newest = {painting.key[:3]: painting for painting in listed}
    needed = {painting.key for painting in newest.values()}
    needed |= {painting.keyframe for painting in newest.values() if painting.keyframe}
    return [painting for painting in listed if painting.key in needed]


def request_of(
    stream: Stream, step: Made | Failed | Cancelled, size: PictureSize | None = None
) -> GenerationRequest:
    """Return what was sent to the engine at that step.

    The prompts are those of that time; everything else is as the stream has it now.
    """
    segment_id, kind = step.asset
    segment = stream.get_segment(segment_id)
    then = step.prompt if isinstance(step, Made) else None
    if kind is Kind.KEYFRAME and then is not None:
        segment = replace(segment, image_prompt=then)
    if kind is Kind.VIDEO and then is not None:
        segment = replace(segment, motion_prompt=then)
    request = GenerationRequest(
        stream_id=stream.id,
        segment_id=segment_id,
        kind=kind,
        engine=ENGINE,
        image_prompt=image_prompt_as_sent(stream, segment),
        motion_prompt=segment.motion_prompt.strip() if kind is Kind.VIDEO else "",
        negative_prompt=negative_prompt_as_sent(stream, segment),
        seed=step.seed,
        palette=dict(stream.palette),
        width=stream.width,
        height=stream.height,
        duration_s=segment.duration_s,
        spec_sha256=SpecDigests(stream).of(segment),
    )
    if size is None:
        return request
    return replace(request, width=size.width, height=size.height, duration_s=size.duration_s, fps=size.fps)


def paint(
    paintings: Iterable[Painting], folder: Path, progress: ProgressCallback
) -> dict[VersionKey, Painted]:
    """Paint every version into a folder, two at a time, stills before clips.

    What an interrupted run finished is not painted again.

    Args:
        folder: An existing folder for the pictures.
        progress: Told how far it is.

    Raises:
        EngineError: A picture could not be painted.
    """
    listed = list(paintings)
    painted: dict[VersionKey, Painted] = {}
    for kind, phase in ((Kind.KEYFRAME, "painting stills"), (Kind.VIDEO, "filming clips")):
        chosen = [painting for painting in listed if painting.key[2] is kind]
        jobs = [
            Job(
                painting.request,
                folder / _file_name(painting.key),
                painted[painting.keyframe].path if painting.keyframe else None,
            )
            for painting in chosen
        ]
        results = paint_all(jobs, partial(_report, progress, phase, len(jobs)))
        painted |= dict(zip((painting.key for painting in chosen), results, strict=True))
    return painted


def _report(progress: ProgressCallback, phase: str, total: int, done: int) -> None:
    progress(phase, 100 * done / total)


def _file_name(key: VersionKey) -> str:
    stream_id, segment_id, kind, number = key
    return f"{stream_id}_{segment_id}_{kind}_{number}{'.png' if kind is Kind.KEYFRAME else '.mp4'}"
