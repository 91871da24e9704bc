"""ZIP files whose exact length is known before their first byte is made.

Pictures and clips are compressed already, so entries are stored. Digests are checked while the bytes go by;
a file that is not what was recorded ends the stream before the directory, so that nobody takes it for whole.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from director_lib.errors import InputError, StorageError

CHUNK_BYTES = 1 << 20
_MARK_32, _MOST_16 = 0xFFFFFFFF, 0xFFFF
# from here on sizes and places are written in the newer, wider fields
_LARGE = 0xFFFFFFFF
# the size and the checksum follow the bytes; names are UTF-8
_FLAGS = 0x0808
# 1980-01-01 00:00, the earliest there is: the same content makes the same file
_TIME, _DATE = 0, 0x0021
_PLAIN_VERSION, _LARGE_VERSION, _MADE_BY = 20, 45, 3 << 8 | 45
_READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One file of a ZIP.

    Attributes:
        name: Its place inside, with "/" between folders.
        source: Its bytes, or the file that has them.
        sha256: Digest that the bytes have to have; "" when nobody knows.
    """

    name: str
    source: Path | bytes
    size_bytes: int
    sha256: str = ""

    @classmethod
    def of_bytes(cls, name: str, data: bytes) -> ZipEntry:
        """Return an entry of bytes at hand."""
        return cls(name, data, len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class _Placed:
    entry: ZipEntry
    offset: int

    @property
    def name(self) -> bytes:
        return self.entry.name.encode()

    @property
    def is_large(self) -> bool:
        return self.entry.size_bytes >= _LARGE

    @property
    def needs(self) -> int:
        return _LARGE_VERSION if self.is_large or self.offset >= _LARGE else _PLAIN_VERSION

    def header(self) -> bytes:
        """Return what stands before the bytes."""
        extra = struct.pack("<HHQQ", 1, 16, 0, 0) if self.is_large else b""
        size = _MARK_32 if self.is_large else 0
        name = self.name
        times = (_TIME, _DATE, 0, size, size, len(name), len(extra))
        return struct.pack("<4s5H3L2H", b"PK\3\4", self.needs, _FLAGS, 0, *times) + name + extra

    def descriptor(self, crc: int) -> bytes:
        """Return what stands after the bytes."""
        size = self.entry.size_bytes
        return struct.pack("<4sLQQ" if self.is_large else "<4sLLL", b"PK\7\x08", crc, size, size)

    def directory(self, crc: int) -> bytes:
        """Return the entry's line of the directory."""
        size, offset = self.entry.size_bytes, self.offset
        large = [size, size] if self.is_large else []
        large += [offset] if offset >= _LARGE else []
        extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
        shown_size, shown_offset, name = _shown(size), _shown(offset), self.name
        facts = (_MADE_BY, self.needs, _FLAGS, 0, _TIME, _DATE, crc, shown_size, shown_size)
        rest = (len(name), len(extra), 0, 0, 0, _READABLE, shown_offset)
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", *facts, *rest) + name + extra


class StoredZip:
    """A ZIP of stored entries, in the order given.

    Args:
        entries: Their names are unique.

    Raises:
        InputError: Two entries have the same name, or a name could leave the folder it is unpacked into.
    """

    def __init__(self, entries: Sequence[ZipEntry]) -> None:
        check_names([entry.name for entry in entries])
        self.entries = tuple(entries)
        self._placed: list[_Placed] = []
        offset = 0
        for entry in entries:
            placed = _Placed(entry, offset)
            self._placed.append(placed)
            offset += len(placed.header()) + entry.size_bytes + len(placed.descriptor(0))
        self._directory_at = offset
        directory_bytes = sum(len(placed.directory(0)) for placed in self._placed)
        self.size_bytes = offset + directory_bytes + len(self._end(directory_bytes))

    def check_sources(self) -> None:
        """Look whether each file is there, has its size, and can be read at its beginning and end.

        Raises:
            StorageError: One is not. Names it.
        """
        for entry in self.entries:
            if isinstance(entry.source, Path):
                _check_source(entry, entry.source)

    def chunks(self) -> Iterator[bytes]:
        """Make the file, piece by piece; a whole one has exactly ``size_bytes``.

        Raises:
            StorageError: A file cannot be read or is not what was recorded. What was made so far is no ZIP.
        """
        directory = []
        for placed in self._placed:
            yield placed.header()
            crc, digest, n_bytes = 0, hashlib.sha256(), 0
            for chunk in _read(placed.entry):
                crc = zlib.crc32(chunk, crc)
                digest.update(chunk)
                n_bytes += len(chunk)
                if n_bytes > placed.entry.size_bytes:
                    raise _changed(placed.entry)
                yield chunk
            if n_bytes != placed.entry.size_bytes or placed.entry.sha256 not in ("", digest.hexdigest()):
                raise _changed(placed.entry)
            yield placed.descriptor(crc)
            directory.append(placed.directory(crc))
        lines = b"".join(directory)
        yield lines + self._end(len(lines))

    def _end(self, directory_bytes: int) -> bytes:
        n_entries, start = len(self._placed), self._directory_at
        large = b""
        if n_entries >= _MOST_16 or start >= _LARGE or directory_bytes >= _LARGE:
            counts = (0, 0, n_entries, n_entries, directory_bytes, start)
            large = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, _MADE_BY, _LARGE_VERSION, *counts)
            large += struct.pack("<4sLQL", b"PK\6\7", 0, start + directory_bytes, 1)
        shown = min(n_entries, _MOST_16)
        sizes = (_shown(directory_bytes), _shown(start))
        return large + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, shown, shown, *sizes, 0)


def _shown(number: int) -> int:
    """Return what stands in an old, narrow field."""
    return number if number < _LARGE else _MARK_32


def check_names(names: Sequence[str]) -> None:
    """Refuse names that are there twice or could leave a folder.

    Raises:
        InputError: Names one of them.
    """
    seen = set()
    for name in names:
        parts = name.split("/")
        has_bad = any(part in ("", ".", "..") for part in parts) or "\\" in name or not name.isprintable()
        if has_bad or ":" in name or len(name.encode()) > _MOST_16 or name.casefold() in seen:
            raise InputError(f"“{name[:80]}” cannot be the name of a file in a ZIP. Nothing was made.")
        seen.add(name.casefold())


def _read(entry: ZipEntry) -> Iterator[bytes]:
    if isinstance(entry.source, bytes):
        yield entry.source
        return
    try:
        with entry.source.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise _unreadable(entry, error) from error


def _check_source(entry: ZipEntry, path: Path) -> None:
    try:
        with path.open("rb", buffering=0) as file:
            size = file.seek(0, 2)
            for offset in (0, max(0, size - 4096)):
                file.seek(offset)
                file.read(4096)
    except OSError as error:
        raise _unreadable(entry, error) from error
    if size != entry.size_bytes:
        raise _changed(entry)


def _unreadable(entry: ZipEntry, error: OSError) -> StorageError:
    why = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
    return StorageError(
        f"The file of {entry.name} {why}. Nothing was changed, and nothing that is not whole was made. "
        "Look with “director doctor”, then bring it back from the archive or a backup."
    )


def _changed(entry: ZipEntry) -> StorageError:
    return StorageError(
        f"The file of {entry.name} is damaged: its bytes are not the recorded ones. Nothing was changed. "
        "Look with “director doctor”, then bring it back from the archive or a backup."
    )
