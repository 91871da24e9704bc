"""What an engine started ends with the engine's process, in whatever way that ends."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from director_lib.engines.protocol import ProgressCallback
from director_lib.tasks.child import run_leashed
from tests.tasks.scene import is_alive, until

_PROGRAM = [sys.executable, "-c", "import time; time.sleep(600)"]


def start_program_and_tell(note: Any, report: ProgressCallback) -> None:
    """Be an engine that starts a program and goes on telling how far it is."""
    note.write_text(str(subprocess.Popen(_PROGRAM).pid))
    for percent in range(100):
        report(f"drawing {percent}", percent)


def start_program_and_stumble(note: Any, report: ProgressCallback) -> None:
    note.write_text(str(subprocess.Popen(_PROGRAM).pid))
    raise ValueError("nobody expected this")


@pytest.mark.parametrize("work", [start_program_and_tell, start_program_and_stumble])
def test_a_program_ends_although_the_pipe_broke_before_the_workers_end_was_noticed(
    tmp_path: Path, work: Any
) -> None:
    context = multiprocessing.get_context("forkserver")
    receiver, sender = context.Pipe(duplex=False)
    note = tmp_path / "pid"
    process = context.Process(target=run_leashed, args=(work, note, sender), daemon=True)
    process.start()
    sender.close()
    receiver.close()
    process.join(60)
    assert process.exitcode == 1
    until(lambda: not is_alive(int(note.read_text())), "the program is gone")
