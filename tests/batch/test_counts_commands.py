"""``director metrics check`` and ``rebuild``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from typer.testing import CliRunner, Result

from director_lib.cli import app
from director_lib.config import Settings
from director_lib.store.count_tables import count_state, count_works
from director_lib.store.database import open_database
from director_lib.tasks.count_groups import count_in_groups
from tests.metrics.histories import History

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call ``director`` on a studio where something was made."""
    monkeypatch.setenv("DIRECTOR_HOME", str(settings.home))
    database = open_database(settings.database)
    History(database).play([("version", 0, 0, 0), ("version", 1, 1, 0), ("decide", 0, 0, 0)])
    database.close()
    return lambda *words: CliRunner().invoke(app, list(words))


def break_counts(settings: Settings) -> None:
    database = open_database(settings.database)
    with database.write() as connection:
        connection.execute(count_works.update().values(versions=7))
    database.close()


def test_whoever_waits_is_told_how_many_streams_are_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    by_stream = partial(count_in_groups, assets_at_once=1)
    monkeypatch.setattr("director_lib.tasks.counting.count_in_groups", by_stream)
    steps = "step 1 of 2\nstep 2 of 2\n"
    assert run("metrics", "rebuild").stderr == steps
    assert run("metrics", "check").stderr == steps


def test_a_check_says_that_the_counts_are_right(run: Run) -> None:
    found = run("metrics", "check")
    assert (found.exit_code, found.stdout) == (0, "The counts are right.\n")


def test_a_check_that_finds_something_says_what_and_counts_anew(run: Run, settings: Settings) -> None:
    run("metrics", "check")
    break_counts(settings)
    told = run("metrics", "check", "--no-rebuild")
    assert told.exit_code == 1
    assert "count_works" in told.stdout
    assert "Nothing was changed" in told.stdout
    mended = run("metrics", "check")
    assert mended.exit_code == 1
    assert "counted anew" in mended.stdout
    assert run("metrics", "check").exit_code == 0


def test_a_rebuild_counts_everything(run: Run, settings: Settings) -> None:
    found = run("metrics", "rebuild")
    assert (found.exit_code, found.stdout) == (0, "Everything is counted.\n")
    assert found.stderr == "step 1 of 1\n"
    database = open_database(settings.database)
    with database.read() as connection:
        assert connection.execute(count_state.select()).one().is_complete
    database.close()
