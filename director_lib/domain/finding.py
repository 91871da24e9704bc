"""What an automatic look at a new file found; it advises, and never decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    NOTE = "note"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        code: Stable identifier, such as "black" or "frozen".
        words: A sentence for a director.
        from_s: Where in a clip it begins, in seconds; None for a still or a whole clip.
        to_s: Where it ends.
    """

    code: str
    words: str
    severity: Severity = Severity.NOTE
    from_s: float | None = None
    to_s: float | None = None
