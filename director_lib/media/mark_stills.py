"""Writes a mark into a picture's file without touching its pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_TEXTS = (b"iTXt", b"tEXt", b"zTXt")
XMP_KEYWORD = "XML:com.adobe.xmp"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
JPEG_ROOM_BYTES = 65_533 - len(_JPEG_XMP)
_ALPHA, _XMP_FLAG = 0x10, 0x04


def mark_png(data: bytes, texts: Mapping[str, str]) -> bytes:
    """Return a PNG with these texts, in place of earlier ones of the same names.

    Raises:
        ValueError: The chunks do not fill the file.
    """
    names = {name.encode("latin-1") for name in texts}
    kept = [chunk for kind, chunk in _png_chunks(data) if not _is_text_named(kind, chunk, names)]
    added = [_itxt(name, text) for name, text in texts.items()]
    # right after the header, where readers look before they decode the pixels
    return b"".join([_PNG_START, kept[0], *added, *kept[1:]])


def mark_jpeg(data: bytes, xmp: str) -> bytes:
    """Return a JPEG with this XMP packet, in place of an earlier one.

    Raises:
        ValueError: The packet is longer than ``JPEG_ROOM_BYTES``, or the segments make no sense.
    """
    packet = xmp.encode()
    if len(packet) > JPEG_ROOM_BYTES:
        raise ValueError("the packet is too long for a JPEG")
    kept, position = [data[:2]], 2
    own = b"\xff\xe1" + struct.pack(">H", len(packet) + len(_JPEG_XMP) + 2) + _JPEG_XMP + packet
    while data[position : position + 1] == b"\xff" and data[position + 1] & 0xF0 == 0xE0:
        end = position + 2 + int(struct.unpack_from(">H", data, position + 2)[0])
        segment = data[position:end]
        if segment[4:].startswith(_JPEG_XMP):
            segment = b""
        kept.append(segment)
        position = end
    # Exif and JFIF have to come first
    return b"".join([*kept, own, data[position:]])


def mark_webp(data: bytes, xmp: str, size: tuple[int, int]) -> bytes:
    """Return a WebP with this XMP packet, in place of an earlier one.

    Args:
        size: Width and height in pixels, for files that have only pixels so far.

    Raises:
        ValueError: The chunks make no sense.
    """
    chunks = [(kind, body) for kind, body in _riff_chunks(data) if kind != b"XMP "]
    kind, body = chunks[0]
    if kind == b"VP8X":
        chunks[0] = (kind, bytes([body[0] | _XMP_FLAG]) + body[1:])
    else:
        has_alpha = kind == b"VP8L" and bool(body[4] & 0x10)
        flags = _XMP_FLAG | (_ALPHA if has_alpha else 0)
        sides = b"".join((side - 1).to_bytes(3, "little") for side in size)
        chunks.insert(0, (b"VP8X", struct.pack("<I", flags) + sides))
    chunks.append((b"XMP ", xmp.encode()))
    content = b"WEBP" + b"".join(_riff(kind, body) for kind, body in chunks)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG_START)
    while position < len(data):
        if position + 12 > len(data):
            raise ValueError("a PNG chunk is cut off")
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise ValueError("a PNG chunk is cut off")
        yield kind, data[position:end]
        position = end
        if kind == b"IEND":
            return  # what a camera appended behind the picture is no part of it


def _is_text_named(kind: bytes, chunk: bytes, names: set[bytes]) -> bool:
    return kind in _PNG_TEXTS and chunk[8:-4].partition(b"\x00")[0] in names


def _itxt(name: str, text: str) -> bytes:
    body = b"iTXt" + name.encode("latin-1") + b"\x00\x00\x00\x00\x00" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = min(len(data), 8 + int(struct.unpack_from("<I", data, 4)[0]))
    position = 12
    while position + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, position)
        if position + 8 + length > end:
            raise ValueError("a WebP chunk is cut off")
        yield kind, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)
