"""Read models of the tasks page for jobs on whole streams."""

from __future__ import annotations

import sqlalchemy as sa

from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import OPEN_STATES, TaskState
from director_lib.store.job_receipts import UNKNOWN as UNKNOWN_RECEIPT
from director_lib.store.stream_tasks import read_stream_task
from director_lib.store.tables import job_receipts, stream_tasks
from director_lib.store.task_board import BoardCounts

_OPEN = [state.value for state in OPEN_STATES]


def count_jobs(connection: sa.Connection) -> BoardCounts:
    """Count the jobs that run, wait, or failed with nothing asked for in their place since."""
    query = sa.select(stream_tasks.c.state, sa.func.count()).group_by(stream_tasks.c.state)
    open_ones = connection.execute(query.where(stream_tasks.c.state.in_(_OPEN)))
    by_state: dict[str, int] = {state: int(number) for state, number in open_ones}
    broken = connection.scalar(sa.select(sa.func.count()).select_from(stream_tasks).where(_needs_somebody()))
    return BoardCounts(by_state.get("running", 0), by_state.get("queued", 0), int(broken or 0))


def list_jobs_to_show(connection: sa.Connection, *, n_ended: int, at_most: int = 100) -> list[StreamTask]:
    """Read the jobs that run, wait or need somebody, then the last ones that ended.

    Args:
        n_ended: How many of those that ended and need nobody.
        at_most: How many of the others.
    """
    order = sa.case({"running": 0, "queued": 1}, value=stream_tasks.c.state, else_=2)
    wanted = sa.or_(stream_tasks.c.state.in_(_OPEN), _needs_somebody())
    query = sa.select(stream_tasks).where(wanted).order_by(order, stream_tasks.c.seq)
    found = [read_stream_task(row) for row in connection.execute(query.limit(at_most))]
    closed = sa.and_(~stream_tasks.c.state.in_(_OPEN), ~_needs_somebody())
    ended = sa.select(stream_tasks).where(closed).order_by(stream_tasks.c.seq.desc()).limit(n_ended)
    return found + [read_stream_task(row) for row in connection.execute(ended)]


def _needs_somebody() -> sa.ColumnElement[bool]:
    later = stream_tasks.alias()
    same_stream = sa.func.coalesce(later.c.stream_id, "") == sa.func.coalesce(stream_tasks.c.stream_id, "")
    replaced = sa.exists().where(
        same_stream, later.c.kind == stream_tasks.c.kind, later.c.seq > stream_tasks.c.seq
    )
    # somebody may have been charged: that is to be looked into, whatever was asked for since
    unsettled = sa.exists().where(
        job_receipts.c.task_id == stream_tasks.c.id, job_receipts.c.state == UNKNOWN_RECEIPT
    )
    is_broken = stream_tasks.c.state.in_([TaskState.FAILED.value, TaskState.UNKNOWN.value])
    return sa.and_(is_broken, sa.or_(~replaced, unsettled))
