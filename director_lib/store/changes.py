"""Noticing that somebody else changed the database, cheaply enough to ask ten times a second."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

from director_lib.errors import StorageError


class ChangeWatch:
    """One own connection that tells whether the database changed since it was last asked.

    SQLite's ``data_version`` changes when any other connection commits, of this process or another.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise StorageError(f"The review database {path} cannot be watched: {error}.") from error
        self._seen = self._version()

    def has_changed(self) -> bool:
        """Tell whether something was committed since the last call, or since the watch was made."""
        version = self._version()
        changed = version != self._seen
        self._seen = version
        return changed

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connection."""
        self.close()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
