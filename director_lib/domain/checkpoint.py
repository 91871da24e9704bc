"""The five checkpoints, and how far a stream is at each."""

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
    """A gate's state with the counts behind it."""

    checkpoint: Checkpoint
    state: GateState
    approved: int
    total: int


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
    return GateStatus(checkpoint, state, approved, len(standings))
