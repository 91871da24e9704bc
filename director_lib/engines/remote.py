"""The contract of engines whose work is done by a provider, far away and for money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from director_lib.domain.task import GenerationRequest
from director_lib.engines.protocol import Capabilities, EngineResult


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt to have one file made.

    Attributes:
        tag: Unique for ever; the provider's job can be found again by it.
        placed_at: Aware UTC instant at which the attempt's receipt was written, before any call.
        keyframe: The still that a clip starts from; None for a still.
        references: Further pictures to go by, in order.
    """

    tag: str
    request: GenerationRequest
    placed_at: datetime
    keyframe: Path | None = None
    references: tuple[Path, ...] = ()


class RemoteState(StrEnum):
    """Where a provider's job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class RemoteStatus:
    """What a provider says of a job.

    Attributes:
        percent: From 0 to 100; None when the provider does not tell.
        message: Why it failed, in words for a director; empty otherwise.
        billed_usd: What it cost; None while not known.
        log: The provider's own lines, oldest first.
    """

    state: RemoteState
    percent: float | None = None
    message: str = ""
    billed_usd: float | None = None
    log: tuple[str, ...] = field(default=())

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in (RemoteState.WAITING, RemoteState.RUNNING)


class RemoteEngine(Protocol):
    """Has files made by a provider. Every call may block for seconds; none keeps state in memory.

    A process may die between any two calls, and another one goes on with the remote id alone.
    """

    name: str

    def capabilities(self) -> Capabilities:
        """Tell what it can make."""
        ...

    def price_usd(self, request: GenerationRequest) -> float:
        """Estimate what the request will cost."""
        ...

    def submit(self, order: Order) -> str:
        """Place the order, once; never repeats a call that may have been charged.

        Returns:
            The provider's id of the job.

        Raises:
            ConfigError: A key is missing or refused.
            EngineBusyError: Nothing was charged; the same order may be placed later.
            OutcomeUnknownError: The job may have been made; ``find_orphan`` may find it.
            EngineError: Nothing was charged, and the same order would be refused again.
        """
        ...

    def find_orphan(self, order: Order) -> str | None:
        """Find the job that an earlier ``submit`` of the same order made although it did not say so.

        Returns:
            The provider's id of it; None when there is none (yet: a provider may list a job late).

        Raises:
            EngineBusyError: The provider cannot be asked now.
        """
        ...

    def poll(self, remote_id: str) -> RemoteStatus:
        """Ask how far a job is.

        Raises:
            EngineBusyError: The provider cannot be asked now.
            EngineError: The provider does not know the job any more.
        """
        ...

    def fetch(self, remote_id: str, folder: Path) -> EngineResult:
        """Download a succeeded job's file, completely, into the folder.

        Raises:
            EngineBusyError: The download broke off; it may be tried again.
            EngineError: The file is gone, or is not what was asked for.
        """
        ...

    def cancel(self, remote_id: str) -> None:
        """Have the provider stop a job; does nothing when it has ended.

        Raises:
            EngineBusyError: The provider cannot be asked now.
        """
        ...
