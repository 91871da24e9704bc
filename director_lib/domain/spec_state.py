"""A state that a stream's spec had, and how it came to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StateOrigin(StrEnum):
    """How a state of a spec came to be."""

    FOUND = "found"
    EDITED = "edited"
    OUTSIDE = "outside"
    RESTORED = "restored"
    DRAFTED = "drafted"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class SpecState:
    """One state in a stream's history.

    Attributes:
        sha256: Digest of production.json's bytes.
        label: What was done, in words; "" when nobody said.
        actor: Who did it; "outside" when somebody changed the file itself.
        happened_at: Aware UTC instant at which it was made, or noticed.
    """

    seq: int
    stream_id: str
    sha256: str
    origin: StateOrigin
    label: str
    actor: str
    happened_at: datetime
