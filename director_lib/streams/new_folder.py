"""Making a stream's folder in one step: nobody ever finds half of one."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from director_lib.domain.stream import check_stream_id
from director_lib.errors import InputError, RuleError, StorageError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import FORM_FILE

_MAKING = ".new-"
_LEFT_BEHIND_S = 3_600.0
_MOST_FILES = 500_000


class LooseFolder(StreamsRoot):
    """A folder anywhere, read as if it were the folder of a stream."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent)
        self._folder = folder

    def path(self, stream_id: str) -> Path:
        """Return the folder, whatever the id."""
        return self._folder


def write_form(root: StreamsRoot, stream_id: str, form: Mapping[str, Any]) -> Path:
    """Make a stream's folder with its order form.

    Returns:
        The folder.

    Raises:
        DirectorError: As for ``make_folder``.
    """
    text = json.dumps(form, ensure_ascii=False, indent=2) + "\n"
    return make_folder(root, stream_id, lambda folder: _write(folder / FORM_FILE, text.encode()))


def copy_folder(root: StreamsRoot, stream_id: str, source: Path) -> Path:
    """Make a stream's folder as a copy of another folder; links and special files are left out.

    Raises:
        DirectorError: As for ``make_folder``.
    """
    return make_folder(root, stream_id, lambda folder: _copy(source, folder))


def make_folder(root: StreamsRoot, stream_id: str, fill: Callable[[Path], None]) -> Path:
    """Make a folder aside, fill it, and give it its name when it is complete. The caller holds the moves.

    Raises:
        InvalidIdError: The id is not valid.
        RuleError: There is a stream or a folder of that name, however its letters are written.
        StorageError: The disk refused. Nothing stays of it.
    """
    target = root.root / check_stream_id(stream_id)
    check_free(root, stream_id)
    _clear(root)
    making = root.root / f"{_MAKING}{secrets.token_hex(6)}"
    try:
        making.mkdir()
        fill(making)
        _sync(making)
        check_free(root, stream_id)
        making.rename(target)
        _sync(root.root)
    except OSError as error:
        raise StorageError(
            f"The folder of {stream_id} could not be written ({error.strerror or error}). Nothing was made; "
            f"check the disk of {root.root}, then try again."
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return target


def check_free(root: StreamsRoot, stream_id: str) -> None:
    """Refuse an id that is taken; on some disks “Film” and “film” are one folder.

    Raises:
        RuleError: It is taken.
        StorageError: The root may not be listed.
    """
    try:
        taken = {name.casefold(): name for name in os.listdir(root.root)}  # noqa: PTH208 - names only
    except OSError as error:
        raise StorageError(
            f"{root.root} cannot be listed ({error.strerror}). Nothing was made; check who may read it."
        ) from error
    other = taken.get(stream_id.casefold())
    if other is not None:
        raise RuleError(
            f"There is a stream or a folder “{other}” already. Nothing was made; choose another id."
        )


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _copy(source: Path, target: Path) -> None:
    n_files = 0
    for folder, names, files in os.walk(source, followlinks=False):
        here = target / Path(folder).relative_to(source)
        here.mkdir(exist_ok=True)
        names[:] = [name for name in names if not (Path(folder) / name).is_symlink() and name[:1] != "."]
        for path in _plain_files(Path(folder), files):
            n_files += 1
            if n_files > _MOST_FILES:
                raise InputError(f"The folder has more than {_MOST_FILES:,} files. Nothing was made.")
            shutil.copy2(path, here / path.name, follow_symlinks=False)


def _plain_files(folder: Path, names: list[str]) -> Iterator[Path]:
    for name in names:
        path = folder / name
        if path.is_file() and not path.is_symlink():
            yield path


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(root: StreamsRoot) -> None:
    """Remove what a crash left half made."""
    for left in root.root.glob(f"{_MAKING}*"):
        try:
            is_old = time.time() - left.stat().st_mtime > _LEFT_BEHIND_S
        except OSError:
            continue  # somebody else removed it
        if is_old:
            shutil.rmtree(left, ignore_errors=True)
