"""Repair plans: what to do so that nothing is out of date any more, and what it costs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind, Version

AFTER_KEYFRAME = "its keyframe has to be made and approved first"
"""Why a clip waits whose keyframe is made anew."""


class RepairAction(StrEnum):
    """What can be done about an asset."""

    RESTORE = "restore"
    REGENERATE = "regenerate"


@dataclass(frozen=True, slots=True)
class AssetHistory:
    """What planning needs to know of one asset that has a current version.

    Attributes:
        versions: Every version, the current one included, in any order.
        verdicts: Digest to the newest decision that counts on these bytes; undecided ones are absent.
        approved: Digests of the bytes that are approved.
        price_usd: Estimated price of making it anew.
        why_not: Why it cannot be made anew at all ("it has no image prompt"); None when it can.
        is_being_made: Whether a task of it waits or runs.
    """

    current: Version
    versions: tuple[Version, ...]
    verdicts: Mapping[str, DecisionKind] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    price_usd: float = 0.0
    why_not: str | None = None
    is_being_made: bool = False


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One thing to do about one asset.

    Attributes:
        reasons: Why, in words for a director.
        replaces_id: The version that is current now.
        restores_id: The earlier version that becomes current again; None when it is made anew.
        prompt: What it is made by; "" for a restore.
        price_usd: Estimated price; 0.0 for a restore.
        is_approved: Whether what is current now is approved, so that replacing it needs leave.
        follows_keyframe: Whether the segment's keyframe has a step that has to come first.
        waits_for: Why it cannot be done now ("its keyframe is not approved"); None when it can.
    """

    segment_id: int
    kind: Kind
    action: RepairAction
    reasons: tuple[str, ...]
    replaces_id: int
    replaces_number: int
    restores_id: int | None = None
    restores_number: int | None = None
    prompt: str = ""
    price_usd: float = 0.0
    is_approved: bool = False
    follows_keyframe: bool = False
    waits_for: str | None = None


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """The cheapest way to bring a stream up to date.

    Attributes:
        steps: In the stream's order, a segment's keyframe before its clip.
    """

    stream_id: str
    steps: tuple[RepairStep, ...] = ()

    @property
    def price_usd(self) -> float:
        """Estimated price of everything, later steps included."""
        return total_usd(self.steps)

    @property
    def sha256(self) -> str:
        """Digest of the plan: equal plans do the same to the same versions for the same price."""
        told = json.dumps([self.stream_id, [asdict(step) for step in self.steps]], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    def schedule(
        self, *, replace_approved: bool, with_clips: bool = False
    ) -> list[tuple[RepairStep, str | None]]:
        """Say of each step why it is left for later; None when it can be done now.

        Args:
            replace_approved: Whether what is approved may be replaced.
            with_clips: Whether a clip is made as soon as its new keyframe is there, before it is approved.
        """
        told: list[tuple[RepairStep, str | None]] = []
        for step in self.steps:
            why = step.waits_for
            if with_clips and why == AFTER_KEYFRAME and step.follows_keyframe:
                why = None
            if why is None and step.is_approved and not replace_approved:
                why = f"its {step.kind.value} is approved"
            # a keyframe's step comes right before the step of its clip
            if why is None and step.follows_keyframe and told[-1][1] is not None:
                why = "its keyframe has to be repaired first"
            told.append((step, why))
        return told

    def ready(self, *, replace_approved: bool, with_clips: bool = False) -> tuple[RepairStep, ...]:
        """Return the steps that can be done now; see ``schedule``."""
        schedule = self.schedule(replace_approved=replace_approved, with_clips=with_clips)
        return tuple(step for step, why in schedule if why is None)


def total_usd(steps: tuple[RepairStep, ...]) -> float:
    """Add up the prices of steps, in US dollars."""
    return round(sum(step.price_usd for step in steps), 6)
