"""Paid calls of tasks on whole streams that nobody knows the end of, and what was found out about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from director_lib.domain.people import Action
from director_lib.domain.stream_task import StreamTask
from director_lib.errors import InputError, RuleError
from director_lib.store.events import record_event
from director_lib.store.job_receipts import settle_unknown_receipt
from director_lib.store.stream_tasks import get_stream_task
from director_lib.store.unknown_jobs import UnknownReceipt, list_unknown_receipts
from director_lib.workbench.studio import Studio


@dataclass(frozen=True, slots=True)
class UnknownJob:
    """A task on a whole stream that may have been carried out and charged, and what can be done about it.

    Attributes:
        provider: The engine's name.
        remote_id: None: such calls have no id at the provider.
        price_usd: What it was estimated to cost.
        advice: What can be done, in words.
    """

    task: StreamTask
    provider: str
    remote_id: None
    tried_at: datetime
    price_usd: float
    advice: str


def list_unknown_jobs(studio: Studio, stream_id: str | None = None) -> list[UnknownJob]:
    """Return the tasks on streams whose outcome nobody knows and nobody has settled, oldest first."""
    studio.require(Action.VIEW)
    with studio.database.read() as connection:
        return [_told(found) for found in list_unknown_receipts(connection, stream_id=stream_id)]


def settle_job(
    studio: Studio, task_id: str, was_made: bool, note: str = "", *, billed_usd: float | None = None
) -> StreamTask:
    """Write down what a person found out in the provider's account about such a task.

    It stays "unknown" in the history; its receipt says what it cost. Nothing is queued: ``retry`` does that.

    Args:
        was_made: Whether the provider answered and charged it.
        note: What was found, for whoever reads it later; it stands in the timeline.
        billed_usd: What it cost; the estimate when None. Nothing is charged for what was not made.

    Raises:
        PermissionDeniedError: The actor may not generate.
        NotFoundError: There is no such task.
        RuleError: There is nothing to settle about it.
        InputError: The price is negative, or there is one for something that was not made.
    """
    studio.require(Action.GENERATE)
    if billed_usd is not None and (billed_usd < 0 or not was_made):
        raise InputError("A price is only given for what was made, and it is not negative.")
    now = studio.clock()
    with studio.database.write() as connection:
        task = get_stream_task(connection, task_id)
        found = list_unknown_receipts(connection, task_id=task_id)
        if not found:
            raise RuleError(
                f"Task {task_id} is {task.state.value} and has no outcome to settle. Nothing was changed."
            )
        price_usd = found[0].estimated_usd if billed_usd is None else billed_usd
        settle_unknown_receipt(connection, task_id, price_usd if was_made else 0.0, was_made, now)
        details = {"task_id": task_id, "job": task.kind, "was_made": was_made, "note": note}
        place = None if task.stream_id is None else (task.stream_id, None, None)
        record_event(connection, "settled", studio.actor.username, now, place=place, details=details)
    return task


def _told(found: UnknownReceipt) -> UnknownJob:
    advice = (
        f"Look into the {found.engine} account ({found.model}) for a call at "
        f"{found.started_at:%Y-%m-%d %H:%M:%S} UTC. If it was answered, settle it as made: about "
        f"${found.estimated_usd:.2f} is then spent. If not, settle it as not made. Either way, retry the "
        "task if you still want it; until it is settled, its price counts as spent."
    )
    return UnknownJob(found.task, found.engine, None, found.started_at, found.estimated_usd, advice)
