"""Builds a film as a static site: a folder with a page, its frames and nothing else that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from director_lib.delivery.site_builds import build_path, keep, link_file, staging
from director_lib.delivery.site_page import (
    COVER,
    HIGH_FOLDER,
    ICON,
    PERFORMANCE_FOLDER,
    Picture,
    frame_name,
    still_name,
    write_page,
)
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind
from director_lib.errors import InputError, StoppedError
from director_lib.media.files import StoredFile
from director_lib.media.frame_files import encode_cover, encode_icon
from director_lib.media.site_frames import FrameSet, Stopped, Tier, make_frames, make_still

Progress = Callable[[str, float], None]
"""Called with what is being done and how far it is, from 0 to 100."""
CurrentVersions = Mapping[tuple[int, Kind], StoredFile]
"""The files of the film, by segment and kind."""

_FRAMES_PERCENT = 90.0


@dataclass(frozen=True, slots=True)
class SiteBuild:
    """A site that was built; nobody is shown it before its target is switched to it.

    Attributes:
        path: The folder with ``index.html``.
        sha256: Digest of the list of its files; two builds with the same files are one.
        n_frames: Frames by tier ("high", "performance"), all segments together.
        warnings: What the page lacks, one sentence each.
    """

    path: Path
    build_id: str
    sha256: str
    size_bytes: int
    n_frames: dict[str, int]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shot:
    """What one segment shows: its frames, and its still."""

    segment_id: int
    frames: FrameSet
    still: Path


def build_site(
    stream: Stream,
    current_versions: CurrentVersions,
    frames_root: Path,
    target: Path,
    *,
    progress: Progress | None = None,
    stopped: Stopped | None = None,
) -> SiteBuild:
    """Build the site of a stream and keep it beside its target.

    The target itself is not touched: ``deployment.switch_folder`` shows a build there. Frames that are there
    already are used again, and take no room twice where the file system knows links. Built again from the
    same files, it is the same build.

    Args:
        current_versions: The film's files; a segment without a clip shows its still.
        frames_root: Folder that keeps the frames of all films.
        target: Where the site is or will be shown.
        progress: Told what is being done.
        stopped: Asked now and then whether to end.

    Raises:
        InputError: The stream has no segments.
        InvalidMediaError: A file of the film is damaged.
        StoppedError: ``stopped`` said so. Frames made so far are kept for the next time.
        StorageError: The disk refused.
    """
    if not stream.segments:
        raise InputError(f"{stream.id} has no segments yet, so nothing was built. Write its spec first.")
    tell, is_stopped = progress or _say_nothing, stopped or _never
    shots = _make_shots(stream, current_versions, frames_root, tell, is_stopped)
    warnings = _warnings(stream, current_versions)
    with staging(target) as place:
        tell("putting the page together", _FRAMES_PERCENT)
        for shot in shots:
            if is_stopped():
                raise StoppedError("Building the site")
            _place_shot(shot, place)
        _place_page(stream, shots, place)
        if is_stopped():
            raise StoppedError("Building the site")
        n_frames = {
            Tier.HIGH.value: sum(len(shot.frames.high) for shot in shots),
            Tier.PERFORMANCE.value: sum(len(shot.frames.performance) for shot in shots),
        }
        kept = keep(place, target, stream.id, n_frames, warnings)
    tell("built", 100.0)
    path = build_path(target, kept.build_id)
    return SiteBuild(path, kept.build_id, kept.sha256, kept.size_bytes, kept.n_frames, kept.warnings)


def _make_shots(
    stream: Stream, current: CurrentVersions, frames_root: Path, tell: Progress, stopped: Stopped
) -> list[_Shot]:
    shots = []
    share = _FRAMES_PERCENT / len(stream.segments)
    for place, segment in enumerate(stream.segments):
        if stopped():
            raise StoppedError("Building the site")

        def tell_frames(done: int, in_all: int, place: int = place, segment: Segment = segment) -> None:
            tell(f"frames of segment {segment.id}", share * (place + done / in_all))

        clip, still = current.get((segment.id, Kind.VIDEO)), current.get((segment.id, Kind.KEYFRAME))
        if (source := clip or still) is not None:
            frames = make_frames(source, frames_root, progress=tell_frames, stopped=stopped)
            shots.append(_Shot(segment.id, frames, make_still(still or source, frames_root)))
    return shots


def _place_shot(shot: _Shot, place: Path) -> None:
    link_file(shot.still, place / still_name(shot.segment_id))
    for folder, frames in (
        (HIGH_FOLDER, shot.frames.high),
        (PERFORMANCE_FOLDER, shot.frames.performance),
    ):
        for number, frame in enumerate(frames, 1):
            link_file(frame, place / frame_name(folder, shot.segment_id, number))


def _place_page(stream: Stream, shots: list[_Shot], place: Path) -> None:
    pictures = {shot.segment_id: _picture(shot) for shot in shots}
    files = write_page(stream, pictures)
    if shots:
        files |= {COVER: encode_cover(shots[0].still), ICON: encode_icon(shots[0].still)}
    for name, data in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _picture(shot: _Shot) -> Picture:
    with Image.open(shot.still) as still:
        width, height = still.size
    return Picture(shot.segment_id, len(shot.frames.high), len(shot.frames.performance), width, height)


def _warnings(stream: Stream, current: CurrentVersions) -> tuple[str, ...]:
    """Say what the page lacks."""
    warnings = []
    for segment in stream.segments:
        if (segment.id, Kind.VIDEO) in current:
            continue
        if (segment.id, Kind.KEYFRAME) in current:
            warnings.append(f"Segment {segment.id} has no clip; its still is shown.")
        else:
            warnings.append(f"Segment {segment.id} has neither clip nor still; the film leaves it out.")
    warnings += [
        f"The form of section {section.id} is shown as on paper: a site that stands alone sends nothing."
        for section in stream.sections
        if section.form
    ]
    if not stream.language:
        warnings.append("The story's language is not known; browsers cannot hyphenate or read it out.")
    texts = [section.text for section in stream.sections] + [scene.text for scene in stream.story]
    if not any(text.strip() for text in texts):
        warnings.append("The page has no text.")
    return tuple(warnings)


def _say_nothing(doing: str, percent: float) -> None:
    """Take the place of a listener."""


def _never() -> bool:
    return False
