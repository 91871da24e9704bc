"""Which files of the streams' folders go into a backup."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from director_lib.delivery.backup_manifest import Damage, check_relative
from director_lib.delivery.stowed import Place, is_entry_id
from director_lib.domain.stream import check_stream_id
from director_lib.errors import InvalidIdError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import EXTENSIONS, FOLDERS


@dataclass
class StreamParts:
    """What there is to save of the streams' folders.

    Attributes:
        files: Paths relative to the streams root, with slashes.
        links: Streams that are links, by their path relative to the root, with the id that they lead to.
        damaged: What cannot be saved.
    """

    files: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    damaged: list[Damage] = field(default_factory=list)


def find_stream_parts(root: StreamsRoot) -> StreamParts:
    """Find the JSON files, stills and clips of every stream, live or put away.

    Raises:
        StorageError: The streams root is missing or may not be listed.
    """
    parts = StreamParts()
    for name in [*root.list_ids(), *_stowed(root.root)]:
        folder = root.root / name
        if folder.is_symlink():
            _add_link(parts, root.root, name)
        else:
            _add_files(parts, folder, name)
    return parts


def _stowed(root: Path) -> Iterator[str]:
    for place in Place:
        folder = root / place.value
        if folder.is_dir() and not folder.is_symlink():
            yield from sorted(
                f"{place.value}/{path.name}" for path in folder.iterdir() if is_entry_id(path.name)
            )


def _add_link(parts: StreamParts, root: Path, name: str) -> None:
    """Note where a link leads. One that was put away still means the folder beside its former place."""
    target = Path(os.path.normpath(root / (root / name).readlink()))
    try:
        if target.parent != root:
            raise InvalidIdError("stream", target.name)
        parts.links[name] = check_stream_id(target.name)
    except InvalidIdError:
        parts.damaged.append(Damage(what=name, why="it is a link to somewhere outside the streams folder"))


def _add_files(parts: StreamParts, folder: Path, name: str) -> None:
    for path in _wanted(folder):
        relative = f"{name}/{path.relative_to(folder).as_posix()}"
        if not Path(os.path.realpath(path)).is_relative_to(folder.parent):
            parts.damaged.append(Damage(what=relative, why="it is a link to somewhere outside"))
            continue
        try:
            parts.files.append(check_relative(relative))
        except ValueError as error:
            parts.damaged.append(Damage(what=ascii(relative), why=str(error)))


def _wanted(folder: Path) -> Iterator[Path]:
    """Yield a stream's JSON files, then its stills and clips; what lies deeper is not current."""
    for path in sorted(folder.glob("*.json")):
        if path.is_file():
            yield path
    for kind, media in FOLDERS.items():
        for path in sorted((folder / media).glob("*")):
            if path.suffix.lower() in EXTENSIONS[kind] and path.is_file() and not path.name.startswith("."):
                yield path
