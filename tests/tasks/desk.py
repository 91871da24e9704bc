"""A worker's dispatcher and maker with doubles around them, on a real database."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Engine
from director_lib.errors import StorageError
from director_lib.store.claims import Claim
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tasks import Outcome, finish, request_cancel
from director_lib.tasks.dispatcher import Dispatcher
from director_lib.tasks.live import LiveTasks
from director_lib.tasks.maker import Maker
from director_lib.tasks.presence import ONLY_WORKER
from director_lib.tasks.ways import Way
from director_lib.tasks.workshop import Workshop
from tests.intake.studio import Studio, request_of

_NEWS_S = 0.1
"""PostgreSQL tells of a change soon after it, not with it."""


class ListQueue:
    """Remembers what it was handed, and refuses as often as it is told to."""

    def __init__(self) -> None:
        self.handed: list[Claim] = []
        self.refusals = 0
        self.done: set[Claim] = set()

    @property
    def ids(self) -> list[str]:
        return [claim.task_id for claim in self.handed]

    def forget_finished(self) -> list[Claim]:
        forgotten = sorted(self.done, key=lambda claim: claim.task_id)
        self.handed = [claim for claim in self.handed if claim not in self.done]
        self.done = set()
        return forgotten

    def list_unended(self) -> set[Claim]:
        return set(self.handed) - self.done

    def hand_over(self, claim: Claim) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StorageError("The disk is full.")
        self.handed.append(claim)


class HeldPresence:
    """A worker that has its name for as long as the test wants."""

    name = ONLY_WORKER

    def __init__(self) -> None:
        self.held = True

    def is_held(self) -> bool:
        return self.held

    def release(self) -> None:
        self.held = False


def no_way(_engine: Engine, _kind: Kind) -> Way:
    raise AssertionError("an engine was called")


@dataclass
class Desk:
    """A worker's dispatcher with doubles around it, whose time passes when the test says so."""

    studio: Studio
    shop: Workshop
    queue: ListQueue
    live: LiveTasks
    presence: HeldPresence
    passed_s: float = 0.0

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(self.shop, self.queue, self.live, self.presence, lambda: self.passed_s)
        self.maker = Maker(self.shop, self.live, no_way)

    def tick(self, after_s: float = 0.0) -> list[str]:
        """Let time pass, tick, and return what was handed over by that."""
        before = len(self.queue.handed)
        if self.studio.settings.database_url:
            time.sleep(_NEWS_S)
        self.passed_s += after_s
        self.studio.now += timedelta(seconds=after_s)
        self.dispatcher.tick()
        return self.queue.ids[before:]

    def ask(self, name: str, priority: int = 10, engine: str = "draw", **more: Any) -> str:
        with self.studio.database.write() as connection:
            request = request_of(1, image_prompt=name, engine=engine)
            new = NewTask(f"t_{name}", request, "dora", 0.0, priority, self.studio.now, **more)
            enqueue(connection, new)
        return f"t_{name}"

    def claim(self, name: str, **more: Any) -> Claim:
        self.ask(name, **more)
        self.tick(1.0)
        return self.queue.handed[-1]

    def end(
        self, task_id: str, state: TaskState = TaskState.SUCCEEDED, version_id: int | None = None
    ) -> None:
        with self.studio.database.write() as connection:
            finish(connection, task_id, Outcome(state, self.studio.now, version_id=version_id))

    def cancel(self, task_id: str) -> None:
        with self.studio.database.write() as connection:
            request_cancel(connection, task_id, self.studio.now)

    def task(self, name: str) -> Task:
        return self.studio.task(f"t_{name}")
