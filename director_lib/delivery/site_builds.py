"""The builds of one site: each kept whole under its own id, with the digest of every file."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from director_lib.delivery.disk import sync_file, sync_folder
from director_lib.errors import InvalidIdError, NotFoundError, StorageError
from director_lib.media.files import hash_file

_BUILD_ID = re.compile(r"[0-9a-f]{16}")
_STAGING = ".staging-"
_ABANDONED_S = 3600.0


class SiteFile(BaseModel):
    """One file of a build; its path is relative to the build's folder, with slashes."""

    model_config = ConfigDict(frozen=True)

    path: str
    sha256: str
    size_bytes: int


class BuildManifest(BaseModel):
    """What a build holds.

    Attributes:
        sha256: Digest of the list of files; two builds with the same files have the same one.
        n_frames: Frames by tier, all segments together.
        warnings: What the page lacks, one sentence each.
    """

    model_config = ConfigDict(frozen=True)

    stream_id: str
    build_id: str
    sha256: str
    built_at: AwareDatetime
    size_bytes: int
    n_frames: dict[str, int]
    warnings: tuple[str, ...]
    files: tuple[SiteFile, ...]


def builds_folder(target: Path) -> Path:
    """Return the folder beside a target that keeps its builds, whether it is there or not."""
    return target.parent / f".{target.name}.builds"


def build_path(target: Path, build_id: str) -> Path:
    """Return the folder of a build, whether it is there or not.

    Raises:
        InvalidIdError: That is no build's id.
    """
    if not _BUILD_ID.fullmatch(build_id):
        raise InvalidIdError("build", build_id)
    return builds_folder(target) / build_id


def get_build(target: Path, build_id: str) -> BuildManifest:
    """Return what a build holds.

    Raises:
        InvalidIdError: That is no build's id.
        NotFoundError: There is no such build.
        StorageError: What is recorded of it cannot be read.
    """
    folder = build_path(target, build_id)
    try:
        return BuildManifest.model_validate_json(_manifest_file(folder).read_bytes())
    except FileNotFoundError as error:
        raise NotFoundError("build", build_id) from error
    except (OSError, ValidationError) as error:
        raise StorageError(
            f"The manifest of build {build_id} cannot be read. Nothing was changed; build the site again."
        ) from error


def list_builds(target: Path) -> list[BuildManifest]:
    """List the builds of a target, the latest first; empty when there are none.

    Raises:
        StorageError: What is recorded of one cannot be read.
    """
    names = [path.stem for path in builds_folder(target).glob("*.json") if _BUILD_ID.fullmatch(path.stem)]
    found = [get_build(target, name) for name in names]
    return sorted(found, key=lambda build: (build.built_at, build.build_id), reverse=True)


def prune_builds(target: Path, kept: int, spared: Collection[str]) -> list[str]:
    """Remove old builds, so that so many of the latest are left; those that are spared stay in any case.

    Args:
        spared: Ids of builds that somebody sees or is about to.

    Returns:
        The ids of those that were removed; their frames stay with the frames of all films.

    Raises:
        StorageError: What is recorded of one cannot be read.
    """
    removed = []
    for build in list_builds(target)[max(1, kept) :]:
        if build.build_id in spared:
            continue
        folder = build_path(target, build.build_id)
        _manifest_file(folder).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        removed.append(build.build_id)
    return removed


def find_faults(target: Path, build_id: str, *, read: bool = False) -> list[str]:
    """Find the files of a build that are missing or not as they were built; empty when it is whole.

    Args:
        read: Whether to read every file; without that only sizes are looked at.

    Raises:
        InvalidIdError: That is no build's id.
        NotFoundError: There is no such build.
        StorageError: What is recorded of it cannot be read.
    """
    folder = build_path(target, build_id)
    return [file.path for file in get_build(target, build_id).files if _is_faulty(folder, file, read=read)]


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """Give an empty folder to build in, which is gone afterwards unless it was kept.

    Raises:
        StorageError: It cannot be made, or a file in it cannot be written.
    """
    folder = builds_folder(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder)
        place = folder / f"{_STAGING}{secrets.token_hex(6)}"
        place.mkdir()
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise StorageError(
            f"The site cannot be written to {folder} ({error.strerror or error}). What was built before is "
            "untouched. Make room on the disk or mend the folder's permissions, then build again."
        ) from error


def keep(
    place: Path, target: Path, stream_id: str, n_frames: dict[str, int], warnings: tuple[str, ...]
) -> BuildManifest:
    """Make a finished staging folder a build; one with the same files is kept once.

    Raises:
        OSError: The disk refused.
    """
    files = tuple(_list_files(place))
    listed = json.dumps([[file.path, file.sha256] for file in files], ensure_ascii=False)
    sha256 = hashlib.sha256(listed.encode()).hexdigest()
    manifest = BuildManifest(
        stream_id=stream_id,
        build_id=sha256[:16],
        sha256=sha256,
        built_at=datetime.now(UTC),
        size_bytes=sum(file.size_bytes for file in files),
        n_frames=n_frames,
        warnings=warnings,
        files=files,
    )
    folder = build_path(target, manifest.build_id)
    if _is_damaged(folder, files):
        _replace_folder(place, folder, files)
    elif _manifest_file(folder).is_file():
        return get_build(target, manifest.build_id)
    _write_manifest(manifest, folder)
    return manifest


def _replace_folder(place: Path, folder: Path, files: tuple[SiteFile, ...]) -> None:
    """Put a folder in its place; a damaged build with its name is moved out of the way first."""
    for path in place.rglob("*"):
        if path.parent == place and path.is_file():
            sync_file(path)
    if folder.exists():
        folder.rename(folder.with_name(f"{_STAGING}{secrets.token_hex(6)}"))
    try:
        place.rename(folder)
    except OSError:
        # somebody else may have finished the same build at this moment
        if _is_damaged(folder, files):
            raise
    sync_folder(folder.parent)


def _write_manifest(manifest: BuildManifest, folder: Path) -> None:
    temporary = folder.with_name(f"{_STAGING}{secrets.token_hex(6)}.json")
    temporary.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    sync_file(temporary)
    temporary.replace(_manifest_file(folder))
    sync_folder(folder.parent)


def _list_files(place: Path) -> Iterator[SiteFile]:
    for path in sorted(place.rglob("*")):
        if path.is_file():
            name = path.relative_to(place).as_posix()
            yield SiteFile(path=name, sha256=hash_file(path), size_bytes=path.stat().st_size)


def _is_damaged(folder: Path, files: tuple[SiteFile, ...]) -> bool:
    return any(_is_faulty(folder, file, read=True) for file in files)


def _is_faulty(folder: Path, file: SiteFile, *, read: bool) -> bool:
    path = folder / file.path
    try:
        return path.stat().st_size != file.size_bytes or (read and hash_file(path) != file.sha256)
    except OSError:
        return True


def _manifest_file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _remove_abandoned(folder: Path) -> None:
    """Remove what builds that were killed left; one that is at work is younger."""
    for path in folder.glob(f"{_STAGING}*"):
        # another build may be removing the same
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime <= _ABANDONED_S:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def link_file(source: Path, target: Path) -> None:
    """Give a file a second name, so that it takes no room twice; where that cannot be, copy it.

    Raises:
        OSError: The disk refused.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        # another disk, a file system without links, or too many of them
        shutil.copyfile(source, target)
