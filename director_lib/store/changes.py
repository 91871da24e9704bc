"""Noticing that somebody else changed the database, cheaply enough to ask twenty times a second."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self


class ChangeWatch(ABC):
    """One own connection that tells whether the database changed since it was last asked.

    Made by ``Database.watch``; not to be asked by two threads at a time.
    """

    @abstractmethod
    def has_changed(self) -> bool:
        """Tell whether something was committed since the last call, or since the watch was made."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connection."""
        self.close()
