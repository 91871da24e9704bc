"""Moving a stream's site and its builds with the stream: each step may be repeated after a crash."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from director_lib.delivery.deployment import find_shown_build
from director_lib.delivery.disk import sync_folder
from director_lib.delivery.site_builds import builds_folder


def has_site(sites: Path, stream_id: str) -> bool:
    """Tell whether an id has builds, or shows something to readers."""
    target = sites / stream_id
    return os.path.lexists(target) or os.path.lexists(builds_folder(target))


def builds_inode(sites: Path, stream_id: str) -> int:
    """Return the number of the folder with an id's builds on its disk; 0 when it has none."""
    try:
        return os.lstat(builds_folder(sites / stream_id)).st_ino
    except FileNotFoundError:
        return 0


def move_site(sites: Path, from_id: str, to_id: str) -> None:
    """Let another id have the site and the builds of an id; readers find them at the new address only.

    Called again after a crash it does what is left, and nothing when all is done. Under an id of a stream
    that was put away readers find nothing: no address names it.

    Args:
        sites: Where all sites are.
        to_id: It has no builds.

    Raises:
        OSError: The disk refused. What is left can be done by another call.
    """
    if not has_site(sites, from_id):
        return
    before, after = sites / from_id, sites / to_id
    shown = find_shown_build(before)
    # the new address first, still leading nowhere, so that what was shown is known until the end
    if shown is not None and not os.path.lexists(after):
        after.symlink_to((builds_folder(after) / shown).relative_to(sites), target_is_directory=True)
    if builds_folder(before).exists():
        builds_folder(before).rename(builds_folder(after))
    if before.is_symlink():
        before.unlink()
    sync_folder(sites)


def take_site_back(sites: Path, from_id: str, to_id: str, inode: int) -> None:
    """Undo a move that may have come to nothing, to half or to all; a site of somebody else stays.

    Args:
        from_id: Who has it again.
        inode: The number that the folder with its builds has.

    Raises:
        OSError: The disk refused. What is left can be done by another call.
    """
    if inode and builds_inode(sites, to_id) == inode:
        move_site(sites, to_id, from_id)
    elif (sites / to_id).is_symlink() and not (sites / to_id).exists():
        (sites / to_id).unlink()


def remove_site(sites: Path, stream_id: str) -> None:
    """Remove an id's site and its builds; none is no error.

    Raises:
        OSError: The disk refused.
    """
    target = sites / stream_id
    if target.is_symlink():
        target.unlink()
    if builds_folder(target).exists():
        shutil.rmtree(builds_folder(target))
