"""One deed on many segments: what cannot be done is left out and named, and one undo takes all of it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Unpack

import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import Task
from director_lib.domain.version import Kind
from director_lib.errors import StaleWriteError
from director_lib.store.comments import Remark
from director_lib.store.decisions import NewDecision
from director_lib.store.undo import UndoStep, push_step
from director_lib.tasks.ordering import Making, Order
from director_lib.tasks.selection import Choice, Leave, choose
from director_lib.workbench.bulk_rules import BEING_MADE, OVERRULED, Shown, Standings, read_standings
from director_lib.workbench.comments import Comments, checked_words
from director_lib.workbench.foreseeing import Forecast
from director_lib.workbench.regenerating import send_back
from director_lib.workbench.reviews import label
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.verdicts import check_unseen, record_decision

__all__ = ["Bulk", "BulkResult", "Shown"]


@dataclass(slots=True)
class BulkResult:
    """What came of it.

    Attributes:
        done: Segments that it was done to, in the stream's order.
        skipped: Segments that were left as they are, each with the reason in words.
        tasks: What was queued.
    """

    done: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def price_usd(self) -> float:
        """Estimated price of what was queued."""
        return sum(task.price_usd for task in self.tasks)


class Bulk:
    """Deeds on many segments of a stream."""

    def __init__(self, studio: Studio, streams: Streams, tasks: Tasks, comments: Comments) -> None:
        self._studio = studio
        self._streams = streams
        self._tasks = tasks
        self._comments = comments

    def approve(self, stream_id: str, kind: Kind, shown: Mapping[int, Shown]) -> BulkResult:
        """Approve what was looked at, as one step.

        Left out is what has no version or another one by now, what is being made anew, what is approved
        already, and what somebody else sent back in the meantime.

        Args:
            shown: By segment, what the person looked at.

        Raises:
            PermissionDeniedError: The actor may not decide.
            NotFoundError: There is no such stream or segment.
        """
        self._studio.require(Action.DECIDE)
        stream, result, seqs = self._streams.get(stream_id), BulkResult(), []
        with self._studio.database.write() as connection:
            standings = read_standings(connection, stream, kind, self._me)
            for segment_id in standings.in_order(shown):
                why = standings.why_not_approved(segment_id, shown[segment_id])
                seq = None if why else self._approve(connection, standings, segment_id, shown[segment_id])
                if seq is None:
                    result.skipped.append((segment_id, why or OVERRULED))
                else:
                    result.done.append(segment_id)
                    seqs.append(seq)
            if seqs:
                told = label(DecisionKind.APPROVED, kind, result.done)
                self._remember(connection, UndoStep(0, stream_id, told, seqs))
        return result

    def foresee(
        self, stream_id: str, kind: Kind, segment_ids: Sequence[int], **making: Unpack[Making]
    ) -> Forecast:
        """Say what ``regenerate`` would make, leave out and cost; nothing is queued.

        Raises:
            NotFoundError: There is no such stream or segment.
            InputError: There is no such engine or model.
        """
        with self._studio.database.read() as connection:
            standings = read_standings(connection, self._streams.get(stream_id), kind, self._me)
        made = [segment_id for segment_id in segment_ids if standings.is_being_made(segment_id)]
        rest = [segment_id for segment_id in segment_ids if segment_id not in made]
        planned = self._tasks.foresee(stream_id, kind, rest, **making)
        skipped = sorted([*planned.skipped, *((segment_id, BEING_MADE) for segment_id in made)])
        return replace(planned, skipped=skipped)

    def regenerate(
        self, stream_id: str, kind: Kind, shown: Mapping[int, Shown], **making: Unpack[Making]
    ) -> BulkResult:
        """Send many back and queue their next versions, as one step.

        Left out is what is approved, what is being made already, what cannot be made, what has another
        version by now, and what somebody else decided on in the meantime.

        Raises:
            PermissionDeniedError: The actor may not generate.
            NotFoundError: There is no such stream or segment.
            InputError: There is no such engine or model, or there are too many variants.
            RuleError: The price is over the budget; nothing was queued.
        """
        self._studio.require(Action.GENERATE)
        stream, result = self._streams.get(stream_id), BulkResult()
        step = UndoStep(0, stream_id, "")
        with self._studio.database.write() as connection:
            standings = read_standings(connection, stream, kind, self._me)
            wanted: list[Choice] = []
            for choice in choose(connection, stream, kind, list(shown), Leave()):
                number = choice.segment.id
                why = choice.reason or standings.why_not_made(number, shown[number])
                if why:
                    result.skipped.append((number, why))
                else:
                    wanted.append(choice)
            orders = self._tasks.orders_for(connection, stream, kind, wanted, making)
            orders = self._send_back(connection, standings, orders, shown, result, step)
            result.skipped.sort()
            result.done = list(dict.fromkeys(order.request.segment_id for order in orders))
            if orders:
                result.tasks = self._tasks.enqueue_all_in(connection, orders)
                step.task_ids.extend(task.id for task in result.tasks)
                told = f"regenerated {_which(kind, result.done)}"
                self._remember(connection, replace(step, label=told))
        return result

    def comment(self, stream_id: str, kind: Kind, segment_ids: Sequence[int], text: str) -> BulkResult:
        """Begin a thread with the same words at many segments, about their current versions, as one step.

        Undo closes the threads; comments are never removed.

        Raises:
            InputError: The text is empty or too long.
            NotFoundError: There is no such stream or segment.
        """
        self._studio.require(Action.COMMENT)
        text = checked_words(text)
        stream, said = self._streams.get(stream_id), []
        with self._studio.database.write() as connection:
            standings = read_standings(connection, stream, kind, self._me)
            ids = standings.in_order(segment_ids)
            for segment_id in ids:
                version = standings.version(segment_id)
                remark = Remark(text, version.id if version else None)
                said.append(self._comments.add_in(connection, (stream_id, segment_id, kind), remark).id)
            told = f"commented on {_which(kind, ids)}"
            self._remember(connection, UndoStep(0, stream_id, told, comment_ids=said))
        return BulkResult(ids)

    @property
    def _me(self) -> str:
        return self._studio.actor.username

    def _remember(self, connection: sa.Connection, step: UndoStep) -> None:
        push_step(connection, self._me, step, self._studio.clock())

    def _approve(
        self, connection: sa.Connection, standings: Standings, segment_id: int, shown: Shown
    ) -> int | None:
        """Approve one; None when that would overrule somebody unseen."""
        version = standings.get_version(segment_id)
        new = NewDecision(version.id, version.sha256, DecisionKind.APPROVED, self._me, self._studio.clock())
        try:
            check_unseen(connection, version, new, shown.decision_seq)
        except StaleWriteError:
            return None
        return record_decision(connection, new, (version.stream_id, segment_id, version.kind)).seq

    def _send_back(
        self,
        connection: sa.Connection,
        standings: Standings,
        orders: Sequence[Order],
        shown: Mapping[int, Shown],
        result: BulkResult,
        step: UndoStep,
    ) -> list[Order]:
        """Record that each is to be made anew; leave out the orders of those decided otherwise unseen."""
        first = {order.request.segment_id: order.request for order in reversed(orders)}
        for number in standings.in_order(first):
            version, seen = standings.version(number), shown[number].decision_seq
            try:
                made = send_back(self._studio, connection, version, first[number], seen)
            except StaleWriteError:
                result.skipped.append((number, OVERRULED))
                del first[number]
                continue
            step.decision_seqs.extend(decision.seq for decision in made)
            step.previous_version_ids.extend([version.id] if version else [])
        return [order for order in orders if order.request.segment_id in first]


def _which(kind: Kind, segment_ids: Sequence[int]) -> str:
    return f"{kind} {segment_ids[0]}" if len(segment_ids) == 1 else f"{len(segment_ids)} {kind}s"
