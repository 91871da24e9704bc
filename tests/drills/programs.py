"""Other processes for drills: told their studio by the environment, they say line by line what they did."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Actor, Role
from director_lib.workbench import Workbench

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE_S = 400
"""A drill takes ten seconds to a minute on a machine of its own, and much longer on a busy one."""

Process = subprocess.Popen[str]


def say(*words: object) -> None:
    """Write one line in one piece, at once: what is on the pipe stays there when the writer is killed."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def open_studio(username: str) -> Workbench:
    """Open the studio that the environment names, in a program."""
    return Workbench.open(load_settings(_env_file=None), Actor(username, Role.DIRECTOR))


@contextmanager
def running(settings: Settings, module: str, *arguments: Sequence[object]) -> Iterator[list[Process]]:
    """Run a program of this package once for each set of arguments; whatever happens, none stays behind."""
    environment = os.environ | settings.environment()
    with ExitStack() as stack:
        started = []
        for given in arguments:
            process = subprocess.Popen(
                [sys.executable, "-m", f"tests.drills.{module}", *map(str, given)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
                cwd=CHECKOUT,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            started.append(process)
        yield started


def told(process: Process) -> list[str]:
    """Let a program end by itself, and return what it said."""
    said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    return said.splitlines()
