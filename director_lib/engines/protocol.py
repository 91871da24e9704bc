"""The contract that every engine keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind

ProgressCallback = Callable[[str, float], None]
"""Called with a phase in words ("rendering") and percent from 0 to 100, rising."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can make."""

    kinds: frozenset[Kind]
    takes_seed: bool = True
    is_paid: bool = False


@dataclass(frozen=True, slots=True)
class EngineResult:
    """A complete file and what is known of its making.

    Attributes:
        path: The finished file, inside the folder the engine was given.
        params: Further settings worth keeping with the version (JSON values).
    """

    path: Path
    model: str
    cost_usd: float = 0.0
    params: dict[str, object] = field(default_factory=dict)


class Engine(Protocol):
    """Makes one file for one request.

    ``generate`` runs in a process of its own and may be killed at any time; nothing outside ``folder``
    may be written.
    """

    name: str

    def capabilities(self) -> Capabilities:
        """Tell what it can make."""
        ...

    def price_usd(self, request: GenerationRequest) -> float:
        """Estimate what the request will cost; 0.0 when free."""
        ...

    def generate(
        self, request: GenerationRequest, folder: Path, *, keyframe: Path | None, progress: ProgressCallback
    ) -> EngineResult:
        """Make the file.

        Args:
            folder: Empty scratch folder to write to.
            keyframe: The still that a clip starts from; None for a still.
            progress: Told how far it is.

        Raises:
            EngineError: It could not be made; the message says why and what to do.
        """
        ...
