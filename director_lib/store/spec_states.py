"""The states of streams' specs: append-only, each content kept once, compressed."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.spec_state import SpecState, StateOrigin
from director_lib.errors import NotFoundError, StorageError
from director_lib.store.tables import spec_contents, spec_states


@dataclass(frozen=True, slots=True)
class NewState:
    """A state about to be recorded.

    Attributes:
        text: All characters of production.json.
    """

    stream_id: str
    text: str
    origin: StateOrigin
    label: str
    actor: str
    happened_at: datetime


def add_state(connection: sa.Connection, new: NewState) -> int:
    """Record a state in the caller's writing transaction; one equal to the newest is not recorded again.

    Returns:
        The state's ``seq``, or that of the newest when it has the same content.
    """
    data = new.text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    newest = find_newest_state(connection, new.stream_id)
    if newest is not None and newest.sha256 == sha256:
        return newest.seq
    known = connection.scalar(sa.select(sa.exists().where(spec_contents.c.sha256 == sha256)))
    if not known:
        packed = base64.b64encode(zlib.compress(data, 1)).decode()
        connection.execute(spec_contents.insert().values(sha256=sha256, packed=packed, size_bytes=len(data)))
    statement = spec_states.insert().values(
        stream_id=new.stream_id,
        sha256=sha256,
        origin=new.origin.value,
        label=new.label,
        actor=new.actor,
        happened_at=new.happened_at,
    )
    return int(connection.scalar(statement.returning(spec_states.c.seq)) or 0)


def find_newest_state(connection: sa.Connection, stream_id: str) -> SpecState | None:
    """Find a stream's newest state; None when none was recorded."""
    query = sa.select(spec_states).where(spec_states.c.stream_id == stream_id)
    row = connection.execute(query.order_by(spec_states.c.seq.desc()).limit(1)).one_or_none()
    return None if row is None else _state(row)


def list_states(
    connection: sa.Connection, stream_id: str, *, limit: int = 200, before_seq: int | None = None
) -> list[SpecState]:
    """List a stream's states, newest first; empty when none was recorded.

    Args:
        before_seq: Only states older than this one.
    """
    query = sa.select(spec_states).where(spec_states.c.stream_id == stream_id)
    if before_seq is not None:
        query = query.where(spec_states.c.seq < before_seq)
    rows = connection.execute(query.order_by(spec_states.c.seq.desc()).limit(limit))
    return [_state(row) for row in rows]


def get_state(connection: sa.Connection, stream_id: str, seq: int) -> SpecState:
    """Read one state of a stream.

    Raises:
        NotFoundError: The stream has no such state.
    """
    query = sa.select(spec_states).where(spec_states.c.stream_id == stream_id, spec_states.c.seq == seq)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"state of the spec of {stream_id}", seq)
    return _state(row)


def get_content(connection: sa.Connection, sha256: str) -> str:
    """Read the characters of a content.

    Raises:
        NotFoundError: It was never recorded.
        StorageError: What is recorded is damaged.
    """
    packed = connection.scalar(sa.select(spec_contents.c.packed).where(spec_contents.c.sha256 == sha256))
    if packed is None:
        raise NotFoundError("content of a spec", sha256[:12])
    try:
        data = zlib.decompress(base64.b64decode(packed))
    except (ValueError, zlib.error) as error:
        raise StorageError(
            f"The kept spec {sha256[:12]} is damaged. The file on disk is untouched."
        ) from error
    return data.decode()


def _state(row: sa.Row[Any]) -> SpecState:
    return SpecState(
        row.seq,
        row.stream_id,
        row.sha256,
        StateOrigin(row.origin),
        row.label,
        row.actor,
        row.happened_at,
    )
