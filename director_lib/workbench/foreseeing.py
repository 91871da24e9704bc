"""What asking for stills and clips would come to, before anything is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack

import sqlalchemy as sa

from director_lib.domain.people import Action, require
from director_lib.domain.stream import Stream
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.catalog import references_taken
from director_lib.store.versions import current_versions
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from director_lib.tasks.asking import Asking, read_asking
from director_lib.tasks.ordering import Making, OrderBook, leave_for
from director_lib.tasks.requests import Wishes
from director_lib.tasks.selection import Selection, choose
from director_lib.workbench.task_desk import TaskDesk


@dataclass(frozen=True, slots=True)
class Forecast:
    """What asking for several segments would come to.

    Attributes:
        segment_ids: Those that would be made.
        skipped: Segment id and reason, in the stream's order.
        price_usd: Estimated price of all of it.
    """

    segment_ids: list[int]
    skipped: list[tuple[int, str]]
    price_usd: float


class Foreseeing(TaskDesk):
    """Prices and refusals, told before anything is queued."""

    def price(self, requests: Iterable[GenerationRequest]) -> float:
        """Estimate what requests cost together, in US dollars; 0.0 when all are free or there is none.

        Raises:
            InputError: One names an engine that does not exist.
        """
        return sum(self._get_engine(request.engine).price_usd(request) for request in requests)

    def request_for(
        self, stream: Stream, segment_id: int, kind: Kind, **wishes: Unpack[Wishes]
    ) -> GenerationRequest:
        """Say exactly what would be sent for a segment: prompts, palette, size, seed, source keyframe.

        Raises:
            NotFoundError: The stream has no such segment.
        """
        with self._database.read() as connection:
            keyframe = current_versions(connection, stream.id).get((segment_id, Kind.KEYFRAME))
            asking = self._asking(connection, stream, wishes)
        return asking.request(stream.get_segment(segment_id), kind, keyframe)

    def foresee(
        self,
        stream_id: str,
        kind: Kind,
        segments: Selection,
        **making: Unpack[Making],
    ) -> Forecast:
        """Say what ``generate`` would make and what it would cost; nothing is queued.

        Raises:
            NotFoundError: There is no such stream or segment.
            InputError: There is no such engine, model or selection.
        """
        require(self._actor, Action.VIEW)
        stream = read_stream(StreamsRoot(self._settings.streams_root), stream_id)
        with self._database.read() as connection:
            choices = choose(connection, stream, kind, segments, leave_for(making, False, False))
            book = OrderBook(self._asking(connection, stream, making), kind, making)
            orders = book.orders(connection, [choice for choice in choices if choice.reason is None])
        wanted = [request for order in orders for request in (order.keyframe, order.request) if request]
        return Forecast(
            segment_ids=list(dict.fromkeys(order.request.segment_id for order in orders)),
            skipped=[(choice.segment.id, choice.reason) for choice in choices if choice.reason is not None],
            price_usd=self.price(wanted),
        )

    def references_taken(self, request: GenerationRequest) -> int:
        """Tell how many pictures to go by the request's engine and model take.

        Raises:
            InputError: It names an engine that does not exist.
        """
        return references_taken(self._get_engine(request.engine), request)

    def _asking(self, connection: sa.Connection, stream: Stream, wishes: Wishes) -> Asking:
        return read_asking(connection, self._settings, self._get_engine, stream, wishes)
