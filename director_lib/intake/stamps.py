"""Stamps: what a file looked like when it was last read, so that an unchanged one costs no reading."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from director_lib.store.versions import AssetFile

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file in a stream's folder at one moment.

    Attributes:
        name: Path relative to the stream's folder.
        stamp: Changes whenever the file's size or its instant of writing does.
    """

    path: Path
    name: str
    stamp: str


def look_at(path: Path) -> SeenFile | None:
    """Read a file's stamp; None when there is no such file."""
    try:
        facts = os.stat(path)  # noqa: PTH116 - called for every file of a stream
    except (FileNotFoundError, NotADirectoryError):
        return None
    return SeenFile(path, relative_name(path), f"{facts.st_size}:{facts.st_mtime_ns}")


def relative_name(path: Path) -> str:
    """Return a media file's path relative to its stream's folder, with a slash on every system."""
    _, folder, name = str(path).rsplit(os.sep, 2)
    return f"{folder}/{name}"


def is_unchanged(recorded: AssetFile | None, seen: SeenFile) -> bool:
    """Tell whether this very file was read before, be it usable or damaged."""
    if recorded is None or recorded.stamp is None:
        return False
    return recorded.path == seen.name and recorded.stamp.partition("|")[0] == seen.stamp


def damaged_stamp(seen: SeenFile, why: str) -> str:
    """Return the stamp of a file that cannot be used, with the reason."""
    return f"{seen.stamp}|{why}"


def find_damage(recorded: AssetFile | None) -> str | None:
    """Find the reason why the recorded file cannot be used; None when it can."""
    if recorded is None or recorded.stamp is None:
        return None
    return recorded.stamp.partition("|")[2] or None
