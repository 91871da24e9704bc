"""Where a film was deployed (deployment.json), and which build its folder shows."""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from director_lib.delivery.disk import sync_folder
from director_lib.delivery.site_builds import build_path, builds_folder, find_faults
from director_lib.errors import InputError, StorageError
from director_lib.streams.atomic import atomic_write
from director_lib.streams.json_file import find_json

_ADDRESS = re.compile(r"(https?://[^\s/]+|/)\S*", re.IGNORECASE)
_KEYS = ("url", "deployed_at", "deployed_by", "platform", "build_id")
_HISTORY, _OLDER_ADDRESS = "history", "stream_url"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One time that a film was made public.

    Attributes:
        url: Its address; one that begins with "/" is on the workbench's own server.
        deployed_at: Aware UTC instant; None when another program recorded it and did not say.
        deployed_by: Who did it, or "".
        platform: Where to: "folder", "command", or another program's own word; or "".
        build_id: Which build; "" of one that another program made.
    """

    url: str
    deployed_at: datetime | None
    deployed_by: str = ""
    platform: str = ""
    build_id: str = ""


def read_deployments(file: Path) -> list[Deployment]:
    """Read every deployment that deployment.json knows of, the latest first; empty without one.

    What other programs wrote is read tolerantly: a value that is missing or of the wrong type is "".

    Raises:
        StreamFileError: The file is broken, with line and column, or may not be read.
    """
    data = _load(file)
    history = data.get(_HISTORY)
    entries = [data, *(history if isinstance(history, list) else [])]
    read = [_deployment(entry) for entry in entries if isinstance(entry, dict)]
    return [deployment for deployment in read if deployment.url]


def find_deployment(file: Path) -> Deployment | None:
    """Return what is deployed now; None when nothing is.

    Raises:
        StreamFileError: As for ``read_deployments``.
    """
    return next(iter(read_deployments(file)), None)


def record_deployment(file: Path, deployment: Deployment) -> None:
    """Write a deployment into deployment.json; the one before becomes the first of its history.

    Keys of other programs stay. The caller holds the stream's lock. Look that the file can be read
    (``read_deployments``) before anything is made public: a broken one is not overwritten.

    Raises:
        InputError: The address or the instant cannot be recorded.
        StreamFileError: The file that is there is broken. It is untouched.
        StorageError: The disk refused. The file that was there is untouched.
    """
    if not _ADDRESS.fullmatch(deployment.url):
        raise InputError(f"“{deployment.url[:80]}” is no address. It begins with https://, http:// or “/”.")
    if deployment.deployed_at is None or deployment.deployed_at.tzinfo is None:
        raise InputError("A deployment needs the instant at which it was made, with its time zone.")
    data = _load(file)
    earlier = data.pop(_HISTORY, None)
    before = {key: data[key] for key in (*_KEYS, _OLDER_ADDRESS) if key in data}
    data |= {
        "url": deployment.url,
        "deployed_at": deployment.deployed_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "deployed_by": deployment.deployed_by,
        "platform": deployment.platform,
        "build_id": deployment.build_id,
        # some readers look for this name only
        _OLDER_ADDRESS: deployment.url,
    }
    data[_HISTORY] = [*([before] if before else []), *(earlier if isinstance(earlier, list) else [])]
    atomic_write(file, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())


def find_shown_build(target: Path) -> str | None:
    """Return the id of the build that a folder target shows; None when it shows none of ours."""
    if not target.is_symlink():
        return None
    shown = target.parent / target.readlink()
    return shown.name if shown.parent == builds_folder(target) else None


def switch_folder(target: Path, build_id: str) -> None:
    """Show a build at the folder target, an earlier one as well as the latest, in one step.

    The target is a link to the build: a reader gets all of one build or all of the other, and a build that
    lost a file is refused before anything changes.

    Raises:
        InvalidIdError: That is no build's id.
        NotFoundError: There is no such build.
        StorageError: The build is damaged, something else is at the target, or the disk refused. What was
            shown is shown still.
    """
    if faults := find_faults(target, build_id):
        raise StorageError(
            f"Build {build_id} is damaged: {len(faults)} of its files are missing or changed ({faults[0]}). "
            "What was shown is shown still. Build the site again, or choose another build."
        )
    if os.path.lexists(target) and find_shown_build(target) is None:
        raise StorageError(
            f"{target} is there already and is not a site of the workbench. Nothing was changed. "
            "Move it away or choose another place."
        )
    link = target.with_name(f".{target.name}.{secrets.token_hex(6)}.link")
    try:
        link.symlink_to(build_path(target, build_id).relative_to(target.parent), target_is_directory=True)
        try:
            link.replace(target)
        finally:
            link.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageError(
            f"{target} could not be switched to build {build_id} ({error.strerror or error}). Look "
            "whether it shows the build that you expect, then try again."
        ) from error


def _load(file: Path) -> dict[str, Any]:
    found = find_json(file)
    return dict(found.data) if found is not None and isinstance(found.data, dict) else {}


def _deployment(entry: dict[str, Any]) -> Deployment:
    texts = {key: entry[key] if isinstance(entry.get(key), str) else "" for key in (*_KEYS, _OLDER_ADDRESS)}
    return Deployment(
        url=texts["url"] or texts[_OLDER_ADDRESS],
        deployed_at=_instant(texts["deployed_at"]),
        deployed_by=texts["deployed_by"],
        platform=texts["platform"],
        build_id=texts["build_id"],
    )


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
