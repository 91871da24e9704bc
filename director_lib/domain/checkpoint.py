"""The five checkpoints, and how far the stills and clips of a stream are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Checkpoint(StrEnum):
    """A gate where work waits for a decision."""

    STORY = "story"
    SPEC = "spec"
    KEYFRAMES = "keyframes"
    VIDEOS = "videos"
    FINAL = "final"


class GateState(StrEnum):
    """Where a checkpoint stands."""

    MISSING = "missing"
    WAITING = "waiting"
    CHANGES = "changes"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class AssetStanding:
    """What a gate needs to know of one asset."""

    has_version: bool
    approved: bool
    stale: bool
    sent_back: bool = False


@dataclass(frozen=True, slots=True)
class GateStatus:
    """A gate's state with the counts behind it.

    Attributes:
        approved: Stills or clips that are approved; for story, spec and final, approvals that count.
        total: How many there have to be.
        reason: Why it stands there, in words.
        content_sha256: Digest of what would be judged now at story, spec and final; None when there is
            nothing to judge, and for keyframes and videos.
    """

    checkpoint: Checkpoint
    state: GateState
    approved: int
    total: int
    reason: str = ""
    content_sha256: str | None = None


def asset_gate(checkpoint: Checkpoint, assets: Iterable[AssetStanding]) -> GateStatus:
    """Judge the keyframes or videos gate from its assets.

    Approved needs every asset approved and none stale; changes means one is sent back or stale.
    """
    standings = list(assets)
    approved = sum(asset.approved and not asset.stale for asset in standings)
    if standings and approved == len(standings):
        state = GateState.APPROVED
    elif not any(asset.has_version for asset in standings):
        state = GateState.MISSING
    elif any(asset.sent_back or (asset.stale and asset.approved) for asset in standings):
        state = GateState.CHANGES
    else:
        state = GateState.WAITING
    reason = _in_words(checkpoint, standings, approved)
    return GateStatus(checkpoint, state, approved, len(standings), reason)


def _in_words(checkpoint: Checkpoint, standings: list[AssetStanding], approved: int) -> str:
    if not standings:
        return "There are no segments yet."
    if approved == len(standings):
        return f"Every {checkpoint.value.removesuffix('s')} is approved."
    counts = {
        "missing": sum(not asset.has_version for asset in standings),
        "sent back": sum(asset.sent_back for asset in standings),
        "out of date": sum(asset.stale for asset in standings),
    }
    told = [f"{approved} of {len(standings)} {checkpoint.value} are approved"]
    told += [f"{count} {what}" for what, count in counts.items() if count]
    return "; ".join(told) + "."
