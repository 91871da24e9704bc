"""Rows of people and of the tokens that stand for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.people import Role
from director_lib.errors import NotFoundError
from director_lib.store.tables import people, sessions
from director_lib.store.text import is_storable


@dataclass(frozen=True, slots=True)
class Person:
    """One account.

    Attributes:
        password_hash: An argon2id hash, or None for someone who signs in by link only.
    """

    id: int
    username: str
    display_name: str
    role: Role
    password_hash: str | None = field(repr=False)
    is_disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A session or sign-in link, with the person it stands for; the token itself is never stored."""

    token_sha256: str
    purpose: str
    expires_at: datetime
    person: Person


def insert_person(connection: sa.Connection, values: dict[str, Any]) -> None:
    """Insert one row of ``people``; the column names are the keys."""
    connection.execute(people.insert().values(**values))


def find_person(connection: sa.Connection, username: str) -> Person | None:
    """Return the person of that user name, disabled or not, or None."""
    if not is_storable(username):
        return None
    row = connection.execute(sa.select(people).where(people.c.username == username)).one_or_none()
    return None if row is None else _person(row)


def get_person(connection: sa.Connection, username: str) -> Person:
    """Return the person of that user name, disabled or not.

    Raises:
        NotFoundError: Nobody has that user name.
    """
    person = find_person(connection, username)
    if person is None:
        raise NotFoundError("person", username)
    return person


def list_people(connection: sa.Connection) -> list[Person]:
    """Read everybody, disabled ones too, ordered by user name."""
    everybody = map(_person, connection.execute(sa.select(people)))
    # not by the database, whose order of texts depends on where and how it was made
    return sorted(everybody, key=lambda person: person.username)


def update_person(connection: sa.Connection, person_id: int, values: dict[str, Any]) -> None:
    """Change columns of one person."""
    connection.execute(people.update().where(people.c.id == person_id).values(**values))


def read_preferences(connection: sa.Connection, username: str) -> dict[str, Any]:
    """Read what somebody chose for themselves, by name; empty for someone without an account."""
    found = connection.scalar(sa.select(people.c.preferences).where(people.c.username == username))
    return found if isinstance(found, dict) else {}


def write_preference(connection: sa.Connection, username: str, name: str, value: Any) -> None:
    """Keep one choice of a person beside their others; the transaction must be a writing one.

    Raises:
        NotFoundError: Nobody has that user name.
    """
    person = get_person(connection, username)
    kept = {**read_preferences(connection, username), name: value}
    update_person(connection, person.id, {"preferences": kept})


def insert_token(connection: sa.Connection, values: dict[str, Any]) -> None:
    """Insert one row of ``sessions``; the column names are the keys."""
    connection.execute(sessions.insert().values(**values))


def find_token(connection: sa.Connection, token_sha256: str) -> TokenRow | None:
    """Return the token row of that hash with its person, expired or not, or None."""
    query = (
        sa.select(sessions.c.token_sha256, sessions.c.purpose, sessions.c.expires_at, people)
        .join_from(sessions, people, sessions.c.person_id == people.c.id)
        .where(sessions.c.token_sha256 == token_sha256)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else TokenRow(row.token_sha256, row.purpose, row.expires_at, _person(row))


def extend_token(connection: sa.Connection, token_sha256: str, expires_at: datetime) -> None:
    """Move the end of a token's life."""
    connection.execute(
        sessions.update().where(sessions.c.token_sha256 == token_sha256).values(expires_at=expires_at)
    )


def delete_token(connection: sa.Connection, token_sha256: str) -> bool:
    """Delete one token; tell whether it was there."""
    result = connection.execute(sessions.delete().where(sessions.c.token_sha256 == token_sha256))
    return result.rowcount > 0


def delete_tokens_of(connection: sa.Connection, person_id: int) -> None:
    """Delete every session and sign-in link of one person."""
    connection.execute(sessions.delete().where(sessions.c.person_id == person_id))


def delete_expired_tokens(connection: sa.Connection, now: datetime) -> None:
    """Delete every token whose life has ended."""
    connection.execute(sessions.delete().where(sessions.c.expires_at <= now))


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        role=Role(row.role),
        password_hash=row.password_hash,
        is_disabled=bool(row.is_disabled),
        created_at=row.created_at,
    )
