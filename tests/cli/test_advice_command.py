"""`director advice`, as a process."""

from __future__ import annotations

import json

from director_lib.config import Settings
from director_lib.workbench import Workbench
from tests.cli.test_commands import Run, run, stream_folder
from tests.workbench.advised import record_decisions

__all__ = ["run", "stream_folder"]


def test_what_was_learned_is_shown(run: Run, settings: Settings) -> None:
    assert "Nothing was learned yet" in run("advice").stdout
    with Workbench.open(settings) as workbench, workbench.studio.database.write() as connection:
        record_decisions(connection, 60)
    told = run("advice", "--learn").stdout
    assert "Learned from 60 judged attempts. Not enough data: effects need about 500." in told
    assert "gentle pan" in told
    shown = json.loads(run("advice", "--json").stdout)
    assert (shown["n_attempts"], shown["is_enough"]) == (60, False)
