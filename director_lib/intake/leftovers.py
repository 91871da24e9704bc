"""Removing the temporary files of processes that were killed while they wrote."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from director_lib.errors import DirectorError, StorageError
from director_lib.media.files import VersionFiles
from director_lib.streams.atomic import find_temporaries
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import FOLDERS

SPARED = timedelta(hours=1)
"""A file that was written to within this time may belong to somebody, on another machine perhaps."""


def sweep_leftovers(
    files: VersionFiles, root: StreamsRoot, *, now: datetime, spared: timedelta = SPARED
) -> list[DirectorError]:
    """Remove what killed processes left half-written; nothing but our own temporary files is touched.

    Args:
        now: Aware instant that ages are counted from.
        spared: Files younger than that stay.

    Returns:
        The errors of those that cannot be removed or looked for; empty when all is clean.
    """
    refused: list[DirectorError] = []
    before_s = (now - spared).timestamp()
    for temporary in _find(files, root, refused):
        try:
            if temporary.stat().st_mtime <= before_s:
                temporary.unlink()
        except FileNotFoundError:
            continue  # its writer finished
        except OSError as error:
            why = f"The temporary file {temporary} cannot be removed ({error.strerror})."
            refused.append(StorageError(f"{why} It does no harm but takes room; remove it by hand."))
    return refused


def _find(files: VersionFiles, root: StreamsRoot, refused: list[DirectorError]) -> list[Path]:
    found = files.find_temporaries()
    try:
        folders = [root.path(stream_id) for stream_id in root.list_ids()]
        for folder in folders:
            for place in (folder, *(folder / name for name in FOLDERS.values())):
                found += find_temporaries(place)
    except DirectorError as error:
        refused.append(error)
    return found
