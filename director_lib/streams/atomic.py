"""Writing that a reader, a crash or a full disk never catches half-way."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from director_lib.errors import StorageError

_ADVICE = {
    errno.ENOSPC: ("the disk is full", "Free some space"),
    errno.EDQUOT: ("the disk quota is used up", "Free some space"),
    errno.EROFS: ("the disk is read-only", "Make it writable"),
    errno.EACCES: ("writing there is not permitted", "Give this user write permission to the folder"),
    errno.EPERM: ("writing there is not permitted", "Give this user write permission to the folder"),
    errno.ENOENT: ("its folder does not exist", "Create the folder"),
    errno.ENOTDIR: ("its folder is not a folder", "Move the file that has the folder's name away"),
}
_TEMPORARY = re.compile(r"\..{1,40}\.[0-9a-f]{12}\.tmp", re.DOTALL)
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP})


def atomic_write(path: Path, data: bytes) -> None:
    """Replace a file's content in one step; readers see the old bytes or the new ones, never a mixture.

    A symbolic link stays one: the file it points to is replaced. An existing file keeps its permissions.

    Args:
        path: File to write; its folder must exist.
        data: All bytes of the new content.

    Raises:
        StorageError: The disk refused. The file that was there is untouched and no temporary file stays.
    """
    _replace(path, lambda temporary: _write_all(temporary, data))


def place_file(source: Path, target: Path) -> None:
    """Copy a file to its place in one step, as ``atomic_write`` does; the source stays.

    The target's own folder is made when only that is missing.

    Args:
        source: Complete file to copy.
        target: Where the copy goes; an existing file is replaced.

    Raises:
        StorageError: The source cannot be read, or the disk refused. The target is untouched.
    """
    try:
        opened = source.open("rb")
    except OSError as error:
        raise StorageError(
            f"{source} cannot be read ({error.strerror}), so {target} was left as it is. "
            "Check that the file is still there and readable, then try again."
        ) from error
    with opened:
        _make_folder(target)
        _replace(target, lambda temporary: shutil.copyfileobj(opened, temporary, 1 << 20))


def find_temporaries(folder: Path) -> list[Path]:
    """Find the temporary files in a folder: of writers that are at it, and of those that were killed.

    Returns:
        Their paths, sorted; empty when the folder has none or does not exist.

    Raises:
        StorageError: The folder may not be listed.
    """
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if _TEMPORARY.fullmatch(entry.name))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be listed ({error.strerror}). No file was changed; check who may read it."
        ) from error


def _replace(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(6)}.tmp")
    try:
        _fill_and_rename(temporary, target, fill)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        # after a success the name is gone already; after any failure, an interrupt too, nothing may stay.
        # A refusal to remove it must not hide the failure itself.
        with contextlib.suppress(OSError):
            temporary.unlink()
    _sync_folder(target.parent)


def _fill_and_rename(temporary: Path, target: Path, fill: Callable[[BinaryIO], None]) -> None:
    # "x" and the umask: a new file gets the permissions that any other program would give it
    with temporary.open("xb") as file:
        fill(file)
        file.flush()
        if target.exists():
            os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
        os.fsync(file.fileno())
    os.replace(temporary, target)  # noqa: PTH105 - one name with os.fsync, and tests stand in for both


def _write_all(file: BinaryIO, data: bytes) -> None:
    file.write(data)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # some network file systems cannot sync a folder; the rename itself has happened
        if error.errno not in _NO_FOLDER_SYNC:
            raise StorageError(
                f"The new file in {folder} was written, but the disk did not confirm it ({error.strerror}). "
                "Check the disk."
            ) from error
    finally:
        os.close(descriptor)


def _make_folder(target: Path) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise _refused(target, error) from error


def _refused(path: Path, error: OSError) -> StorageError:
    why, advice = _ADVICE.get(error.errno or 0, (error.strerror or str(error), "Check the disk"))
    return StorageError(
        f"{path} could not be written: {why}. What was there before is untouched. {advice}, then try again."
    )
