"""Looking at a file that an engine has just made, in the task's own process."""

from __future__ import annotations

from pathlib import Path

from director_lib.domain.finding import Finding
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind


def find_defects(
    path: Path, request: GenerationRequest, keyframe: Path | None, earlier: dict[int, Path]
) -> tuple[Finding, ...]:
    """Look for what a director would notice.

    Args:
        keyframe: The still that a clip starts from.
        earlier: Version numbers to files of the same asset, to tell repeats.

    Returns:
        What was found, the most serious first. A file that cannot be opened has none: the intake refuses it
        with the reason.
    """
    from director_lib.media.checks import ClipExpectation, StillExpectation, check_clip, check_still

    try:
        if request.kind is Kind.VIDEO:
            return tuple(check_clip(path, ClipExpectation(request.duration_s, keyframe)))
        size_px = (request.width, request.height)
        return tuple(check_still(path, StillExpectation(size_px, request.palette, earlier)))
    except (OSError, ValueError, SyntaxError):
        return ()
