"""When each frame of a clip is shown, in whole numbers: no rate is ever rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from director_lib.errors import InvalidMediaError
from director_lib.media.clips import open_clip

_FITS = Fraction(1, 4)
"""How far a frame may be from its even place, in frames: containers round times to milliseconds."""


@dataclass(frozen=True, slots=True)
class ClipTiming:
    """When the frames of a clip are shown.

    Attributes:
        rate: Frames per second; 24000/1001 is "23.976".
        n_frames: How many there are; the first is frame 0.
        start_s: When the first frame is shown, in seconds.
        times_s: When each frame is shown, of a clip whose frames are not evenly spaced; None of all others.
    """

    rate: Fraction
    n_frames: int
    start_s: Fraction
    times_s: tuple[Fraction, ...] | None = None


def read_clip_timing(path: Path) -> ClipTiming:
    """Read when the frames of a clip are shown, without decoding them.

    Raises:
        InvalidMediaError: It is damaged, has no pictures, or does not say when to show them.
    """
    with open_clip(path) as (container, stream):
        rate = stream.average_rate or stream.guessed_rate
        base = stream.time_base
        shown = [packet.pts for packet in container.demux(stream) if packet.size and not packet.is_discard]
    if not rate or not base or not shown or any(pts is None for pts in shown):
        raise InvalidMediaError(path, "it does not say when its frames are shown")
    times = sorted({pts * base for pts in shown if pts is not None})
    # a browser moves a clip that begins before zero to zero
    late = max(Fraction(0), -times[0])
    return clip_timing(Fraction(rate), [time + late for time in times])


def clip_timing(rate: Fraction, times_s: Sequence[Fraction]) -> ClipTiming:
    """Describe frames that are shown at these times, ascending; even ones by their rate alone."""
    start = times_s[0]
    is_even = all(abs((time - start) * rate - number) <= _FITS for number, time in enumerate(times_s))
    return ClipTiming(rate, len(times_s), start, None if is_even else tuple(times_s))
