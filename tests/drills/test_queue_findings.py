"""The drill of the queue finds what it looks for: each thing that must not be is there once, and is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Version
from director_lib.intake.produced import Produced, take_in
from director_lib.media.files import VersionFiles
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.database import open_database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tables import assets
from director_lib.store.tasks import Outcome, finish, list_tasks, start
from director_lib.streams.folder import StreamsRoot
from director_lib.tasks.workshop import utc_now
from tests.drills.queue_findings import Evidence, find_problems, summarise
from tests.drills.queue_script import LEDGER
from tests.intake.studio import request_of, write_spec, write_still

NAME = "still-0001"


@pytest.fixture
def database_kind() -> str:
    """What is looked at is the same on both databases."""
    return "sqlite"


@dataclass
class Case:
    """One task, made for money by a program and by the rules, which a test then spoils."""

    evidence: Evidence
    task: Task

    def end(self, state: TaskState) -> None:
        with self.evidence.database.write() as connection:
            open_attempt(connection, self.task, utc_now())
            close_attempt(
                connection, f"{self.task.id}:1", state=state.value, ended_at=utc_now(), billed_usd=0.5
            )
            finish(connection, self.task.id, Outcome(state, utc_now()))

    def succeed(self) -> Version:
        evidence = self.evidence
        path = write_still(evidence.folder / "made.png")
        with evidence.database.write() as connection:
            open_attempt(connection, self.task, utc_now())
            close_attempt(
                connection, f"{self.task.id}:1", state="succeeded", ended_at=utc_now(), billed_usd=0.5
            )
        files, root = self.files, StreamsRoot(evidence.settings.streams_root)
        take_in(evidence.database, files, root, Produced(self.task.id, path, "double/1"), now=utc_now())
        [version] = evidence.versions
        return version

    @property
    def files(self) -> VersionFiles:
        return VersionFiles(self.evidence.settings.media_dir)

    def note(self, *lines: str) -> None:
        with (self.evidence.folder / LEDGER).open("a") as ledger:
            ledger.writelines(f"{line} {time.monotonic()}\n" for line in lines)

    def problems(self) -> list[str]:
        with self.evidence.database.read() as connection:
            self.evidence.tasks = list_tasks(connection)
        return find_problems(self.evidence)


@pytest.fixture
def case(settings: Settings, tmp_path: Path) -> Iterator[Case]:
    write_spec(settings.streams_root / "harbour")
    database = open_database(settings.database)
    request = request_of(engine="script", image_prompt=f"fine {NAME} of a harbour")
    with database.write() as connection:
        enqueue(connection, NewTask("t_1", request, "dora", 0.5, 10, utc_now()))
        task = start(connection, "t_1", utc_now())
    report = {"made": {}, "faults": {}}
    evidence = Evidence(settings, database, [task], {"t_1": NAME}, {}, set(), report, tmp_path, [])
    yield Case(evidence, task)
    database.close()


def test_what_went_by_the_rules_is_no_problem(case: Case) -> None:
    case.note(f"paid {NAME}", f"made {NAME}")
    case.succeed()
    assert case.problems() == []
    assert "1 succeeded" in summarise(case.evidence, [])


def test_a_task_that_never_ended_is_found(case: Case) -> None:
    assert any("never ended" in problem for problem in case.problems())


def test_what_was_paid_twice_is_found(case: Case) -> None:
    case.succeed()
    case.note(f"paid {NAME}", f"paid {NAME}")
    assert any("paid 2 times" in problem for problem in case.problems())


def test_what_a_provider_made_twice_is_found(case: Case) -> None:
    case.succeed()
    case.evidence.report["made"][NAME] = [{"ended_s": 1.0}, {"ended_s": 2.0}]
    assert any("paid 2 times" in problem for problem in case.problems())


@pytest.mark.parametrize("state", [TaskState.FAILED, TaskState.UNKNOWN, TaskState.CANCELLED])
def test_an_end_that_nothing_explains_is_found(case: Case, state: TaskState) -> None:
    case.end(state)
    case.evidence.confirmed_s["t_1"] = time.monotonic()
    assert any("nothing explains" in problem for problem in case.problems())


def test_a_program_that_goes_on_after_the_cancel_is_found(case: Case) -> None:
    case.end(TaskState.CANCELLED)
    case.evidence.asked_to_cancel.add("t_1")
    case.evidence.confirmed_s["t_1"] = time.monotonic() - 10
    assert case.problems() == []
    case.note(f"made {NAME}")
    del case.evidence.ledger
    assert any("went on (made) after the cancel" in problem for problem in case.problems())


def test_a_providers_job_that_goes_on_after_the_cancel_is_found(case: Case) -> None:
    case.end(TaskState.CANCELLED)
    case.evidence.asked_to_cancel.add("t_1")
    case.evidence.confirmed_s["t_1"] = time.monotonic()
    case.evidence.report["made"][NAME] = [{"ended_s": None}]
    assert any("job went on after the cancel" in problem for problem in case.problems())


def test_a_version_without_its_file_is_found(case: Case) -> None:
    version = case.succeed()
    case.files.get(version.sha256, version.extension).unlink()
    assert any("is missing" in problem for problem in case.problems())


def test_a_file_in_place_that_is_another_one_is_found(case: Case) -> None:
    case.succeed()
    folder = case.evidence.settings.streams_root / "harbour" / "keyframes"
    write_still(folder / "segment_1_keyframe.png", "red")
    assert any("not the current version" in problem for problem in case.problems())


def test_a_version_that_waits_to_be_put_in_place_is_found(case: Case) -> None:
    version = case.succeed()
    with case.evidence.database.write() as connection:
        connection.execute(assets.update().values(pending_version_id=version.id))
    assert any("wait to be put in place" in problem for problem in case.problems())


def test_an_open_receipt_of_a_closed_task_is_found(case: Case) -> None:
    case.succeed()
    with case.evidence.database.write() as connection:
        open_attempt(connection, case.task, utc_now())
    assert any("is left started" in problem for problem in case.problems())


def test_what_was_paid_and_is_booked_as_free_is_found(case: Case) -> None:
    case.note(f"paid {NAME}")
    case.succeed()
    with case.evidence.database.write() as connection:
        close_attempt(connection, "t_1:1", billed_usd=0.0)
    assert any("booked as free" in problem for problem in case.problems())


def test_a_process_and_a_folder_that_were_left_are_found(case: Case) -> None:
    case.succeed()
    case.evidence.left_running.append("4711 (sleep)")
    (case.evidence.settings.data_dir / "scratch" / "t_1").mkdir(parents=True)
    told = "\n".join(case.problems())
    assert "4711" in told
    assert "scratch folders of closed tasks" in told
