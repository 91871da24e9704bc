"""Making sure that the disk has what was written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP})


def sync_folder(folder: Path) -> None:
    """Let renames and new names in a folder survive a power cut.

    Raises:
        OSError: The disk did not confirm it; what was renamed is renamed all the same.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # some network file systems cannot sync a folder
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Let a file's bytes survive a power cut.

    Raises:
        OSError: The disk did not confirm it.
    """
    with path.open("rb") as file:
        os.fsync(file.fileno())
