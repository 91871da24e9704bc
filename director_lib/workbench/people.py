"""Who may come in: accounts, passwords, sessions and one-time sign-in links."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from director_lib.domain.people import Actor, Role
from director_lib.errors import InputError, InvalidIdError, RuleError
from director_lib.store import people as rows
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.people import Person

SESSION_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024

_SESSION, _LINK = "session", "link"
_EXTEND_AFTER = timedelta(days=1)
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{0,31}")
# A hash that no password has: checking it makes an unknown user cost as much time as a known one.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$GM9dYswCOAGBsB3IUwUpVg$jGn6sLHQ7cRJixZ0wJSC7dGyIfRFHgNMoAUi4iR0P/8"
)


class People:
    """Accounts and sign-ins of the studio.

    Tokens are 256 random bits; the database knows only their SHA-256, so a stolen backup signs nobody in.

    Args:
        database: The review database.
        acting: Who changes accounts, for the timeline.
        clock: Tells the time; a test may pass its own.
    """

    def __init__(
        self,
        database: Database,
        *,
        acting: str = "system",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._acting = acting
        self._clock = clock
        self._hasher = PasswordHasher()

    def add(
        self, username: str, role: Role | str, password: str | None = None, display_name: str = ""
    ) -> Person:
        """Create an account; without a password the person can sign in by link only.

        Raises:
            InvalidIdError: The user name is not 1-32 lower-case letters, digits, '.', '_' or '-'.
            InputError: The user name is taken, the role is unknown or the password is too short.
        """
        if not _USERNAME.fullmatch(username):
            raise InvalidIdError("user", username)
        values = {
            "username": username,
            "display_name": display_name.strip()[:80],
            "role": _role(role).value,
            "password_hash": None if password is None else self._hash(password),
            "created_at": self._clock(),
        }
        try:
            with self._database.write() as connection:
                rows.insert_person(connection, values)
                self._record(connection, "added_person", username, role=values["role"])
                return rows.get_person(connection, username)
        except sa.exc.IntegrityError as error:
            raise InputError(
                f"There is already a person “{username}”. Nothing was changed. Choose another user name."
            ) from error

    def list(self) -> Sequence[Person]:
        """Read everybody, disabled ones too, ordered by user name."""
        with self._database.read() as connection:
            return rows.list_people(connection)

    def set_password(self, username: str, password: str) -> None:
        """Replace someone's password and end all their sessions and links.

        Raises:
            NotFoundError: Nobody has that user name.
            InputError: The password is too short.
        """
        hashed = self._hash(password)
        with self._database.write() as connection:
            person = rows.get_person(connection, username)
            rows.update_person(connection, person.id, {"password_hash": hashed})
            rows.delete_tokens_of(connection, person.id)
            self._record(connection, "changed_password", username)

    def disable(self, username: str) -> None:
        """Close an account and end all its sessions and links; disabling twice changes nothing.

        Raises:
            NotFoundError: Nobody has that user name.
            RuleError: It is the last open admin account.
        """
        with self._database.write() as connection:
            person = rows.get_person(connection, username)
            if person.is_disabled:
                return
            check_other_admin(connection, username)
            rows.update_person(connection, person.id, {"is_disabled": True})
            rows.delete_tokens_of(connection, person.id)
            self._record(connection, "disabled_person", username)

    def sign_in(self, username: str, password: str) -> str:
        """Check a password and return a new session token.

        Takes the same time whether or not the account exists; slowing down guesses is the server's task.

        Raises:
            RuleError: User name or password is wrong, or the account is disabled; it does not tell which.
        """
        with self._database.read() as connection:
            person = rows.find_person(connection, username)
        usable = person is not None and person.password_hash is not None and not person.is_disabled
        known_hash = person.password_hash if person is not None and person.password_hash else _NOBODYS_HASH
        if not (self._matches(known_hash, password) and usable):
            raise _refused()
        with self._database.write() as connection:
            now_person = rows.find_person(connection, username)
            if now_person is None or now_person.is_disabled or now_person.password_hash != known_hash:
                raise _refused()
            return self._open_session(connection, now_person, "password")

    def find_actor(self, token: str) -> Actor | None:
        """Return who the session token stands for, or None when it is unknown, expired or ended.

        A session lives 30 days after its last use: the end moves at most once a day.
        """
        digest = token_digest(token)
        now = self._clock()
        found = self._find_session(digest, now)
        if found is None:
            return None
        if found.expires_at - now < SESSION_LIFE - _EXTEND_AFTER:
            with self._database.write() as connection:
                rows.extend_token(connection, digest, now + SESSION_LIFE)
        return _actor(found.person)

    def find_session_actor(self, digest: str) -> Actor | None:
        """Return who the session with that :func:`token_digest` stands for now, or None; prolongs nothing."""
        found = self._find_session(digest, self._clock())
        return None if found is None else _actor(found.person)

    def sign_out(self, token: str) -> None:
        """End one session; an unknown token changes nothing."""
        with self._database.write() as connection:
            found = rows.find_token(connection, token_digest(token))
            if found is not None and rows.delete_token(connection, found.token_sha256):
                self._record(connection, "signed_out", found.person.username, acting=found.person.username)

    def make_sign_in_link_token(self, username: str) -> str:
        """Return a token that signs this person in once, within 15 minutes.

        Raises:
            NotFoundError: Nobody has that user name.
            RuleError: The account is disabled.
        """
        with self._database.write() as connection:
            person = rows.get_person(connection, username)
            if person.is_disabled:
                raise RuleError(f"{username} is disabled and cannot sign in. Nothing was changed.")
            self._record(connection, "made_sign_in_link", username)
            return self._insert_token(connection, person, _LINK, LINK_LIFE)

    def redeem_link(self, token: str) -> str:
        """Use up a sign-in link and return a new session token.

        Raises:
            RuleError: The link is unknown, used, expired, or its person is disabled.
        """
        digest = token_digest(token)
        with self._database.write() as connection:
            found = rows.find_token(connection, digest)
            usable = found is not None and found.purpose == _LINK and found.expires_at > self._clock()
            if found is None or not usable or found.person.is_disabled:
                raise RuleError("This sign-in link was used already or is too old. Ask for a new one.")
            rows.delete_token(connection, digest)
            return self._open_session(connection, found.person, "link")

    def _find_session(self, digest: str, now: datetime) -> rows.TokenRow | None:
        with self._database.read() as connection:
            found = rows.find_token(connection, digest)
        usable = found is not None and found.purpose == _SESSION and found.expires_at > now
        return found if found is not None and usable and not found.person.is_disabled else None

    def _open_session(self, connection: sa.Connection, person: Person, how: str) -> str:
        rows.delete_expired_tokens(connection, self._clock())
        self._record(connection, "signed_in", person.username, acting=person.username, by=how)
        return self._insert_token(connection, person, _SESSION, SESSION_LIFE)

    def _insert_token(self, connection: sa.Connection, person: Person, purpose: str, life: timedelta) -> str:
        token = secrets.token_urlsafe(32)
        now = self._clock()
        values = {
            "token_sha256": token_digest(token),
            "person_id": person.id,
            "purpose": purpose,
            "created_at": now,
            "expires_at": now + life,
        }
        rows.insert_token(connection, values)
        return token

    def _record(
        self,
        connection: sa.Connection,
        verb: str,
        username: str,
        *,
        acting: str | None = None,
        **details: Any,
    ) -> None:
        record_event(
            connection, verb, acting or self._acting, self._clock(), details={"person": username, **details}
        )

    def _hash(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise InputError(
                f"The password needs at least {SHORTEST_PASSWORD} characters. Nothing was changed. "
                "A few unrelated words make a good one."
            )
        return self._hasher.hash(password)

    def _matches(self, known_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(known_hash, password[:LONGEST_PASSWORD])
        except (Argon2Error, InvalidHashError):
            return False


def check_other_admin(connection: sa.Connection, username: str) -> None:
    """Refuse to take away the last open admin account.

    Raises:
        RuleError: Nobody else is an admin.
    """
    admins = [p.username for p in rows.list_people(connection) if p.role is Role.ADMIN and not p.is_disabled]
    if admins == [username]:
        raise RuleError(f"{username} is the last admin and stays enabled. Add another admin first.")


def token_digest(token: str) -> str:
    """Return what the database stores for a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise InputError(f"There is no role “{role}”. Choose one of: {', '.join(Role)}.") from error


def _actor(person: Person) -> Actor:
    return Actor(person.username, person.role, person.display_name)


def _refused() -> RuleError:
    return RuleError("The user name or the password is wrong.")
