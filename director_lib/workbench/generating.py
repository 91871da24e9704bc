"""Asking for stills and clips: what it costs, what is skipped and why, and what existed already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Unpack

import sqlalchemy as sa

from director_lib.domain.people import Action, require
from director_lib.domain.stream import Stream
from director_lib.domain.task import PRIORITY_BATCH, PRIORITY_SINGLE, GenerationRequest, Task
from director_lib.domain.version import Kind
from director_lib.intake.scan import scan_stream
from director_lib.media.files import VersionFiles
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.versions import current_versions
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from director_lib.tasks.clearance import UNAPPROVED_KEYFRAME, recorded_overrides
from director_lib.tasks.ordering import Making, Order, OrderBook, leave_for
from director_lib.tasks.selection import Choice, Selection, choose
from director_lib.workbench.foreseeing import Foreseeing
from director_lib.workbench.queueing import Queued, Queueing


@dataclass(frozen=True, slots=True)
class GenerateResult:
    """What came of asking for several segments.

    Attributes:
        queued: A task for each still or clip that is made, in the stream's order; keyframes that clips wait
            for come before all others. What was already asked for with the same prompts has the task of then.
        skipped: Segment id and reason, in the stream's order.
        price_usd: Estimated price of the new tasks.
        existing: Ids of those queued tasks that were there before: nothing was queued twice.
    """

    queued: list[Task]
    skipped: list[tuple[int, str]]
    price_usd: float
    existing: list[str] = field(default_factory=list)


class Generating(Foreseeing):
    """Requests for stills and clips, from the wish to the queue."""

    def generate(
        self,
        stream_id: str,
        kind: Kind,
        segments: Selection,
        *,
        allow_approved: bool = False,
        allow_unapproved_keyframe: bool = False,
        **making: Unpack[Making],
    ) -> GenerateResult:
        """Queue stills or clips for several segments, all or none.

        Approved ones are left alone, and so are segments without a prompt, clips whose keyframe is not
        approved, and what "missing", "stale" or "all" finds being made already. The result says why.

        Args:
            segments: Segment ids, or "missing", "stale" or "all".
            allow_approved: Replace approved ones, too.
            allow_unapproved_keyframe: Make clips from keyframes that are not approved, too.
            making: What may differ from what the stream says, pictures to go by, how many variants, and
                whether clips get their keyframes first: see ``Making``.

        Raises:
            PermissionDeniedError: The actor may not generate.
            NotFoundError: There is no such stream or segment.
            InputError: There is no such engine, model or selection, or the engine does not make that kind or
                takes no pictures to go by.
            RuleError: The price is over the budget of the day or the stream; nothing was queued.
        """
        require(self._actor, Action.GENERATE)
        stream = self._read(stream_id)
        leave = leave_for(making, allow_approved, allow_unapproved_keyframe)
        is_single = not isinstance(segments, str) and len(segments) == 1
        with self._database.write() as connection:
            choices = choose(connection, stream, kind, segments, leave)
            book = OrderBook(self._asking(connection, stream, making), kind, making)
            orders = book.orders(connection, [choice for choice in choices if choice.reason is None])
            queued = self._queueing.enqueue(
                connection,
                orders,
                PRIORITY_SINGLE if is_single else PRIORITY_BATCH,
                seed_is_chosen=making.get("seed") is not None,
                allow_unapproved_keyframe=allow_unapproved_keyframe,
            )
        return _result(choices, queued)

    def enqueue_in(
        self,
        connection: sa.Connection,
        request: GenerationRequest,
        priority: int = PRIORITY_SINGLE,
        *,
        seed_is_chosen: bool = False,
        allow_unapproved_keyframe: bool = False,
    ) -> Task:
        """Queue one request in the caller's transaction; see ``enqueue_or_find_in``."""
        return self.enqueue_or_find_in(
            connection,
            Order(request),
            priority,
            seed_is_chosen=seed_is_chosen,
            allow_unapproved_keyframe=allow_unapproved_keyframe,
        )[0]

    def enqueue_or_find_in(
        self,
        connection: sa.Connection,
        order: Order,
        priority: int = PRIORITY_SINGLE,
        *,
        seed_is_chosen: bool = False,
        allow_unapproved_keyframe: bool = False,
    ) -> tuple[Task, bool]:
        """Queue one order in the caller's transaction, together with the decision that caused it.

        Args:
            seed_is_chosen: Whether a person asked for exactly this seed. If not, an open task for the same
                asset, engine and prompts is returned instead of a second one: two clicks make one task.
            allow_unapproved_keyframe: Whether a clip may start from a keyframe that is not approved.

        Returns:
            The order's task, and whether it is new.

        Raises:
            PermissionDeniedError: The actor may not generate.
            InputError: There is no such engine, or it does not make that kind.
            RuleError: There is no prompt, a clip has no approved keyframe, or the price is over the budget.
        """
        require(self._actor, Action.GENERATE)
        queued = self._queueing.enqueue(
            connection,
            [order],
            priority,
            seed_is_chosen=seed_is_chosen,
            allow_unapproved_keyframe=allow_unapproved_keyframe,
        )
        return queued[-1]

    def orders_for(
        self,
        connection: sa.Connection,
        stream: Stream,
        kind: Kind,
        choices: Sequence[Choice],
        making: Making,
    ) -> list[Order]:
        """Say what is queued for segments, variant by variant; see ``Making``.

        Raises:
            NotFoundError: A named picture does not exist.
            InputError: There are too many variants, or no such engine.
        """
        return OrderBook(self._asking(connection, stream, making), kind, making).orders(connection, choices)

    def enqueue_or_find_all_in(
        self,
        connection: sa.Connection,
        orders: Sequence[Order],
        *,
        seed_is_chosen: bool = False,
        allow_unapproved_keyframe: bool = False,
    ) -> Queued:
        """Queue orders that one person waits for in the caller's transaction; see ``enqueue_or_find_in``.

        Returns:
            Each task with whether it is new, in the orders' order.
        """
        require(self._actor, Action.GENERATE)
        return self._queueing.enqueue(
            connection,
            orders,
            PRIORITY_SINGLE,
            seed_is_chosen=seed_is_chosen,
            allow_unapproved_keyframe=allow_unapproved_keyframe,
        )

    def enqueue_all_in(
        self, connection: sa.Connection, orders: Sequence[Order], priority: int = PRIORITY_BATCH
    ) -> list[Task]:
        """Queue several orders in the caller's transaction, all or none; see ``enqueue_or_find_in``.

        Returns:
            The tasks of keyframes that clips wait for, then one task for each order, in their order.
        """
        require(self._actor, Action.GENERATE)
        return [task for task, _ in self._queueing.enqueue(connection, orders, priority)]

    def enqueue_again_in(self, connection: sa.Connection, task: Task) -> Task:
        """Queue once more what a closed task asked for, with the leave that it had.

        A clip whose keyframe never came of the task that it waited for starts from the current keyframe, or
        waits for the one that is being made.

        Raises:
            PermissionDeniedError: The actor may not generate.
            RuleError: There is no keyframe for a clip, it is not approved any more, or the price is over the
                budget.
        """
        allowed = UNAPPROVED_KEYFRAME in recorded_overrides(connection, task)
        order = _order_again(connection, task)
        return self.enqueue_or_find_in(
            connection, order, seed_is_chosen=True, allow_unapproved_keyframe=allowed
        )[0]

    @property
    def _queueing(self) -> Queueing:
        return Queueing(self._settings, self._actor, self._clock, self._get_engine)

    def _read(self, stream_id: str) -> Stream:
        """Read the stream and take in what lies on its disk: an unread file is no missing one."""
        root, files = StreamsRoot(self._settings.streams_root), VersionFiles(self._settings.media_dir)
        stream = read_stream(root, stream_id)
        scan_stream(self._database, files, root, stream, now=self._clock())
        return stream


def _result(choices: Sequence[Choice], queued: Queued) -> GenerateResult:
    return GenerateResult(
        queued=[task for task, _ in queued],
        skipped=[(choice.segment.id, choice.reason) for choice in choices if choice.reason is not None],
        price_usd=sum(task.price_usd for task, is_new in queued if is_new),
        existing=[task.id for task, is_new in queued if not is_new],
    )


def _order_again(connection: sa.Connection, task: Task) -> Order:
    request = task.request
    order = Order(request, variant_set_id=task.variant_set_id)
    if request.kind is Kind.KEYFRAME or request.source_version_id is not None:
        return order
    place = (request.segment_id, Kind.KEYFRAME)
    waiting = open_tasks_by_asset(connection, request.stream_id).get(place)
    if waiting is not None and waiting.is_open and waiting.cancel_requested_at is None:
        return replace(order, after_task_id=waiting.id)
    keyframe = current_versions(connection, request.stream_id).get(place)
    source_id = None if keyframe is None else keyframe.id
    return replace(order, request=replace(request, source_version_id=source_id))
