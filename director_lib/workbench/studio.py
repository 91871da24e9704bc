"""What every use case needs: the database, the settings, who acts, and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from director_lib.config import Settings
from director_lib.domain.people import Action, Actor, require
from director_lib.media.files import VersionFiles
from director_lib.store.database import Database
from director_lib.streams.folder import StreamsRoot

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Studio:
    """One person's access to one studio's streams and review database."""

    database: Database
    settings: Settings
    actor: Actor
    clock: Clock = utc_now

    @cached_property
    def root(self) -> StreamsRoot:
        """The streams' folders."""
        return StreamsRoot(self.settings.streams_root)

    @cached_property
    def files(self) -> VersionFiles:
        """The store of immutable version files."""
        return VersionFiles(self.settings.media_dir)

    def require(self, action: Action) -> None:
        """Refuse unless the actor may do it.

        Raises:
            PermissionDeniedError: The actor's role does not allow it.
        """
        require(self.actor, action)
