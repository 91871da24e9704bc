"""Assets and their versions: immutable files with everything that made them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The two things a segment needs."""

    KEYFRAME = "keyframe"
    VIDEO = "video"


class Origin(StrEnum):
    """How a version came to be."""

    GENERATED = "generated"
    FOUND = "found"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything that made a version; every field may be unknown for a file found on disk.

    Attributes:
        image_prompt: As it was sent, what the stream appends included.
        source_version_id: The keyframe version that a clip was made from.
        spec_sha256: Digest of what the spec said when it was asked for (``SpecDigests.of``).
        reference_sha256s: Digests of the pictures that were sent along to be like.
        found_as: The file that was found, relative to the stream's folder; None when it was made here.
        found_at: Aware UTC instant when it was first seen; ``created_at`` is when it was written.
    """

    image_prompt: str | None = None
    motion_prompt: str | None = None
    negative_prompt: str | None = None
    engine: str | None = None
    model: str | None = None
    seed: int | None = None
    params: dict[str, object] = field(default_factory=dict)
    source_version_id: int | None = None
    cost_usd: float = 0.0
    task_id: str | None = None
    author: str | None = None
    spec_sha256: str | None = None
    reference_sha256s: tuple[str, ...] = ()
    found_as: str | None = None
    found_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable file of an asset.

    Attributes:
        id: Database id.
        number: 1-based, grows by one for each version of the asset.
        sha256: Lower-case hex digest of the file's bytes; decisions are bound to it.
        extension: File ending with its dot, lower case.
        created_at: Aware UTC instant.
        duration_s: Length of a clip in seconds; None for a still.
    """

    id: int
    stream_id: str
    segment_id: int
    kind: Kind
    number: int
    sha256: str
    extension: str
    size_bytes: int
    origin: Origin
    created_at: datetime
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    provenance: Provenance = field(default_factory=Provenance)


def download_name(version: Version) -> str:
    """Return what a copy of a version is called outside the studio, like ``film_keyframe_007_v3.png``."""
    place = f"{version.stream_id}_{version.kind}_{version.segment_id:03d}"
    return f"{place}_v{version.number}{version.extension}"


def in_words(version: Version) -> str:
    """Name a version in a sentence, like "version 3 of the keyframe of segment 7 of film"."""
    place = f"the {version.kind} of segment {version.segment_id} of {version.stream_id}"
    return f"version {version.number} of {place}"
