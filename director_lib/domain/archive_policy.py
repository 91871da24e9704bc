"""Which old versions may leave the version store for the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

FileKey = tuple[str, str]
"""A version file: its digest and its ending."""


class Hold(StrEnum):
    """Why a version stays; the value is said of it."""

    NEWEST = "among the newest"
    CURRENT = "current"
    APPROVED = "approved"
    REFERENCED = "something was made from it"
    VARIANT = "one to choose from"
    COMMENTED = "has remarks"


@dataclass(frozen=True, slots=True)
class OldVersion:
    """What the policy needs to know of a version.

    Attributes:
        place: The asset that it belongs to, whatever identifies one.
        number: Grows with each version of the asset.
    """

    id: int
    place: int
    number: int
    key: FileKey
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ArchiveItem:
    """A file that may go, with all versions that are that file."""

    key: FileKey
    size_bytes: int
    version_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ArchivePlan:
    """What would go and what stays.

    Attributes:
        items: In the order of the versions, the oldest first.
        held: How many versions stay, by the first reason that holds.
    """

    items: tuple[ArchiveItem, ...]
    held: Mapping[Hold, int]

    @property
    def size_bytes(self) -> int:
        """How much room it makes."""
        return sum(item.size_bytes for item in self.items)


def plan_archive(
    versions: Iterable[OldVersion], held: Mapping[int, Hold], *, keep_newest: int
) -> ArchivePlan:
    """Say which files may go: those of which no version at all has a reason to stay.

    Args:
        versions: All versions there are.
        held: Versions that stay for a reason of their own, by id.
        keep_newest: How many of an asset's newest versions stay.
    """
    listed = sorted(versions, key=lambda version: version.id)
    newest = _newest(listed, keep_newest)
    reasons: dict[Hold, int] = defaultdict(int)
    by_file: dict[FileKey, list[OldVersion]] = defaultdict(list)
    staying: set[FileKey] = set()
    for version in listed:
        by_file[version.key].append(version)
        reason = held.get(version.id) or (Hold.NEWEST if version.id in newest else None)
        if reason is not None:
            reasons[reason] += 1
            staying.add(version.key)
    items = [
        ArchiveItem(key, same[0].size_bytes, tuple(version.id for version in same))
        for key, same in by_file.items()
        if key not in staying
    ]
    return ArchivePlan(tuple(items), dict(reasons))


def _newest(versions: list[OldVersion], keep: int) -> set[int]:
    by_place: dict[int, list[OldVersion]] = defaultdict(list)
    for version in versions:
        by_place[version.place].append(version)
    newest: set[int] = set()
    for same in by_place.values():
        ordered = sorted(same, key=lambda version: version.number)
        newest.update(version.id for version in ordered[-keep:])
    return newest
