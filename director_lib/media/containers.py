"""Recognises media files by their first bytes and finds those that were cut off."""

from __future__ import annotations

import struct
from pathlib import Path

from director_lib.errors import InvalidMediaError

_HEAD_BYTES = 64
_STILL_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")


def find_format(path: Path) -> str | None:
    """Return the ending that belongs to a file's contents, or None for contents that are not taken."""
    with path.open("rb") as reader:
        head = reader.read(_HEAD_BYTES)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    if head[4:8] == b"ftyp" and head[8:12] not in _STILL_BRANDS:
        return ".mov" if head[8:12] == b"qt  " else ".mp4"
    return ".webm" if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head else None


def check_boxes(path: Path) -> None:
    """Refuse an MP4 or MOV whose top-level boxes do not fill the file exactly.

    Raises:
        InvalidMediaError: A box reaches past the end, or a length makes no sense.
    """
    size_bytes = path.stat().st_size
    position = 0
    names = set()
    with path.open("rb") as reader:
        while position < size_bytes:
            reader.seek(position)
            length, name = _box(reader.read(16), size_bytes - position)
            if length < 8 or position + length > size_bytes:
                missing = position + max(length, 8) - size_bytes
                raise InvalidMediaError(
                    path, f"it is cut off or damaged ({missing:,} bytes are missing at its end)"
                )
            names.add(name)
            position += length
    if not {b"moov", b"mdat"} <= names:
        raise InvalidMediaError(path, "it is cut off: its index or its pictures are missing")


def _box(head: bytes, left_bytes: int) -> tuple[int, bytes]:
    """Return a box's length and name; a length of 0 means up to the file's end."""
    if len(head) < 8:
        return left_bytes + 8, b""
    length, name = struct.unpack(">I4s", head[:8])
    if length == 0:
        return left_bytes, name
    if length == 1:
        return (struct.unpack(">Q", head[8:16])[0], name) if len(head) == 16 else (left_bytes + 16, name)
    return length, name


def check_riff(path: Path) -> None:
    """Refuse a WebP that is shorter than its header says.

    Raises:
        InvalidMediaError: Bytes are missing.
    """
    with path.open("rb") as reader:
        head = reader.read(8)
    missing = struct.unpack("<I", head[4:8])[0] + 8 - path.stat().st_size
    if missing > 0:
        raise InvalidMediaError(path, f"it is cut off ({missing:,} bytes are missing at its end)")
