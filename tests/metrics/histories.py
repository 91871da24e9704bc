"""Writing random histories through the store's own functions, on whichever database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from director_lib.domain.review import DecisionKind
from director_lib.domain.task import GenerationRequest, TaskState
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.store.assets import ensure_asset
from director_lib.store.attempts import close_attempt, open_attempt
from director_lib.store.claims import put_back
from director_lib.store.database import Database
from director_lib.store.decisions import NewDecision, add_decision, take_back_decision
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.quorum import set_approvals_needed
from director_lib.store.stream_rows import move_stream_rows
from director_lib.store.tables import assets, decisions, metadata, streams, tasks, variant_sets, versions
from director_lib.store.tasks import Outcome, finish, get_task, request_cancel, start
from director_lib.store.variant_sets import NewVariantSet, add_missing_sets
from director_lib.store.versions import NewVersion, add_version, set_current

# a Sunday night in Budapest, where the week ends at 23:00 UTC
START = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)
ENDS = (TaskState.SUCCEEDED, TaskState.FAILED, TaskState.UNKNOWN, TaskState.CANCELLED)
VERDICTS = ("approved", "approved_with_notes", "regenerate", "adjust_prompt")
PEOPLE = ("dora", "pali")
ENGINES = (("local", "m1"), ("local", "m2"), ("far", "x"), (None, None))
Event = tuple[str, int, int, int]


class History:
    """Plays events; each is a word and three numbers that say which."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.streams = ["film", "other"]
        self._n = 0
        with database.write() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())

    def play(self, events: Sequence[Event]) -> None:
        """Play events, each in a transaction of its own."""
        for event in events:
            with self.database.write() as connection:
                self.step(connection, event)

    def step(self, connection: sa.Connection, event: Event) -> None:
        """Play one event; one about something that is not there does nothing."""
        word, first, second, third = event
        self._n += 1
        now = START + timedelta(minutes=9 * self._n + third, microseconds=first)
        getattr(self, f"_{word}")(connection, first, second, now)

    def _version(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        kind = Kind.VIDEO if second % 2 else Kind.KEYFRAME
        asset_id = ensure_asset(connection, self.streams[first % 2], 1 + second % 3, kind, now=now)
        engine, model = ENGINES[(first + second) % len(ENGINES)]
        made_of = Provenance(engine=engine, model=model, cost_usd=0.1 * (first % 4), params={})
        origin = (Origin.GENERATED, Origin.GENERATED, Origin.FOUND, Origin.RESTORED)[first % 4]
        new = NewVersion(f"{self._n:064x}", ".png", 1, origin, now, provenance=made_of)
        version = add_version(connection, asset_id, new)
        if second % 3:
            set_current(connection, asset_id, version.id)

    def _decide(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        version = _pick(connection, sa.select(versions.c.id, versions.c.sha256), versions.c.id, first)
        if version is None:
            return
        seen = now - timedelta(minutes=second) if second % 3 else None
        decision = DecisionKind(VERDICTS[second % 4])
        actor = PEOPLE[(first + second) % 2]
        add_decision(connection, NewDecision(*version, decision, actor, now, viewed_at=seen))

    def _decide_late(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        self._decide(connection, first, second, now - timedelta(minutes=7 * second + 5))

    def _undo(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        undone = decisions.alias()
        open_ones = sa.select(decisions.c.seq).where(
            decisions.c.undoes.is_(None), ~sa.exists().where(undone.c.undoes == decisions.c.seq)
        )
        found = _pick(connection, open_ones, decisions.c.seq, first)
        if found is not None:
            take_back_decision(connection, found[0], PEOPLE[second % 2], now)

    def _redo(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        undone = decisions.alias()
        query = sa.select(
            decisions.c.version_id, decisions.c.sha256, decisions.c.decision, decisions.c.actor
        ).join(undone, undone.c.undoes == decisions.c.seq)
        found = _pick(connection, query, decisions.c.seq, first)
        if found is not None:
            version_id, sha256, decision, actor = found
            add_decision(connection, NewDecision(version_id, sha256, DecisionKind(decision), actor, now))

    def _restore(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        found = _pick(connection, sa.select(versions.c.asset_id, versions.c.id), versions.c.id, first)
        if found is not None:
            set_current(connection, *found)

    def _ask(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        request = GenerationRequest(
            self.streams[first % 2],
            1 + second % 3,
            Kind.VIDEO if second % 2 else Kind.KEYFRAME,
            "local",
            "sea",
        )
        set_id = f"set{second % 3}" if first % 3 == 0 else None
        new = NewTask(f"t{self._n}", request, "dora", 0.1, 10, now, variant_set_id=set_id)
        enqueue(connection, new)

    def _start(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        found = self._task(connection, first, TaskState.QUEUED)
        if found is None:
            return
        if second % 5 == 0:
            request_cancel(connection, found, now)
        else:
            start(connection, found, now)

    def _end(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        found = self._task(connection, first, TaskState.RUNNING)
        if found is None:
            return
        if second % 5 == 4:
            put_back(connection, found, "again", None)
            return
        state, version_id = ENDS[second % 4], None
        tag = open_attempt(connection, get_task(connection, found), now)
        close_attempt(connection, tag, billed_usd=0.07 * second, ended_at=now, state="x")
        if state is TaskState.SUCCEEDED:
            version_id = self._made(connection, found, now)
        code = "engine_refused" if state is TaskState.FAILED else None
        finish(connection, found, Outcome(state, now, version_id, error_code=code))

    def _set(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        """Make two or three versions to choose from, each by another engine; every other set is blind."""
        kind = Kind.VIDEO if second % 2 else Kind.KEYFRAME
        place, set_id = (self.streams[first % 2], 1 + second % 3, kind), f"v{self._n}"
        new = NewVariantSet(set_id, place, "dora", now, is_blind=bool(first % 4 // 2))
        add_missing_sets(connection, [new])
        for each in range(2 + first % 2):
            self.make_of_set(connection, set_id, now + timedelta(minutes=7 * each), which=each)

    def make_of_set(self, connection: sa.Connection, set_id: str, now: datetime, *, which: int) -> None:
        """Make one more version of a set."""
        of_set = sa.select(assets.c.stream_id, assets.c.segment_id, assets.c.kind)
        of_set = of_set.join(variant_sets, variant_sets.c.asset_id == assets.c.id)
        stream_id, segment_id, kind = connection.execute(of_set.where(variant_sets.c.id == set_id)).one()
        self._n += 1
        engine, model = ENGINES[which]
        request = GenerationRequest(stream_id, segment_id, Kind(kind), str(engine), f"choice {self._n}")
        asked = NewTask(f"t{self._n}", request, "dora", 0.1 * which, 10, now, variant_set_id=set_id)
        enqueue(connection, asked)
        start(connection, asked.task_id, now + timedelta(seconds=which))
        ended_at = now + timedelta(minutes=2 * which)
        made = self._made(connection, asked.task_id, ended_at, (engine, model))
        finish(connection, asked.task_id, Outcome(TaskState.SUCCEEDED, ended_at, made))

    def _made(
        self,
        connection: sa.Connection,
        task_id: str,
        now: datetime,
        by: tuple[str | None, str | None] = ("local", "m1"),
    ) -> int:
        asset_id = connection.scalar(sa.select(tasks.c.asset_id).where(tasks.c.id == task_id))
        made_of = Provenance(engine=by[0], model=by[1], cost_usd=0.3, task_id=task_id, params={})
        new = NewVersion(
            f"{self._n:064x}", ".mp4", 1, Origin.GENERATED, now, duration_s=2.4, provenance=made_of
        )
        version = add_version(connection, int(asset_id or 0), new)
        set_current(connection, int(asset_id or 0), version.id)
        return version.id

    def _quorum(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        set_approvals_needed(connection, self.streams[first % 2], 1 + second % 2, now=now)

    def _rename(self, connection: sa.Connection, first: int, second: int, now: datetime) -> None:
        old, new = self.streams[first % 2], f"film-{self._n}"
        known = connection.scalar(sa.select(streams.c.id).where(streams.c.id == old))
        if known is not None:
            move_stream_rows(connection, old, new)
            self.streams[first % 2] = new

    def _task(self, connection: sa.Connection, first: int, state: TaskState) -> str | None:
        of_state = sa.select(tasks.c.id).where(tasks.c.state == state.value)
        found = _pick(connection, of_state, tasks.c.seq, first)
        return None if found is None else str(found[0])


def _pick(
    connection: sa.Connection, query: sa.Select[Any], order: sa.ColumnElement[Any], which: int
) -> Any | None:
    rows = connection.execute(query.order_by(order)).all()
    return tuple(rows[which % len(rows)]) if rows else None
