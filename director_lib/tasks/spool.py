"""What a call that outlives its worker leaves in its folder, for whoever takes the task up."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from director_lib.engines.protocol import EngineResult
from director_lib.streams.atomic import atomic_write
from director_lib.tasks.attempt import Busy, Made, Refused, Unknown
from director_lib.tasks.leash import birth_mark, kill_tree

_LOCK_PATIENCE_S = 2.0
_LOOK_S = 0.01


@dataclass(frozen=True, slots=True)
class Placed:
    """The provider took the order and named its job."""

    remote_id: str


Outcome = Made | Placed | Refused | Busy | Unknown
_FAILURES = {"refused": Refused, "busy": Busy, "unknown": Unknown}


@dataclass(frozen=True, slots=True)
class Spool:
    """One call's folder. The lock is held while the call lasts, and free once it ended in whatever way."""

    folder: Path

    @property
    def errors(self) -> Path:
        """Where the call's process writes what it has to say about crashes."""
        return self.folder / "call.err"

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the lock; false when somebody else keeps it."""
        # whoever just looks whether it is held has it for a moment, too
        until_s = time.monotonic() + _LOCK_PATIENCE_S
        with (self.folder / "call.lock").open("ab") as file:
            while not (got := _try_lock(file.fileno(), fcntl.LOCK_EX)) and time.monotonic() < until_s:
                time.sleep(_LOOK_S)
            yield got

    def is_held(self) -> bool:
        """Tell whether a call is under way."""
        try:
            with (self.folder / "call.lock").open("rb") as file:
                return not _try_lock(file.fileno(), fcntl.LOCK_SH)
        except FileNotFoundError:
            return False

    def write_card(self) -> None:
        """Say which process this is, so that others can end it."""
        card = {"pid": os.getpid(), "born": birth_mark(os.getpid())}
        self._write("pid.json", card)

    def kill(self) -> None:
        """End the call's processes; returns when they are gone. Processes of another machine go on.

        Raises:
            WorkerError: One of them does not die.
        """
        card = self._read("pid.json")
        if card is not None:
            kill_tree(card["pid"], card["born"])

    def write_started(self) -> None:
        """Say, for good, that from now on something may have been sent."""
        self._write("started", {})

    def has_started(self) -> bool:
        """Tell whether something may have been sent."""
        return (self.folder / "started").exists()

    def seal(self) -> None:
        """Say, for good, that no call may begin any more."""
        self._write("sealed", {})

    def is_sealed(self) -> bool:
        """Tell whether no call may begin any more."""
        return (self.folder / "sealed").exists()

    def write_outcome(self, outcome: Outcome) -> None:
        """Leave what came of the call."""
        self._write("outcome.json", {"kind": type(outcome).__name__.lower(), **asdict(outcome)})

    def find_outcome(self) -> Outcome | None:
        """Return what came of the call; None while nobody knows."""
        told = self._read("outcome.json")
        return None if told is None else _outcome(told)

    def _write(self, name: str, values: dict[str, Any]) -> None:
        atomic_write(self.folder / name, json.dumps(values, default=str).encode())

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            told: dict[str, Any] = json.loads((self.folder / name).read_bytes())
        except FileNotFoundError:
            return None
        return told


def is_any_held(root: Path) -> bool:
    """Tell whether any call in the folders below is under way."""
    return any(Spool(lock.parent).is_held() for lock in root.rglob("call.lock"))


def _try_lock(file: int, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _outcome(told: dict[str, Any]) -> Outcome:
    kind = told.pop("kind")
    if kind == "placed":
        return Placed(**told)
    if kind == "made":
        result = told["result"]
        return Made(EngineResult(**{**result, "path": Path(result["path"])}))
    outcome: Outcome = _FAILURES[kind](**told)
    return outcome
