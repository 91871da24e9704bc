"""Which file is a segment's current still or clip, which are archived, and where a new one goes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from director_lib.domain.version import Kind
from director_lib.errors import InputError, StorageError
from director_lib.streams.folder import StreamsRoot

MediaKey = tuple[int, Kind]
"""Segment id and kind."""

FOLDERS = {Kind.KEYFRAME: "keyframes", Kind.VIDEO: "videos"}
ARCHIVE_FOLDER = "versions"
EXTENSIONS = {Kind.KEYFRAME: (".png", ".jpg", ".jpeg", ".webp"), Kind.VIDEO: (".mp4", ".webm", ".mov")}
_DEFAULT_STEMS = {Kind.KEYFRAME: "segment_{}_keyframe", Kind.VIDEO: "segment_{}"}

_SEGMENT = re.compile(r"segment_(\d{1,6})(_keyframe)?")
_SCENE = re.compile(r"scene_(\d{2,6})(?:_([^.]*))?")
_ALTERNATE = re.compile(r"(?:.*_)?(?:cold|warm|alt|v\d+)", re.IGNORECASE)
_ARCHIVED = re.compile(r"(?:segment|scene)_(\d{1,6})(?:_[^.]*)?")
_STAMP = re.compile(r"_(\d{8}_\d{6})(?!\d)")

_Rank = tuple[int, int, str]


def find_media(root: StreamsRoot, stream_id: str) -> dict[MediaKey, Path]:
    """Find the current still and clip of every segment that has one.

    Alternates, archived files, temporary files and everything else in the folders are ignored.

    Returns:
        Paths by segment and kind, ordered by segment, the still first; empty without media.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
        StorageError: A media folder may not be listed.
    """
    folder = root.path(stream_id)
    best: dict[MediaKey, tuple[_Rank, Path]] = {}
    for kind, name in FOLDERS.items():
        for entry in _files(folder / name, kind):
            ranked = _rank(entry.name, kind)
            if ranked is None:
                continue
            segment_id, rank = ranked
            key = (segment_id, kind)
            if key not in best or rank < best[key][0]:
                best[key] = (rank, Path(entry.path))
    return {key: best[key][1] for key in sorted(best)}


def target_path(root: StreamsRoot, stream_id: str, segment_id: int, kind: Kind, extension: str) -> Path:
    """Return where a new current file of a segment goes.

    It is the name that the stream already uses for that segment. With another extension than the present
    file's the stem stays; the present file then has to be moved away, or it may remain the preferred one.

    Args:
        extension: File ending with its dot, in any case.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
        InputError: The extension is not one that this kind of file has.
        StorageError: A media folder may not be listed.
    """
    ending = extension.lower()
    if ending not in EXTENSIONS[kind]:
        raise InputError(f"A {kind.value} cannot be a “{extension}” file. Use {', '.join(EXTENSIONS[kind])}.")
    present = find_media(root, stream_id).get((segment_id, kind))
    if present is None:
        return root.path(stream_id) / FOLDERS[kind] / f"{_DEFAULT_STEMS[kind].format(segment_id)}{ending}"
    return present if present.suffix.lower() == ending else present.with_suffix(ending)


def find_archived(root: StreamsRoot, stream_id: str) -> dict[MediaKey, list[Path]]:
    """Find the archived files of every segment.

    Returns:
        Paths by segment and kind; each list has the oldest first, by the local time in the name (by the
        file's own time when the name has none), then by the file's own time, then by name.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
        StorageError: A folder may not be listed.
    """
    folder = root.path(stream_id)
    found: dict[MediaKey, list[tuple[tuple[str, int, str], Path]]] = {}
    for kind, name in FOLDERS.items():
        for entry in _files(folder / name / ARCHIVE_FOLDER, kind):
            match = _ARCHIVED.fullmatch(Path(entry.name).stem)
            if match is not None:
                found.setdefault((int(match[1]), kind), []).append((_age(entry), Path(entry.path)))
    return {key: [path for _, path in sorted(found[key])] for key in sorted(found)}


def _files(folder: Path, kind: Kind) -> Iterator[os.DirEntry[str]]:
    """Yield the files of one folder that could be media of this kind; nothing when it does not exist."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                extension = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - called for every file
                # a name that cannot be printed cannot be stored or shown either
                if extension in EXTENSIONS[kind] and entry.name.isprintable() and entry.is_file():
                    yield entry
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be listed ({error.strerror}). No file was changed; check who may read it."
        ) from error


def _rank(name: str, kind: Kind) -> tuple[int, _Rank] | None:
    """Return the segment a file belongs to and its rank (less is better), if it is current."""
    stem, extension = os.path.splitext(name)  # noqa: PTH122 - called for every file
    order = EXTENSIONS[kind].index(extension.lower())
    match = _SEGMENT.fullmatch(stem)
    if match is not None:
        if kind is Kind.VIDEO and match[2]:
            return None
        return int(match[1]), (2 * order + (match[2] is None), len(name), name)
    match = _SCENE.fullmatch(stem)
    if match is None or _ALTERNATE.fullmatch(match[2] or ""):
        return None
    return int(match[1]), (100 + order, 0, name)


def _age(entry: os.DirEntry[str]) -> tuple[str, int, str]:
    facts = entry.stat()
    stamps = _STAMP.findall(entry.name)
    written = time.strftime("%Y%m%d_%H%M%S", time.localtime(facts.st_mtime))
    return (stamps[-1] if stamps else written), facts.st_mtime_ns, entry.name
