"""One try of a task, and the ways in which it can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from director_lib.domain.finding import Finding
from director_lib.domain.task import Task
from director_lib.engines.protocol import EngineResult
from director_lib.store.claims import Claim

__all__ = ["Attempt", "Busy", "Claim", "Ending", "Made", "News", "Refused", "Stopped", "Unknown"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, whose receipt was committed before anything was called.

    Attributes:
        tag: Unique for ever; on the receipt, and at the provider where it can be told.
        placed_at: Aware UTC instant of the receipt.
        folder: The attempt's scratch folder; a resumed attempt finds in it what was left there.
        keyframe: The still that a clip starts from.
        references: Further pictures to go by, in order.
        earlier: Version numbers to files of the same asset.
        remote_id: The provider's job, when its id is on the receipt.
        is_resumed: Whether an earlier holder placed it and was interrupted.
        timeout_s: Seconds that it may take.
    """

    tag: str
    task: Task
    placed_at: datetime
    folder: Path
    keyframe: Path | None
    references: tuple[Path, ...]
    earlier: dict[int, Path]
    remote_id: str | None
    is_resumed: bool
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Made:
    """The file is there; ``findings`` is what was noticed about it."""

    result: EngineResult
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no file, and the same attempt would fail again.

    Attributes:
        billed_usd: What it cost all the same; None when the provider does not say.
    """

    code: str
    message: str
    billed_usd: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Busy:
    """Nothing was made or charged; the same may be tried later."""

    message: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been made and charged, and nobody can tell."""

    message: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """It was ended because somebody wanted it to.

    Attributes:
        billed_usd: What it cost all the same; None when nobody can tell.
    """

    billed_usd: float | None = 0.0


Ending = Made | Refused | Busy | Unknown | Stopped


class News(Protocol):
    """What an attempt tells while it lasts. Telling it twice is the same as once."""

    def progress(self, phase: str, percent: float) -> None:
        """Say how far it is; percent from 0 to 100."""
        ...

    def line(self, text: str) -> None:
        """Add a line to what is kept with the task."""
        ...

    def remote_id(self, remote_id: str) -> None:
        """Put the provider's job on the receipt; returns when that is committed, however long it takes."""
        ...
