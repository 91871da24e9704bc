"""The local engine: makes stills and clips on this machine, offline and free."""

from __future__ import annotations

from pathlib import Path

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.local.pace import Pacer
from director_lib.engines.local.provenance import MODEL
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.errors import EngineError, StorageError

_SIDES_PX = (64, 7680)
_LONGEST_S = 120.0
_FASTEST_FPS = 120


class LocalEngine:
    """Paints stills from a prompt and films them.

    Equal requests give equal files. Nothing is read from the environment and nothing leaves the machine.

    Args:
        pace_s: Wall seconds that a file takes at least, spread over its progress; 0 is as fast as possible.
    """

    name = "local"

    def __init__(self, *, pace_s: float = 0.0) -> None:
        self.pace_s = pace_s

    def capabilities(self) -> Capabilities:
        """Tell what it can make: stills and clips, with a seed, for nothing."""
        return Capabilities(frozenset(Kind), longest_s=_LONGEST_S, camera_only=True)

    def price_usd(self, request: GenerationRequest) -> float:
        """Return 0.0: it is free."""
        return 0.0

    def generate(
        self, request: GenerationRequest, folder: Path, *, keyframe: Path | None, progress: ProgressCallback
    ) -> EngineResult:
        """Make the still or clip.

        Args:
            request: What to make.
            folder: Empty scratch folder; the finished file appears in it in one step.
            keyframe: The still that a clip starts from; ignored for a still.
            progress: Told how far it is; reaches 100 when the file is finished.

        Raises:
            EngineError: The request cannot be met, or a clip's keyframe is missing or unreadable.
            StorageError: The folder cannot be written.
        """
        _check(request)
        report = Pacer(progress, pace_s=self.pace_s).report
        try:
            if request.kind is Kind.VIDEO:
                return _film(request, folder, keyframe, report)
            return _paint(request, folder, report)
        except OSError as error:
            raise StorageError(
                f"The file could not be written to {folder} ({error.strerror or error}). "
                "No version was changed; check the folder and the free space, then try again."
            ) from error


def _paint(request: GenerationRequest, folder: Path, report: ProgressCallback) -> EngineResult:
    from director_lib.engines.local.picture_file import save_still
    from director_lib.engines.local.still import render_still
    from director_lib.engines.local.words import read_prompt

    picture = render_still(request, report)
    path = save_still(picture, request, folder, report)
    reading = read_prompt(request.image_prompt, request.seed, unwanted=request.negative_prompt)
    report("finishing", 100)
    return EngineResult(path, MODEL, params={"scene": reading.scene, "light": reading.light})


def _film(
    request: GenerationRequest, folder: Path, keyframe: Path | None, report: ProgressCallback
) -> EngineResult:
    from director_lib.engines.local.clip import render_clip

    if keyframe is None or not keyframe.is_file():
        raise EngineError(
            f"Segment {request.segment_id} has no keyframe to film. "
            "Make or choose its keyframe first, then the clip."
        )
    draft, path = folder / "clip.part", folder / "clip.mp4"
    frames = render_clip(request, keyframe, draft, report)
    draft.replace(path)
    report("finishing", 100)
    return EngineResult(path, MODEL, params={"fps": request.fps, "frames": frames})


def _check(request: GenerationRequest) -> None:
    smallest, largest = _SIDES_PX
    if not (smallest <= request.width <= largest and smallest <= request.height <= largest):
        raise EngineError(
            f"The local engine makes pictures from {smallest} to {largest} pixels a side, "
            f"not {request.width} x {request.height}. Correct the stream's size."
        )
    if request.kind is not Kind.VIDEO:
        return
    if not 0 < request.duration_s <= _LONGEST_S or not 1 <= request.fps <= _FASTEST_FPS:
        raise EngineError(
            f"The local engine makes clips up to {_LONGEST_S:.0f} s at 1 to {_FASTEST_FPS} frames a second, "
            f"not {request.duration_s:g} s at {request.fps}. Correct the segment's duration."
        )
