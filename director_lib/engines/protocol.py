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
    """What an engine can make.

    Attributes:
        remote_kinds: The kinds that a provider makes as a job with an id: the engine then has the methods of
            ``RemoteEngine``, too, and ``generate`` is not called for them.
        most_references: How many further pictures a request may carry, for the kind and model that takes most
            (``catalog.references_taken`` tells it of one request). When it is more than 0, ``generate`` also
            takes ``references``, the pictures' files in order.
        lists_jobs: Whether the provider lists its jobs, so that an order that ``find_orphan`` does not find
            for long enough was never taken.
        longest_s: Longest clip; None where nothing is known, or models differ (``catalog.models_of`` tells).
        camera_only: Whether a clip is the camera moving over the still, and nothing in it moves by itself.
    """

    kinds: frozenset[Kind]
    takes_seed: bool = True
    is_paid: bool = False
    remote_kinds: frozenset[Kind] = frozenset()
    most_references: int = 0
    lists_jobs: bool = False
    longest_s: float | None = None
    camera_only: bool = False


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
