"""What a person found out about a paid call that nobody knew the end of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.task import TaskState
from director_lib.store.count_keeping import touch_task
from director_lib.store.queue_tables import attempts, tasks
from director_lib.store.text import storable

SETTLED_PAID, SETTLED_UNPAID = "settled_paid", "settled_unpaid"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person found out about an attempt."""

    was_made: bool
    billed_usd: float
    settled_at: datetime
    note: str = ""


def is_open_question() -> sa.ColumnElement[bool]:
    """Return the condition on ``attempts`` that an unknown outcome's attempt has not been settled."""
    return sa.or_(attempts.c.ended_at.is_(None), attempts.c.state == TaskState.UNKNOWN.value)


def is_settled() -> sa.ColumnElement[bool]:
    """Return the condition on ``tasks`` that an outcome was unknown and all of it is settled."""
    of_task = attempts.c.task_id == tasks.c.id
    settled = sa.exists().where(of_task, attempts.c.state.in_((SETTLED_PAID, SETTLED_UNPAID)))
    asked = sa.exists().where(of_task, is_open_question())
    return sa.and_(tasks.c.state == TaskState.UNKNOWN.value, settled, ~asked)


def settle_attempt(connection: sa.Connection, tag: str, settlement: Settlement) -> None:
    """Close an attempt with what was found out about it."""
    values: dict[str, object] = {
        "state": SETTLED_PAID if settlement.was_made else SETTLED_UNPAID,
        "billed_usd": settlement.billed_usd,
        "ended_at": settlement.settled_at,
    }
    if settlement.note:
        values["error_message"] = storable(settlement.note)
    touch_task(connection, tag.rpartition(":")[0])
    connection.execute(attempts.update().where(attempts.c.tag == tag).values(values))
