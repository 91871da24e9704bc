"""Asking a paid model for a first spec: its price, the budgets, the task and its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.domain.spec_plan import plan_tokens, plan_words
from director_lib.domain.stream import Stream
from director_lib.domain.stream_task import SPEC, StreamTask
from director_lib.engines.google.texts import GoogleTextEngine
from director_lib.engines.registry import google_options
from director_lib.errors import InputError, StaleWriteError
from director_lib.intake.spec_drafting import story_sha256
from director_lib.store.job_receipts import promise_receipt
from director_lib.streams.json_file import text_sha256
from director_lib.streams.spec_writer import find_spec_text
from director_lib.tasks.budget import check_budget
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

GOOGLE = "google"


@dataclass(frozen=True, slots=True)
class SpecOffer:
    """What a spec will cost.

    Attributes:
        usd: About so many dollars.
        is_guess: Whether the model is not in the price list.
    """

    model: str
    usd: float
    is_guess: bool


class SpecOrders:
    """First specs that cost money."""

    def __init__(self, studio: Studio, streams: Streams, jobs: StreamTasks) -> None:
        self._studio = studio
        self._streams = streams
        self._jobs = jobs
        jobs.guards[SPEC] = self._check
        jobs.followers[SPEC] = self._promise

    def offer(self, stream: Stream) -> SpecOffer:
        """Tell what a spec of this stream will cost; nothing is asked of anybody."""
        engine = GoogleTextEngine(google_options(self._studio.settings))
        price = engine.price(len(plan_words(stream)), plan_tokens(stream))
        return SpecOffer(engine.model, price.usd, not price.is_known)

    def order(self, stream: Stream) -> StreamTask:
        """Queue the writing of a spec, or return the open task that asks for the same.

        Raises:
            ConfigError: The model in the settings is retired or writes no text.
            RuleError: It is over a budget. Nothing was queued.
        """
        return self._jobs.queue(SPEC, stream.id, self._parameters(stream))

    def _parameters(self, stream: Stream) -> dict[str, Any]:
        text = find_spec_text(self._studio.root, stream.id)
        offer = self.offer(stream)
        return {
            "engine": GOOGLE,
            "model": offer.model,
            "price_usd": offer.usd,
            "story_sha256": story_sha256(stream),
            "spec_sha256": None if text is None else text_sha256(text),
        }

    def _check(
        self, _connection: sa.Connection, stream_id: str | None, parameters: Mapping[str, Any]
    ) -> None:
        """Refuse what the job would refuse, whoever queues it, before anything is promised."""
        self._studio.require(Action.EDIT_PROMPT)
        if stream_id is None:
            raise InputError("A first spec is written for a stream. Name one.")
        GoogleTextEngine(google_options(self._studio.settings)).check_model()
        if dict(parameters) != self._parameters(self._streams.get(stream_id)):
            raise StaleWriteError(
                "The spec", "it, the story or the model is another one by now. Ask for a first spec again."
            )

    def _promise(self, connection: sa.Connection, task: StreamTask) -> None:
        """Promise the money with the task, in the same commit."""
        assert task.stream_id is not None
        offer, now = self.offer(self._streams.get(task.stream_id)), self._studio.clock()
        promise_receipt(connection, task.id, GOOGLE, offer.model, offer.usd, now=now)
        check_budget(connection, self._studio.settings, task.stream_id, offer.usd, now=now)
