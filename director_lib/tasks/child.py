"""What runs in a task's own process: one engine making one file."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from director_lib.config import Settings
from director_lib.domain.finding import Finding
from director_lib.domain.task import GenerationRequest
from director_lib.engines.protocol import Engine, EngineResult
from director_lib.errors import ConfigError, DirectorError
from director_lib.tasks.checking import find_defects
from director_lib.tasks.leash import tie_to_worker

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
        folder: Empty scratch folder.
        keyframe: The still that a clip starts from.
        settings: What engines are set up with.
        earlier: Version numbers to files of the same asset.
    """

    engines: str
    request: GenerationRequest
    folder: Path
    keyframe: Path | None
    settings: Settings
    earlier: dict[int, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the engine is; percent from 0 to 100."""

    phase: str
    percent: float


@dataclass(frozen=True, slots=True)
class Made:
    """The engine finished its file; ``findings`` is what was noticed about it."""

    result: EngineResult
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The engine gave up, and says why."""

    code: str
    message: str


Message = Progress | Made | Refused


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


def run_job(job: Job, pipe: Connection) -> None:
    """Make the file and send its progress and outcome through the pipe.

    An error that the engine did not mean to raise ends the process; the worker sees that it ended.
    """
    tie_to_worker()
    report = _reporter(pipe.send)
    try:
        engine = load_engines(job.engines)(job.request.engine, job.settings)
        result = engine.generate(job.request, job.folder, keyframe=job.keyframe, progress=report)
        report("checking", 100)
        found = find_defects(result.path, job.request, job.keyframe, job.earlier)
    except DirectorError as error:
        pipe.send(Refused(error.code, error.user_message))
    else:
        pipe.send(Made(result, found))
    finally:
        pipe.close()


def _reporter(send: Callable[[Progress], None]) -> Callable[[str, float], None]:
    last_sent_s = float("-inf")

    def report(phase: str, percent: float) -> None:
        nonlocal last_sent_s
        now_s = time.monotonic()
        if now_s - last_sent_s >= _LEAST_SECONDS_BETWEEN_REPORTS:
            last_sent_s = now_s
            send(Progress(phase, min(100.0, max(0.0, percent))))

    return report
