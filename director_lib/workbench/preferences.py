"""What each person chose for themselves."""

from __future__ import annotations

from director_lib.domain.keymap import check_keys, usable_keys
from director_lib.errors import InputError, NotFoundError
from director_lib.store.people import read_preferences, write_preference
from director_lib.workbench.studio import Studio

KEYS = "keys"


class Preferences:
    """The acting person's own choices; everybody has them, whatever their role."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def keys(self) -> dict[str, str]:
        """Return the keys that the person gave to actions; actions with their usual key are absent."""
        with self._studio.database.read() as connection:
            return usable_keys(read_preferences(connection, self._studio.actor.username).get(KEYS, {}))

    def set_keys(self, chosen: object) -> dict[str, str]:
        """Choose keys, in place of all earlier choices.

        Args:
            chosen: Keys by action, such as ``{"approve": "Y"}``; every other action has its usual key.

        Returns:
            The choices that differ from the usual keys.

        Raises:
            InputError: A key cannot be chosen, two actions would have the same, or the person has no account.
        """
        keys, username = check_keys(chosen), self._studio.actor.username
        try:
            with self._studio.database.write() as connection:
                write_preference(connection, username, KEYS, keys)
        except NotFoundError as error:
            raise InputError(
                f"“{username}” has no account, so there is no place for own keys. Nothing was saved. "
                "Sign in at the server, or have an admin add the account."
            ) from error
        return keys
