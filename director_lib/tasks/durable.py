"""The durable engine under the queue: DBOS, in a database file of this worker's own.

It remembers which step of a claimed task is done and goes on there after a crash. What may start, and who
carries it out, stands in the tasks table; nothing outside this module knows DBOS.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from dbos import DBOS, SetWorkflowID

from director_lib.store.claims import Claim
from director_lib.tasks.maker import MadeFile, Maker

_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_UNENDED = ["ENQUEUED", "PENDING"]
_VERSION = "2"
_MOST_RECOVERIES = 1_000
_AT_ONCE = 500
_MOST_THREADS = 256


class DurableQueue:
    """Runs one workflow for each claim. One for each process: DBOS is a singleton.

    Args:
        path: The engine's own file.
    """

    def __init__(self, path: Path, maker: Maker) -> None:
        self._path = path

        @DBOS.step(name="make")
        def make(task_id: str, fence: int) -> MadeFile | None:
            return maker.make(Claim(task_id, fence))

        @DBOS.step(name="publish")
        def publish(task_id: str, fence: int, made: MadeFile) -> None:
            maker.publish(Claim(task_id, fence), made)

        @DBOS.workflow(name="make_version", max_recovery_attempts=_MOST_RECOVERIES)
        def make_version(task_id: str, fence: int) -> None:
            made = make(task_id, fence)
            if made is not None:
                publish(task_id, fence, made)

        self._workflow = make_version

    def launch(self) -> None:
        """Begin to work: take up what this worker left unfinished."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(self._path) as connection:
            connection.execute("PRAGMA journal_mode=WAL")  # DBOS does not ask for it, and needs it
        connection.close()
        DBOS(
            config={
                "name": "director",
                "system_database_url": f"sqlite:///{self._path}",
                # fixed names: only the same executor of the same version takes up what it left
                "executor_id": "worker",
                "application_version": _VERSION,
                "log_level": "WARNING",
                "scheduler_polling_interval_sec": 3600.0,
                "max_executor_threads": _MOST_THREADS,
            }
        )
        DBOS.launch()
        self._forget_other_versions()

    def hand_over(self, claim: Claim) -> None:
        """Start a claim's workflow; one that runs or ran already is not started again."""
        with SetWorkflowID(f"{claim.task_id}:{claim.fence}"):
            DBOS.start_workflow(self._workflow, claim.task_id, claim.fence)

    def list_unended(self) -> set[Claim]:
        """List the claims whose workflows have not ended."""
        left = DBOS.list_workflows(status=_UNENDED, load_input=False, load_output=False)
        return {_claim(workflow.workflow_id) for workflow in left}

    def forget_finished(self) -> list[Claim]:
        """Remove workflows that ended, so that what is still open of theirs can be started again.

        Returns:
            Their claims, at most 500 at a time; empty when none ended.
        """
        ended = DBOS.list_workflows(status=_ENDED, limit=_AT_ONCE, load_input=False, load_output=False)
        if ended:
            DBOS.delete_workflows([workflow.workflow_id for workflow in ended])
        return [_claim(workflow.workflow_id) for workflow in ended]

    def _forget_other_versions(self) -> None:
        """Remove what an earlier release left: its tasks are claimed anew."""
        left = DBOS.list_workflows(status=_UNENDED, load_input=False, load_output=False)
        strange = [workflow.workflow_id for workflow in left if workflow.app_version != _VERSION]
        for first in range(0, len(strange), _AT_ONCE):
            DBOS.delete_workflows(strange[first : first + _AT_ONCE])


def _claim(workflow_id: str) -> Claim:
    task_id, _, fence = workflow_id.rpartition(":")
    return Claim(task_id, int(fence)) if fence.isdigit() else Claim(workflow_id, 0)
