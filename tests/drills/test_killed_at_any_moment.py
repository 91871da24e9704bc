from __future__ import annotations

import json
import random
import signal
import time

import pytest

from director_lib.config import Settings
from director_lib.workbench import Workbench
from tests.drills.kill_program import N_SEGMENTS
from tests.drills.ledger import Ledger, Said
from tests.drills.programs import PATIENCE_S, Process, running
from tests.drills.test_many_processes import write_film

N_KILLS = 50


@pytest.mark.timeout(PATIENCE_S)
def test_50_kills_at_random_moments_lose_nothing_that_was_acknowledged(settings: Settings) -> None:
    write_film(settings.streams_root, N_SEGMENTS)
    chance = random.Random()
    ledger = Ledger(dict.fromkeys(range(1, N_SEGMENTS + 1), "before"))
    with running(settings, "kill_program", []) as [nest]:
        assert _line(nest) == "ready"
        for kill in range(N_KILLS):
            intended = ledger.take(_work_and_kill(nest, kill, chance))
            with Workbench.open(settings) as workbench:
                ledger.check(workbench, intended)
    assert ledger.n_acknowledged > N_KILLS / 2
    assert len(ledger.seen) > 3
    assert ledger.decisions


def _work_and_kill(nest: Process, seed: int, chance: random.Random) -> list[Said]:
    """Let somebody work until a moment nobody chose; return what they said until then."""
    _command(nest, f"start {seed}")
    said: list[Said] = []
    n_lines = chance.randint(0, 6)
    while len(said) < n_lines or (said and said[-1][0] != ">"):
        said.append(_said(_line(nest)))
    time.sleep(chance.uniform(0, 0.02))
    _command(nest, "kill")
    while not (line := _line(nest)).startswith("ended"):
        said.append(_said(line))
    assert line == f"ended {-signal.SIGKILL}"
    return said


def _command(nest: Process, command: str) -> None:
    assert nest.stdin is not None
    nest.stdin.write(f"{command}\n")
    nest.stdin.flush()


def _line(nest: Process) -> str:
    assert nest.stdout is not None
    return nest.stdout.readline().rstrip("\n")


def _said(line: str) -> Said:
    sign, _, facts = line.partition(" ")
    return sign, json.loads(facts)
