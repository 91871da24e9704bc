"""What runs in a process of its own for a task: an engine at work, or a look at what it made."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Protocol, TypeVar

from director_lib.config import Settings
from director_lib.domain.finding import Finding
from director_lib.domain.task import GenerationRequest
from director_lib.engines.protocol import Engine, EngineResult, ProgressCallback
from director_lib.engines.remote import RemoteEngine
from director_lib.errors import (
    ConfigError,
    DirectorError,
    EngineBusyError,
    InputError,
    InvalidMediaError,
    OutcomeUnknownError,
)
from director_lib.tasks.attempt import Attempt, Busy, Made, Refused, Unknown
from director_lib.tasks.checking import find_defects
from director_lib.tasks.leash import kill_tree_below, tie_to_worker

DEFAULT_ENGINES = "director_lib.engines.registry:get_engine"
_LEAST_SECONDS_BETWEEN_REPORTS = 0.1


class EngineSource(Protocol):
    """Gives an engine by its name; raises InputError when there is none."""

    def __call__(self, name: str, settings: Settings) -> Engine:
        """Return the engine."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """What a task's process is told.

    Attributes:
        engines: Where engines come from, as ``module:function``.
        settings: What engines are set up with.
        result: The file to look at, when there is one already.
    """

    engines: str
    settings: Settings
    attempt: Attempt
    result: EngineResult | None = None

    @property
    def request(self) -> GenerationRequest:
        """What is to be made."""
        return self.attempt.task.request

    def load_engine(self) -> Engine:
        """Return the engine that the request names.

        Raises:
            InputError: There is no such engine.
            ConfigError: Engines cannot be imported, or its settings cannot work.
        """
        return load_engines(self.engines)(self.request.engine, self.settings)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the engine is; percent from 0 to 100."""

    phase: str
    percent: float


Failed = Refused | Busy | Unknown
Message = Progress | Made | Failed
Work = Callable[[Job, ProgressCallback], Made | Failed]
_Done = TypeVar("_Done")


def load_engines(source: str) -> EngineSource:
    """Import the function that gives engines.

    Raises:
        ConfigError: There is no such function.
    """
    module, _, name = source.partition(":")
    try:
        found: EngineSource = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"Engines cannot be taken from “{source}” ({error}). "
            f"Give module:function, like {DEFAULT_ENGINES}."
        ) from error
    return found


def run_leashed(work: Work, job: Job, pipe: Connection) -> None:
    """Do the work and send progress and outcome through the pipe, as long as the worker lives.

    An error that nobody meant to raise ends the process; the worker sees that it ended. What the engine
    started ends with it: a pipe that breaks because the worker was killed is often noticed before its end is.
    """
    tie_to_worker()
    report = reporter(pipe.send)
    try:
        pipe.send(work(job, report))
    finally:
        kill_tree_below(os.getpid())
        pipe.close()


def make_and_check(job: Job, report: ProgressCallback) -> Made | Failed:
    """Let a free engine make the file, and look at it."""
    made = failing(lambda: Made(generate(job.load_engine(), job, report)), billed_usd=0.0)
    if isinstance(made, Made):
        report("checking", 100)
        return Made(made.result, _look_at(job, made.result))
    return made


def check(job: Job, report: ProgressCallback) -> Made | Failed:
    """Look at the file that is there already; one that cannot be opened is refused."""
    from director_lib.media.probe import probe

    result = job.result
    assert result is not None
    report("checking", 100)
    try:
        probe(result.path)
    except InvalidMediaError as error:
        return Refused(error.code, f"{error.user_message} Nothing was replaced.", result.cost_usd)
    return Made(result, _look_at(job, result))


def fetch(job: Job, report: ProgressCallback) -> Made | Failed:
    """Bring home the file of a provider's job."""
    engine: RemoteEngine = job.load_engine()  # type: ignore[assignment]  # the way was chosen for its kinds
    remote_id = job.attempt.remote_id
    assert remote_id is not None
    report("downloading", 100)
    return failing(lambda: Made(engine.fetch(remote_id, job.attempt.folder)), billed_usd=None)


def generate(engine: Engine, job: Job, report: ProgressCallback) -> EngineResult:
    """Have an engine make the file.

    Raises:
        DirectorError: It could not be made, or nobody knows whether it was.
    """
    attempt = job.attempt
    # an engine that takes no references need not know that there are some
    further = {"references": attempt.references} if engine.capabilities().most_references else {}
    return engine.generate(job.request, attempt.folder, keyframe=attempt.keyframe, progress=report, **further)


def failing(call: Callable[[], _Done], *, billed_usd: float | None) -> _Done | Failed:
    """Return what the call returns, or what its error means.

    Args:
        billed_usd: What a refusal costs, when it does not say itself that nothing was sent.
    """
    try:
        return call()
    except EngineBusyError as error:
        return Busy(error.user_message, error.retry_after_s)
    except OutcomeUnknownError as error:
        return Unknown(error.user_message)
    except (ConfigError, InputError) as error:
        return Refused(error.code, error.user_message, 0.0)
    except DirectorError as error:
        return Refused(error.code, error.user_message, billed_usd)


def reporter(send: Callable[[Progress], None]) -> ProgressCallback:
    """Return what tells progress through ``send``: each new phase, and else not too often."""
    last_sent_s, last_phase = float("-inf"), ""

    def report(phase: str, percent: float) -> None:
        nonlocal last_sent_s, last_phase
        now_s = time.monotonic()
        if phase != last_phase or now_s - last_sent_s >= _LEAST_SECONDS_BETWEEN_REPORTS:
            last_sent_s, last_phase = now_s, phase
            send(Progress(phase, min(100.0, max(0.0, percent))))

    return report


def _look_at(job: Job, result: EngineResult) -> tuple[Finding, ...]:
    attempt = job.attempt
    return find_defects(result.path, job.request, attempt.keyframe, attempt.earlier)
