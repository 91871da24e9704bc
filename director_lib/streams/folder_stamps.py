"""What changes of all streams' files, at one look: for a list of a thousand streams."""

from __future__ import annotations

import os

from director_lib.errors import DirectorError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import DEPLOYMENT_FILE, FORM_FILE, SPEC_FILE, FileStamp

_STAMPED = (SPEC_FILE, FORM_FILE, DEPLOYMENT_FILE)


def read_stamps(root: StreamsRoot) -> dict[str, tuple[FileStamp, ...]]:
    """Return every stream's stamps, sorted by id; equal ones tell that its files are as they were.

    Raises:
        StorageError: The root is missing or may not be listed.
    """
    found = {stream_id: _stamps(root, stream_id) for stream_id in root.list_ids()}
    return {stream_id: stamps for stream_id, stamps in found.items() if stamps is not None}


def find_stamps(root: StreamsRoot, stream_id: str) -> tuple[FileStamp, ...] | None:
    """Return one stream's stamps; None when there is no such stream."""
    try:
        root.path(stream_id)
    except DirectorError:
        return None
    return _stamps(root, stream_id)


def _stamps(root: StreamsRoot, stream_id: str) -> tuple[FileStamp, ...] | None:
    # os.path and plain strings: this is asked a thousand times before a page is shown
    folder = f"{root.root}/{stream_id}"
    if os.path.islink(folder):  # noqa: PTH114
        try:
            folder = str(root.path(stream_id))
        except DirectorError:
            return None
    return tuple(_stamp(f"{folder}/{name}") for name in _STAMPED)


def _stamp(path: str) -> FileStamp:
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
