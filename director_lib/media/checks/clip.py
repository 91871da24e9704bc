"""Looking at a new clip: one pass over its frames, small and grey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from director_lib.domain.finding import Finding, Severity
from director_lib.media.checks.frame import find_bars, is_black
from director_lib.media.checks.similarity import grey, structural_similarity

_LOOK_PX = (160, 90)
_LIVELIEST = 0.01
_STILL_CHANGE = 1.5
_LEAST_BLACK_S = 0.12
_LEAST_FROZEN_S = 0.75
_SERIOUS_FROZEN_S = 1.5
_MOTIONLESS = 4.0
_LENGTH_TOLERANCE = (0.25, 0.05)
_KEYFRAME_PX = 320
_LEAST_LIKENESS = 0.6

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClipExpectation:
    """What a clip should be like.

    Attributes:
        duration_s: Seconds that were asked for; None when nobody asked.
        keyframe: The still that it starts from; None when there is none.
    """

    duration_s: float | None = None
    keyframe: Path | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """One pass over a clip: frames x rows x columns in grey, the rate, and the first frame in full."""

    frames: npt.NDArray[Any]
    fps: float
    first: Image.Image

    @property
    def duration_s(self) -> float:
        return len(self.frames) / self.fps


def check_clip(path: Path, expected: ClipExpectation) -> list[Finding]:
    """Look at a clip that can be decoded.

    Returns:
        What was found, the most serious first; empty for a clip without reproach.

    Raises:
        ValueError: It has no frame.
        OSError: It, or the keyframe, cannot be read.
    """
    look = _look_at(path)
    black = np.array([is_black(frame) for frame in look.frames])
    found = [*_black(look, black), *_frozen(look, black), *_length(look, expected)]
    found += _start(look, expected)
    if (bars := find_bars(look.frames[:: max(1, len(look.frames) // 12)].max(0))) is not None:
        found.append(Finding("letterbox", f"There are black bars {bars}."))
    return sorted(found, key=lambda finding: finding.severity is not Severity.SERIOUS)


def _look_at(path: Path) -> _Look:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        first, planes = None, []
        for frame in container.decode(stream):
            if first is None:
                first = Image.fromarray(frame.to_ndarray(format="rgb24"))
            planes.append(frame.reformat(*_LOOK_PX, format="gray").to_ndarray())
        if first is None:
            raise ValueError("the clip has no frame")
        return _Look(np.stack(planes), float(stream.average_rate or 24), first)


def _black(look: _Look, black: Flags) -> Iterator[Finding]:
    for from_s, to_s in _stretches(look, black, _LEAST_BLACK_S):
        yield Finding("black", "The picture is almost black.", Severity.SERIOUS, from_s, to_s)


def _frozen(look: _Look, black: Flags) -> Iterator[Finding]:
    """Find stretches without motion; black ones are told as black already.

    The liveliest hundredth of each picture counts, not its mean: a slow push over a smooth sky moves little
    else.
    """
    if len(look.frames) == 1:
        return
    changes = np.abs(np.diff(look.frames.astype(np.int16), axis=0)).reshape(len(look.frames) - 1, -1)
    lively = np.quantile(changes, 1 - _LIVELIEST, axis=1)
    stretches = list(_stretches(look, (lively < _STILL_CHANGE) & ~black[1:], _LEAST_FROZEN_S))
    for from_s, to_s in stretches:
        severity = Severity.SERIOUS if to_s - from_s > _SERIOUS_FROZEN_S else Severity.NOTE
        yield Finding("frozen", f"Nothing moves for {to_s - from_s:.1f} s.", severity, from_s, to_s)
    if not stretches and not black.any() and float(np.median(lively)) < _MOTIONLESS:
        yield Finding("little_motion", "Almost nothing moves in this clip.")


def _length(look: _Look, expected: ClipExpectation) -> Iterator[Finding]:
    wanted_s = expected.duration_s
    if wanted_s is None:
        return
    least_s, share = _LENGTH_TOLERANCE
    if abs(look.duration_s - wanted_s) > max(least_s, share * wanted_s):
        words = f"The clip is {look.duration_s:.1f} s long; {wanted_s:g} s was asked for."
        yield Finding("length", words, Severity.SERIOUS)


def _start(look: _Look, expected: ClipExpectation) -> Iterator[Finding]:
    if expected.keyframe is None:
        return
    with Image.open(expected.keyframe) as keyframe:
        wanted = grey(keyframe, _KEYFRAME_PX)
    size_px = (wanted.shape[1], wanted.shape[0])
    begins = np.asarray(look.first.convert("L").resize(size_px, Image.Resampling.BOX))
    likeness = structural_similarity(begins, wanted)
    if likeness < _LEAST_LIKENESS:
        words = f"The clip does not begin like its keyframe (likeness {likeness:.0%})."
        yield Finding("unlike_keyframe", words, Severity.SERIOUS)


def _stretches(look: _Look, flags: Flags, least_s: float) -> Iterator[tuple[float, float]]:
    """Find runs of flags that last at least so long, in seconds from the clip's start."""
    padded = np.concatenate([[False], flags, [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if (end - begin) / look.fps >= least_s:
            yield round(float(begin / look.fps), 2), round(float(end / look.fps), 2)
