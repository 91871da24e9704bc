"""What happens to running tasks of every kind when the server is restarted, or somebody sets the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from director_lib.config import Settings, load_settings
from director_lib.domain.task import Task, TaskState
from director_lib.tasks.workshop import utc_now
from tests.drills.programs import PATIENCE_S
from tests.drills.queue_drill import Drill, Size, prepared
from tests.drills.queue_findings import Evidence, find_problems
from tests.postgres import Cluster, running_cluster
from tests.tasks.scene import until

pytestmark = pytest.mark.timeout(2 * PATIENCE_S)

_DAY_S = 86_400
_HALF_A_DAY = timedelta(days=0.5)


@pytest.fixture
def database_kind() -> str:
    """A clock is the worker's, whatever the database."""
    return "sqlite"


@pytest.fixture
def server() -> Iterator[Cluster]:
    """A PostgreSQL server that no other test uses."""
    with running_cluster() as cluster:
        yield cluster


def running(drill: Drill) -> list[Task]:
    return [task for task in drill.all_tasks() if task.state is TaskState.RUNNING]


def n_ended(drill: Drill) -> int:
    return sum(not task.is_open for task in drill.all_tasks())


def begin(drill: Drill, n_workers: int = 1) -> None:
    drill.ask_for(len(drill.wanted))
    for _ in range(n_workers):
        drill.crew.wait_for(drill.crew.start())
    until(lambda: len(running(drill)) >= 3, "several tasks run")


def assert_all_went_well(drill: Drill) -> Evidence:
    workers = list(drill.crew.workers)
    drill.finish()
    assert [worker.poll() for worker in workers] == [None] * len(workers), drill.crew.log.read_text()[-5000:]
    evidence = drill.evidence()
    assert [problem + evidence.story(problem) for problem in find_problems(evidence)] == []
    return evidence


def test_tasks_and_workers_outlive_restarts_of_the_server(server: Cluster, tmp_path: Path) -> None:
    with server.fresh() as url:
        settings = load_settings(home=tmp_path / "home", database_url=url, _env_file=None)
        with prepared(settings, tmp_path, Size(n_tasks=14, seed=5, patience_s=300.0)) as drill:
            begin(drill, n_workers=2)
            for end_server in (server.crash, server.shut_down):
                wanted = n_ended(drill) + 2
                until(lambda wanted=wanted: n_ended(drill) >= wanted, "some more are done")  # type: ignore[misc]
                end_server()
                time.sleep(1.0)  # the workers find it gone
                server.start()
            assert_all_went_well(drill)


def test_a_clock_that_jumps_by_a_day_ends_no_attempt_and_delays_none(
    settings: Settings, tmp_path: Path
) -> None:
    """Only the workers' clock is wrong, as that of one machine of several would be."""
    clock = tmp_path / "clock"
    clock.write_text("0")
    with prepared(settings, tmp_path, Size(n_tasks=14, seed=7, patience_s=300.0)) as drill:
        drill.crew.variables["DRILL_CLOCK"] = str(clock)
        begin(drill)
        for error_s in (_DAY_S, -_DAY_S):
            wanted = n_ended(drill) + 2
            clock.write_text(str(error_s))
            until(lambda wanted=wanted: n_ended(drill) >= wanted, "some more are done")  # type: ignore[misc]
        evidence = assert_all_went_well(drill)
    ends = [row.ended_at for rows in evidence.receipts.values() for row in rows if row.ended_at is not None]
    # both jumps were believed
    assert max(ends) - utc_now() > _HALF_A_DAY
    assert utc_now() - min(ends) > _HALF_A_DAY
