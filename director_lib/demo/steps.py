"""The steps that a demo history is told in, and when each of them happened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind

Asset = tuple[int, Kind]
"""Segment id and kind, written "keyframe 3"."""

_DAYS_AGO = re.compile(r"-(\d+)d (\d\d):(\d\d)")
_MINUTES_AGO = re.compile(r"-(\d+)m")


@dataclass(frozen=True, slots=True)
class _Told:
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Gate(_Told):
    """A gate was entered (``decision`` None) or decided."""

    checkpoint: Checkpoint
    decision: DecisionKind | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Made(_Told):
    """A version was made.

    Attributes:
        prompt: The still's image prompt or the clip's motion prompt then; None is the stream's present one.
        still: Number of the keyframe version that a clip was made from.
    """

    asset: Asset
    seed: int
    prompt: str | None = None
    still: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict(_Told):
    """A version was decided on."""

    asset: Asset
    version: int
    decision: DecisionKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class Undone(_Told):
    """The asset's last decision was taken back."""

    asset: Asset


@dataclass(frozen=True, slots=True)
class Remark(_Told):
    """Somebody commented; ``name`` is how a later step refers to it."""

    asset: Asset
    text: str
    version: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Resolved(_Told):
    """A comment was resolved."""

    name: str


@dataclass(frozen=True, slots=True)
class Edited(_Told):
    """A prompt got its present text without a new version being made."""

    segment: int
    field: str
    before: str


@dataclass(frozen=True, slots=True)
class Failed(_Told):
    """A task failed and left no version."""

    asset: Asset
    seed: int
    message: str
    percent: float
    still: int | None = None


@dataclass(frozen=True, slots=True)
class Cancelled(_Told):
    """A task was stopped before it began."""

    asset: Asset
    seed: int
    still: int | None = None


Step = Gate | Made | Verdict | Undone | Remark | Resolved | Edited | Failed | Cancelled

_STEPS: dict[str, type[Step]] = {
    "gate": Gate,
    "made": Made,
    "decided": Verdict,
    "undid": Undone,
    "commented": Remark,
    "resolved": Resolved,
    "edited": Edited,
    "failed": Failed,
    "cancelled": Cancelled,
}


def parse_step(line: Mapping[str, Any]) -> Step:
    """Read one line of a history; the key "did" says which step it is.

    Raises:
        KeyError: There is no such step.
        TypeError: A fact is missing or unknown.
        ValueError: A word is not one of ours.
    """
    facts = dict(line)
    step = _STEPS[facts.pop("did")]
    if "asset" in facts:
        kind, segment_id = facts["asset"].split()
        facts["asset"] = (int(segment_id), Kind(kind))
    if "decision" in facts:
        facts["decision"] = DecisionKind(facts["decision"])
    if "checkpoint" in facts:
        facts["checkpoint"] = Checkpoint(facts["checkpoint"])
    return step(**facts)


def instant(at: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when something happened.

    Args:
        at: "-13d 09:10", the clock of the studio 13 days ago, or "-50m", minutes ago.
        now: Aware instant that the history leads up to.
        zone: The studio's time zone.

    Returns:
        An aware UTC instant, never later than ``now``.

    Raises:
        ValueError: ``at`` is written in neither way.
    """
    if match := _MINUTES_AGO.fullmatch(at):
        return (now - timedelta(minutes=int(match[1]))).astimezone(UTC)
    match = _DAYS_AGO.fullmatch(at)
    if match is None:
        raise ValueError(f"“{at}” is neither days ago with a time nor minutes ago")
    day = now.astimezone(zone).date() - timedelta(days=int(match[1]))
    told = datetime.combine(day, time(int(match[2]), int(match[3])), zone)
    return min(told.astimezone(UTC), now.astimezone(UTC))
