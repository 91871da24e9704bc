"""The backup's one file: a ZIP of checked members, of which the last one lists all others."""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from director_lib.delivery.backup_manifest import MANIFEST, BackupManifest, Member
from director_lib.delivery.disk import sync_folder
from director_lib.errors import StorageError

Progress = Callable[[str, float], None]
"""Called with what is being done and how far it is, from 0 to 100."""

_BLOCK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_ZIP64_SIZE = 0xFFFFFFFF
_LOST = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)


class BackupWriter:
    """Adds members to a backup that is being written.

    Attributes:
        members: Everything added so far.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: list[Member] = []

    def add_text(self, name: str, lines: Iterable[bytes]) -> Member:
        """Add text, compressed."""
        return self._add(name, lines, zipfile.ZIP_DEFLATED)

    def add_file(self, name: str, file: BinaryIO) -> Member:
        """Add an open file from where it stands; pictures and clips, packed already, go in as they are."""
        packing = zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED
        return self._add(name, iter(lambda: file.read(_BLOCK), b""), packing)

    def finish(self, manifest: BackupManifest) -> None:
        """Add the manifest, last."""
        info = zipfile.ZipInfo(MANIFEST)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(info, manifest.model_dump_json(indent=1))

    def _add(self, name: str, blocks: Iterable[bytes], packing: int) -> Member:
        info = zipfile.ZipInfo(name)
        info.compress_type = packing
        digest, size_bytes = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as target:
            for block in blocks:
                digest.update(block)
                size_bytes += len(block)
                target.write(block)
        member = Member(name=name, sha256=digest.hexdigest(), size_bytes=size_bytes)
        self.members.append(member)
        return member


@contextmanager
def new_backup(target: Path) -> Iterator[BackupWriter]:
    """Write a backup beside its place and move it there when the block ends; otherwise nothing stays.

    Only its owner may read it: it holds password hashes.

    Raises:
        StorageError: There is a file already, or the disk refused.
    """
    if os.path.lexists(target):
        raise StorageError(f"There is a file {target} already. Nothing was changed; choose another name.")
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(6)}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield BackupWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageError(
            f"The backup {target} could not be written ({error.strerror or error}). No part of it stays. "
            "Check room and rights of that folder and of the studio's own, then try again."
        ) from error
    finally:
        # after a success the name is gone; a refusal to remove it must not hide why the backup failed
        with suppress(OSError):
            temporary.unlink()


class BackupReader:
    """Reads a backup, trusting nothing in it that is not checked."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self.manifest = self._read_manifest()

    def unpack(self, folder: Path, progress: Progress) -> None:
        """Write every member below a folder, each checked against its digest.

        Raises:
            StorageError: A member is missing, added, cut off or changed; the message names it.
        """
        self._check_names()
        total = sum(member.size_bytes for member in self.manifest.members) or 1
        done = 0
        for member in self.manifest.members:
            progress("unpacking", 100 * done / total)
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                self._copy(member, target)
            done += member.size_bytes

    def _copy(self, member: Member, target: BinaryIO) -> None:
        digest, size_bytes = hashlib.sha256(), 0
        source = self._open(member.name)
        while block := self._read(source, member.name):
            digest.update(block)
            size_bytes += len(block)
            if size_bytes > member.size_bytes:
                break
            target.write(block)
        if (digest.hexdigest(), size_bytes) != (member.sha256, member.size_bytes):
            raise self._refusal(f"{member.name} is not what was saved")

    def _check_names(self) -> None:
        expected = [member.name for member in self.manifest.members] + [MANIFEST]
        found = self._archive.namelist()
        if missing := sorted(set(expected) - set(found)):
            raise self._refusal(f"{missing[0]} is missing")
        if added := sorted(set(found) - set(expected)):
            raise self._refusal(f"{added[0]} was added to it")
        if len(found) != len(set(found)) or len(expected) != len(set(expected)):
            raise self._refusal("a member is in it twice")

    def _read_manifest(self) -> BackupManifest:
        try:
            return BackupManifest.model_validate_json(self._open(MANIFEST).read())
        except KeyError as error:
            raise self._refusal(f"it has no {MANIFEST}, so it is no backup") from error
        except (ValidationError, *_LOST) as error:
            raise self._refusal(f"{MANIFEST} cannot be read ({_first_line(error)})") from error

    def _open(self, name: str) -> zipfile.ZipExtFile:
        try:
            return self._archive.open(name)  # type: ignore[return-value]  # it is one when reading
        except _LOST as error:
            raise self._refusal(f"{name} cannot be read ({_first_line(error)})") from error

    def _read(self, source: zipfile.ZipExtFile, name: str) -> bytes:
        try:
            return source.read(_BLOCK)
        except _LOST as error:
            raise self._refusal(f"{name} cannot be read ({_first_line(error)})") from error

    def _refusal(self, why: str) -> StorageError:
        return _refusal(self._path, why)


@contextmanager
def opened_backup(path: Path) -> Iterator[BackupReader]:
    """Open a backup for reading.

    Raises:
        StorageError: It cannot be read, is cut off, or is no backup.
    """
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise _refusal(path, f"the file cannot be read ({error.strerror})") from error
    except zipfile.BadZipFile as error:
        cut = find_cut_member(path)
        why = f"it is cut off in {cut}" if cut else "it is no backup, or its end is missing"
        raise _refusal(path, why) from error
    with archive:
        yield BackupReader(path, archive)


def find_cut_member(path: Path) -> str | None:
    """Find the member in which a file that was cut off ends; None when it ends elsewhere."""
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        while len(header := file.read(_LOCAL_HEADER.size)) == _LOCAL_HEADER.size:
            mark, *_, packed, _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
            if mark != b"PK\x03\x04":
                return None
            name = file.read(name_length).decode("utf-8", "replace")
            extra = file.read(extra_length)
            if packed == _ZIP64_SIZE and len(extra) >= 20:
                packed = struct.unpack_from("<Q", extra, 12)[0]
            if file.tell() + packed > size_bytes or len(extra) < extra_length:
                return name
            file.seek(packed, os.SEEK_CUR)
    return None


def _refusal(path: Path, why: str) -> StorageError:
    return StorageError(f"{path} cannot be restored: {why}. Nothing was restored; take another backup.")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
