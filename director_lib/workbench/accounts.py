"""Everybody's accounts, as an admin sees and changes them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from director_lib.domain.people import Action, Role
from director_lib.errors import InputError
from director_lib.store.events import record_event
from director_lib.store.people import Person, delete_tokens_of, get_person, list_people, update_person
from director_lib.workbench.people import People, check_other_admin
from director_lib.workbench.studio import Studio


class Accounts:
    """Accounts of the studio; every use case needs the role that manages people.

    Changing what somebody may do ends their sessions, so that no open page goes on with the old role.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._people = People(studio.database, acting=studio.actor.username, clock=studio.clock)

    def list(self) -> Sequence[Person]:
        """Read everybody, disabled people too, ordered by user name.

        Raises:
            PermissionDeniedError: The actor may not manage people; so for every use case here.
        """
        self._studio.require(Action.ADMINISTER)
        return self._people.list()

    def add(self, username: str, role: Role | str, password: str, display_name: str = "") -> Person:
        """Create an account.

        Raises:
            InvalidIdError: The user name is not 1-32 lower-case letters, digits, '.', '_' or '-'.
            InputError: The user name is taken, the role is unknown or the password is too short.
        """
        self._studio.require(Action.ADMINISTER)
        return self._people.add(username, role, password, display_name)

    def set_password(self, username: str, password: str) -> None:
        """Replace someone's password and end all their sessions and links.

        Raises:
            NotFoundError: Nobody has that user name.
            InputError: The password is too short.
        """
        self._studio.require(Action.ADMINISTER)
        self._people.set_password(username, password)

    def disable(self, username: str) -> None:
        """Close an account and end all its sessions and links.

        Raises:
            NotFoundError: Nobody has that user name.
            RuleError: It is the last open admin account.
        """
        self._studio.require(Action.ADMINISTER)
        self._people.disable(username)

    def enable(self, username: str) -> None:
        """Open a closed account again; its password is as it was.

        Raises:
            NotFoundError: Nobody has that user name.
        """
        self._studio.require(Action.ADMINISTER)
        with self._studio.database.write() as connection:
            person = get_person(connection, username)
            if person.is_disabled:
                update_person(connection, person.id, {"is_disabled": False})
                self._record(connection, "enabled_person", username)

    def set_role(self, username: str, role: Role | str) -> None:
        """Give somebody another role and end all their sessions and links; the same role changes nothing.

        Raises:
            NotFoundError: Nobody has that user name.
            InputError: There is no such role.
            RuleError: They are the last open admin.
        """
        self._studio.require(Action.ADMINISTER)
        if role not in [*Role]:
            raise InputError(f"There is no role “{role}”. Choose one of: {', '.join(Role)}.")
        with self._studio.database.write() as connection:
            person = get_person(connection, username)
            if person.role.value == role:
                return
            check_other_admin(connection, username)
            update_person(connection, person.id, {"role": Role(role).value})
            delete_tokens_of(connection, person.id)
            self._record(connection, "changed_role", username, role=str(role))

    def mentionable(self) -> Sequence[tuple[str, str]]:
        """Return user name and shown name of everybody who can be mentioned in a comment.

        Raises:
            PermissionDeniedError: The actor may not comment; nothing more is needed here.
        """
        self._studio.require(Action.COMMENT)
        with self._studio.database.read() as connection:
            everybody = list_people(connection)
        return [(one.username, one.display_name or one.username) for one in everybody if not one.is_disabled]

    def _record(self, connection: sa.Connection, verb: str, username: str, **details: str) -> None:
        now = self._studio.clock()
        record_event(
            connection, verb, self._studio.actor.username, now, details={"person": username, **details}
        )
