"""Frames of clips for a page that is scrubbed by scrolling: two tiers, decoded once, made once and kept."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from os import cpu_count
from pathlib import Path

from av.video.frame import VideoFrame
from PIL import Image

from director_lib.errors import InvalidMediaError, StoppedError
from director_lib.media.clips import open_clip, read_first_frame
from director_lib.media.containers import find_format
from director_lib.media.files import StoredFile
from director_lib.media.frame_files import encode_frame, is_whole, shrunk, upright_still, write_frame
from director_lib.media.probe import CLIP_EXTENSIONS
from director_lib.media.timing import ClipTiming, read_clip_timing

HIGH_FEWEST, HIGH_MOST, PERFORMANCE_COUNT = 121, 141, 40
STILL_PX = 1920
_UNMARKED = 2
_RECIPE = "1"
"""Part of the path: frames that were made in another way are never mixed with these."""

FrameProgress = Callable[[int, int], None]
"""Called with the number of frames that are there and that there will be, both tiers together."""
Stopped = Callable[[], bool]
"""Asked now and then whether somebody wants it to end."""


class Tier(StrEnum):
    """For whom frames are made: large screens, or small devices and slow connections."""

    HIGH = "high"
    PERFORMANCE = "performance"

    @property
    def longest_px(self) -> int:
        """The longer side of a frame, at most."""
        return 1280 if self is Tier.HIGH else 960

    @property
    def quality(self) -> int:
        """WebP quality."""
        return 82 if self is Tier.HIGH else 72


@dataclass(frozen=True, slots=True)
class FrameSet:
    """All frames of one clip; of a still, itself as the only frame of each tier.

    Attributes:
        high: In the order in which they are shown.
        performance: Likewise.
    """

    high: tuple[Path, ...]
    performance: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One picture of the clip in one tier; a clip with few frames shows the same one several times."""

    tier: Tier
    targets: tuple[Path, ...]


def make_frames(
    source: StoredFile, root: Path, *, progress: FrameProgress | None = None, stopped: Stopped | None = None
) -> FrameSet:
    """Make the frames of a clip or still that are not there yet.

    Frames lie below the digest of the file that they were made from. One that is there and whole is not made
    again, so that a run that was interrupted goes on where it was. Two processes may make the same frames at
    once: each is written beside its place and renamed.

    Args:
        root: Folder that keeps the frames of all files.

    Raises:
        InvalidMediaError: The file is no still or clip, or is damaged. Frames made so far stay.
        StoppedError: ``stopped`` said so. Frames made so far stay.
        StorageError: A frame cannot be written. Frames made so far stay.
    """
    folder = frames_folder(root, source.sha256)
    is_clip = _format(source.path) in CLIP_EXTENSIONS
    timing = read_clip_timing(source.path) if is_clip else None
    frames = _frame_set(folder, timing.n_frames if timing else 1)
    tell = progress or _say_nothing
    if timing is None:
        _copy_still(make_still(source, root), frames)
    else:
        _decode(source.path, _missing(frames, timing), _Teller(tell, frames), stopped or _never)
    n_frames = len(frames.high) + len(frames.performance)
    tell(n_frames, n_frames)
    return frames


def make_still(source: StoredFile, root: Path) -> Path:
    """Make one picture of at most ``STILL_PX`` unless it is there: of a still, or a clip's first frame.

    Raises:
        InvalidMediaError: The file is no still or clip, or is damaged.
        StorageError: The picture cannot be written.
    """
    target = frames_folder(root, source.sha256) / "still.webp"
    if not is_whole(target):
        is_clip = _format(source.path) in CLIP_EXTENSIONS
        picture = read_first_frame(source.path) if is_clip else upright_still(source.path, STILL_PX)
        write_frame(encode_frame(shrunk(picture, STILL_PX), Tier.HIGH.quality), target)
    return target


def frames_folder(root: Path, sha256: str) -> Path:
    """Return where the frames of a file belong, whether they are there or not."""
    return root / _RECIPE / sha256[:2] / sha256


def frame_count(tier: Tier, n_source: int) -> int:
    """Return how many frames a tier has of a clip with that many.

    The high tier shows each frame of a clip of 121 to 141 frames once; a longer clip is thinned out, and of a
    shorter one frames are repeated, so that scrolling through it takes as long.
    """
    return PERFORMANCE_COUNT if tier is Tier.PERFORMANCE else min(max(n_source, HIGH_FEWEST), HIGH_MOST)


