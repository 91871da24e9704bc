"""What a backup says about itself: every part with its digest, and what could not be saved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

MANIFEST = "manifest.json"
TABLES, VERSIONS, STREAMS = "tables", "versions", "streams"
_SHA256 = r"^[0-9a-f]{64}$"


def check_relative(path: str) -> str:
    """Return a path with slashes unchanged when it can only lead to below the folder that it is joined to.

    Raises:
        ValueError: It is absolute, has "..", or has characters that a file system could read as more.
    """
    parts = path.split("/")
    if {"", ".", ".."} & set(parts) or {"\\", ":"} & set(path) or not path.isprintable():
        raise ValueError(f"{path[:80]!r} could lead out of its folder")
    return path


RelativePath = Annotated[str, AfterValidator(check_relative)]
Sha256 = Annotated[str, Field(pattern=_SHA256)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(_Part):
    """One file inside the backup, other than the manifest.

    Attributes:
        sha256: Digest of its bytes.
    """

    name: RelativePath
    sha256: Sha256
    size_bytes: int = Field(ge=0)


class StreamFile(_Part):
    """One file of a stream's folder.

    Attributes:
        path: Where it belongs, relative to the streams root.
        member: The member with its bytes; a still that is a version, too, is in the backup once.
        modified_ns: When it was written, in nanoseconds since 1970.
    """

    path: RelativePath
    member: RelativePath
    modified_ns: int


class Damage(_Part):
    """Something that could not be saved as it should be."""

    what: str
    why: str


class BackupManifest(_Part):
    """The contents of a backup.

    Attributes:
        schema_revision: The database's schema when it was made.
        tables: Number of rows by table.
        members: Everything in the file but the manifest.
        stream_files: Files of stream folders, live ones and put away ones.
        stream_links: Streams that are links: their id to the folder that they lead to.
        damaged: Files that were missing, changed or unreadable; they are not in the backup.
    """

    format: Literal[1] = 1
    made_at: AwareDatetime
    schema_revision: str
    tables: dict[str, int]
    members: list[Member]
    stream_files: list[StreamFile]
    stream_links: dict[str, str]
    damaged: list[Damage]

    @property
    def n_rows(self) -> int:
        """Number of rows in all tables."""
        return sum(self.tables.values())

    @property
    def n_versions(self) -> int:
        """Number of version files."""
        return sum(member.name.startswith(f"{VERSIONS}/") for member in self.members)
