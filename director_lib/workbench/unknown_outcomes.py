"""Paid calls that nobody knows the end of: what can be done, and writing down what was found out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from director_lib.domain.people import Action, require
from director_lib.domain.task import Task
from director_lib.errors import InputError, RuleError
from director_lib.store.events import record_event
from director_lib.store.settlements import Settlement, settle_attempt
from director_lib.store.tasks import get_task
from director_lib.store.unknown_outcomes import OpenQuestion, list_open_questions
from director_lib.workbench.task_desk import TaskDesk


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """A task that may have been made and charged at the provider's, and what can be done about it.

    Attributes:
        provider: The engine's name.
        remote_id: The provider's job; None when no id came back.
        price_usd: What it was estimated to cost.
        advice: What can be done, in words.
    """

    task: Task
    provider: str
    remote_id: str | None
    tried_at: datetime
    price_usd: float
    advice: str


class UnknownOutcomes(TaskDesk):
    """What a person has to look into, because no program can."""

    def unknown(self, stream_id: str | None = None) -> list[UnknownOutcome]:
        """Return the tasks whose outcome nobody knows and nobody has settled, oldest first."""
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return [_told(question) for question in list_open_questions(connection, stream_id=stream_id)]

    def settle(
        self, task_id: str, was_made: bool, note: str = "", *, billed_usd: float | None = None
    ) -> Task:
        """Write down what a person found out in the provider's account about an unknown outcome.

        The task stays "unknown" in the history, but nobody has to look into it any more. Nothing is queued:
        ``retry`` does that.

        Args:
            was_made: Whether the provider made and charged it.
            note: What was found, for whoever reads it later.
            billed_usd: What it cost; the estimate when None. Nothing is charged for what was not made.

        Returns:
            The task.

        Raises:
            PermissionDeniedError: The actor may not generate.
            NotFoundError: There is no such task.
            RuleError: There is nothing to settle about it.
            InputError: The price is negative, or there is one for something that was not made.
        """
        require(self._actor, Action.GENERATE)
        if billed_usd is not None and (billed_usd < 0 or not was_made):
            raise InputError("A price is only given for what was made, and it is not negative.")
        now = self._clock()
        with self._database.write() as connection:
            task = get_task(connection, task_id)
            questions = list_open_questions(connection, task_id=task_id)
            if not questions:
                raise RuleError(
                    f"Task {task_id} is {task.state.value} and has no outcome to settle. Nothing was changed."
                )
            for question in questions:
                price_usd = question.estimated_usd if billed_usd is None else billed_usd / len(questions)
                cost_usd = price_usd if was_made else 0.0
                settle_attempt(connection, question.tag, Settlement(was_made, cost_usd, now, note))
            request = task.request
            place = (request.stream_id, request.segment_id, request.kind)
            details = {"task_id": task_id, "was_made": was_made, "note": note}
            record_event(connection, "settled", self._actor.username, now, place=place, details=details)
        return task


def _told(question: OpenQuestion) -> UnknownOutcome:
    return UnknownOutcome(
        task=question.task,
        provider=question.engine,
        remote_id=question.remote_id,
        tried_at=question.started_at,
        price_usd=question.estimated_usd,
        advice=_advice(question),
    )


def _advice(question: OpenQuestion) -> str:
    """Say what can be done, with the exact words to search for."""
    provider, model = question.engine, f" ({question.model})" if question.model else ""
    # a provider's console shows seconds
    at = f"{question.started_at:%Y-%m-%d %H:%M:%S} UTC"
    look = (
        f"Look for the job {question.remote_id} in the {provider} account{model}"
        if question.remote_id
        else f"Look into the {provider} account{model} for a call at {at} ({question.tag})"
    )
    return (
        f"{look}. If it was made, settle it as made: about ${question.estimated_usd:.2f} is then spent. If "
        "not, settle it as not made. Either way, retry the task if you still want the file; until it is "
        "settled, its price counts as spent."
    )