def spread(timing: ClipTiming, count: int) -> list[int]:
    """Choose frames evenly over the clip's time, the first and the last among them.

    Returns:
        ``count`` 0-based numbers of frames, rising; a short clip's are repeated.
    """
    last = timing.n_frames - 1
    gaps = max(1, count - 1)
    if timing.times_s is None:
        return [(2 * place * last + gaps) // (2 * gaps) for place in range(count)]
    times = timing.times_s
    length_s = times[-1] - times[0]
    return [bisect_right(times, times[0] + length_s * place / gaps) - 1 for place in range(count)]


def _frame_set(folder: Path, n_source: int) -> FrameSet:
    def paths(tier: Tier) -> tuple[Path, ...]:
        count = 1 if n_source == 1 else frame_count(tier, n_source)
        return tuple(folder / tier / f"{number:04d}.webp" for number in range(1, count + 1))

    return FrameSet(paths(Tier.HIGH), paths(Tier.PERFORMANCE))


def _copy_still(still: Path, frames: FrameSet) -> None:
    picture = upright_still(still, STILL_PX)
    sizes = ((frames.high[0], STILL_PX), (frames.performance[0], Tier.PERFORMANCE.longest_px))
    for target, longest_px in sizes:
        if not is_whole(target):
            write_frame(encode_frame(shrunk(picture, longest_px), Tier.HIGH.quality), target)


def _missing(frames: FrameSet, timing: ClipTiming) -> dict[int, list[_Wanted]]:
    """Return what has to be made of each frame of the clip; empty when all is there."""
    missing: dict[int, list[_Wanted]] = {}
    for tier, paths in ((Tier.HIGH, frames.high), (Tier.PERFORMANCE, frames.performance)):
        targets: dict[int, list[Path]] = {}
        for number, path in zip(spread(timing, len(paths)), paths, strict=True):
            if not is_whole(path):
                targets.setdefault(number, []).append(path)
        for number, places in targets.items():
            missing.setdefault(number, []).append(_Wanted(tier, tuple(places)))
    return missing


def _decode(path: Path, missing: dict[int, list[_Wanted]], teller: _Teller, stopped: Stopped) -> None:
    """Decode the clip once, as far as frames are missing, and encode what is wanted on all cores."""
    if not missing:
        return
    waiting: deque[Future[int]] = deque()
    workers = min(4, cpu_count() or 1)
    last = max(missing)
    teller.begin(sum(len(wanted.targets) for listed in missing.values() for wanted in listed))
    with ThreadPoolExecutor(workers) as pool, open_clip(path) as (container, stream):
        stream.thread_type = "AUTO"
        try:
            for number, frame in enumerate(container.decode(stream)):
                if stopped():
                    raise StoppedError("Making frames")
                if number in missing:
                    waiting.append(pool.submit(_encode, frame, missing.pop(number)))
                # a decoded frame is large: only a few may wait for their encoder
                while len(waiting) > 2 * workers or (waiting and waiting[0].done()):
                    teller.add(waiting.popleft().result())
                if number >= last:
                    break
            while waiting:
                teller.add(waiting.popleft().result())
        finally:
            pool.shutdown(cancel_futures=True)
    if missing:
        raise InvalidMediaError(path, f"its frames from {min(missing) + 1} on cannot be decoded")


def _encode(frame: VideoFrame, wanted: list[_Wanted]) -> int:
    """Write one frame of the clip wherever it is wanted and return how many files that made."""
    # files without a mark of their colours are read as browsers read them: large ones by the newer standard
    is_unmarked = int(frame.colorspace) == _UNMARKED
    standard = "ITU709" if is_unmarked and frame.height >= 720 else None
    for one in wanted:
        scale = min(1.0, one.tier.longest_px / max(frame.width, frame.height))
        width, height = (max(1, round(side * scale)) for side in (frame.width, frame.height))
        small = frame.reformat(
            width, height, "rgb24", src_colorspace=standard, interpolation="AREA", threads=1
        )
        data = encode_frame(Image.fromarray(small.to_ndarray()), one.tier.quality)
        for target in one.targets:
            write_frame(data, target)
    return sum(len(one.targets) for one in wanted)


class _Teller:
    """Counts frames that are there."""

    def __init__(self, tell: FrameProgress, frames: FrameSet) -> None:
        self._tell = tell
        self._all = self._done = len(frames.high) + len(frames.performance)

    def begin(self, n_missing: int) -> None:
        """Say how many frames have to be made."""
        self.add(-n_missing)

    def add(self, count: int) -> None:
        """Count frames that were made."""
        self._done += count
        self._tell(self._done, self._all)


def _format(path: Path) -> str | None:
    try:
        return find_format(path)
    except OSError as error:
        raise InvalidMediaError(path, f"it cannot be read ({error.strerror})") from error


def _say_nothing(done: int, in_all: int) -> None:
    """Take the place of a listener."""


def _never() -> bool:
    return False
