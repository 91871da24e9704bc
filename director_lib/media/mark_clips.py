"""Writes a mark into a clip's file, copying its pictures and sound as they are."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av

_XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_FORMATS = {".mp4": "mp4", ".mov": "mov", ".webm": "webm"}
_WRITERS_OWN = ("major_brand", "minor_version", "compatible_brands", "encoder")
_COPIED = ("video", "audio")


def mark_clip(source: Path, target: Path, extension: str, tags: Mapping[str, str], xmp: str) -> None:
    """Write a copy of a clip with these tags added to its own; MP4 and MOV get the XMP packet, too.

    The same clip and tags give the same file.

    Raises:
        av.FFmpegError: The clip cannot be copied.
        ValueError: The clip has something that cannot be copied.
        OSError: The target cannot be written.
    """
    is_boxed = extension != ".webm"
    options = {"movflags": "+faststart+use_metadata_tags"} if is_boxed else {"fflags": "+bitexact"}
    with (
        av.open(str(source)) as origin,
        av.open(str(target), "w", format=_FORMATS[extension], options=options) as copy,
    ):
        copy.metadata.update({**_kept(origin.metadata, tags), **tags})
        streams: dict[int, Any] = {}
        for stream in origin.streams:
            if stream.type in _COPIED:
                streams[stream.index] = copy.add_stream_from_template(stream)
        for packet in origin.demux([stream for stream in origin.streams if stream.index in streams]):
            if packet.dts is None:
                continue
            packet.stream = streams[packet.stream.index]
            copy.mux_one(packet)
    if is_boxed:
        with target.open("ab") as file:
            file.write(_xmp_box(xmp))


def _kept(earlier: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that a clip had and that neither the mark nor the writing itself replaces."""
    replaced = {*tags, *_WRITERS_OWN}
    return {name: text for name, text in sorted(earlier.items()) if name.lower() not in replaced}


def _xmp_box(xmp: str) -> bytes:
    """Return the box in which MP4 files carry XMP; players pass over it."""
    packet = xmp.encode()
    return struct.pack(">I4s", len(packet) + 24, b"uuid") + _XMP_BOX + packet
