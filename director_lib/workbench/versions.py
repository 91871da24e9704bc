"""What is known of versions, how they differ, copies to take along, and whether their files are whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from director_lib.domain.facts import Fact, FactDifference, compare_facts, facts_as_text, version_facts
from director_lib.domain.finding import Finding
from director_lib.domain.people import Action
from director_lib.domain.version import Kind, Version, download_name, in_words
from director_lib.errors import InputError, NotFoundError, RuleError, StorageError
from director_lib.intake.restore import check_file
from director_lib.media.files import Fault
from director_lib.media.timing import ClipTiming, read_clip_timing
from director_lib.store.archived_files import find_away
from director_lib.store.assets import find_asset_id
from director_lib.store.findings import list_findings
from director_lib.store.versions import get_version, list_newest_versions, list_versions
from director_lib.workbench.studio import Studio
from director_lib.workbench.withholding import open_versions, told_versions


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What looking at version files found.

    Attributes:
        looked_at: Number of files.
        faults: The versions whose file is missing or damaged, newest first.
    """

    looked_at: int
    faults: tuple[tuple[Version, Fault], ...]


class Versions:
    """Every version of every asset; all of them stay."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def of_asset(self, stream_id: str, segment_id: int, kind: Kind) -> list[Version]:
        """Read an asset's versions, oldest first; empty when it never had one."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            asset_id = find_asset_id(connection, stream_id, segment_id, kind)
            return [] if asset_id is None else told_versions(connection, list_versions(connection, asset_id))

    def findings(self, version_ids: Iterable[int]) -> dict[int, list[Finding]]:
        """Read what automatic looks found, by version id; versions without findings are absent."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_findings(connection, list(version_ids))

    def get(self, stream_id: str, segment_id: int, kind: Kind, number: int) -> Version:
        """Return one version by its number.

        Raises:
            NotFoundError: The asset has no version of that number.
        """
        for version in self.of_asset(stream_id, segment_id, kind):
            if version.number == number:
                return version
        raise NotFoundError("version", f"{number} of the {kind} of segment {segment_id} of {stream_id}")

    def facts(self, version_id: int) -> tuple[Fact, ...]:
        """Return everything known of a version, in words.

        Raises:
            NotFoundError: There is no such version.
        """
        return self._read(version_id)[1]

    def compare(self, version_id_a: int, version_id_b: int) -> list[FactDifference]:
        """Compare what is known of two versions, fact by fact; equal facts are there, too.

        Raises:
            NotFoundError: There is no such version.
        """
        return compare_facts(self.facts(version_id_a), self.facts(version_id_b))

    def as_text(self, version_id: int) -> str:
        """Write everything known of a version as plain text, to paste somewhere.

        Raises:
            NotFoundError: There is no such version.
        """
        version, facts = self._read(version_id)
        title = in_words(version)
        return facts_as_text(title[:1].upper() + title[1:], facts)

    def find_fault(self, version: Version, *, read: bool = False) -> Fault | Literal["archived"] | None:
        """Find out whether a version's file is as it was stored; None when it is.

        One that was moved to the archive is "archived": it can be brought back.

        Args:
            read: Whether to read all of it and not only look at its size.
        """
        fault = self._studio.files.find_fault(
            version.sha256, version.extension, version.size_bytes, read=read
        )
        return "archived" if fault == "missing" and self._is_away(version) else fault

    def timing(self, version_id: int) -> ClipTiming:
        """Read when each frame of a clip is shown.

        Raises:
            NotFoundError: There is no such version, or its file is lost.
            InputError: It is a still.
            InvalidMediaError: Its file is damaged.
        """
        version, _ = self._read(version_id)
        if version.kind is not Kind.VIDEO:
            raise InputError("A still has no frames to step through.")
        return read_clip_timing(self._studio.files.get(version.sha256, version.extension))

    def check_files(self, *, read: bool = False, newest: int | None = None) -> FileCheck:
        """Look at the files of all versions, each file once.

        Args:
            read: Whether to read all of each and not only look at its size.
            newest: Only so many of the newest versions; all of them when None.
        """
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            found = list_newest_versions(connection, newest)
        files = {(version.sha256, version.extension): version for version in reversed(found)}
        faults = _with_fault(reversed(files.values()), self, read=read)
        return FileCheck(len(files), tuple(faults))

    def save_copy(self, version: Version, target: Path) -> Path:
        """Write a copy of a version's file; into a folder, under its clear name.

        Returns:
            The copy.

        Raises:
            InputError: There is such a file already; it is left as it is.
            RuleError: It is to be chosen from blind: its file says in itself how it was made.
            LostFileError: The version's file is missing from the version store, or damaged in it.
            StorageError: The copy cannot be written.
        """
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            if not open_versions(connection, [version]):
                raise RuleError(
                    "This version is to be chosen from blind, and its file says in itself how it was made. "
                    "Nothing was copied; choose one of its set first, or let it be shown which is which."
                )
        check_file(self._studio.files, version)
        copy = target / download_name(version) if target.is_dir() else target
        source = self._studio.files.get(version.sha256, version.extension)
        try:
            _copy_new(source, copy)
        except FileExistsError as error:
            raise InputError(f"{copy} exists already and was left as it is. Choose another name.") from error
        except OSError as error:
            raise StorageError(
                f"{copy} could not be written ({error.strerror}). Nothing was changed; choose another place."
            ) from error
        return copy

    def _is_away(self, version: Version) -> bool:
        with self._studio.database.read() as connection:
            return bool(find_away(connection, [version.sha256]))

    def _read(self, version_id: int) -> tuple[Version, tuple[Fact, ...]]:
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            [version] = told_versions(connection, [get_version(connection, version_id)])
            source_id = version.provenance.source_version_id
            source = None if source_id is None else get_version(connection, source_id)
        return version, version_facts(version, source, self._studio.clock())


def _with_fault(
    found: Iterable[Version], versions: Versions, *, read: bool
) -> Iterable[tuple[Version, Fault]]:
    for version in found:
        fault = versions.find_fault(version, read=read)
        if fault is not None and fault != "archived":
            yield version, fault


def _copy_new(source: Path, target: Path) -> None:
    """Copy a file under a name that is still free; a copy that failed half-way is removed."""
    with source.open("rb") as origin, target.open("xb") as copy:
        try:
            shutil.copyfileobj(origin, copy, 1 << 20)
        except OSError:
            target.unlink(missing_ok=True)
            raise
