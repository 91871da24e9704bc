"""The one door to the studio: who acts, and every use case."""

from __future__ import annotations

import getpass
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Self

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Actor, Role
from director_lib.store.database import open_database
from director_lib.workbench.checkpoints import Checkpoints
from director_lib.workbench.comments import Comments
from director_lib.workbench.lifecycle import Lifecycle
from director_lib.workbench.people import People
from director_lib.workbench.presets import Presets
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.repairs import Repairs
from director_lib.workbench.reviews import Reviews
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Clock, Studio, utc_now
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.versions import Versions

if TYPE_CHECKING:
    from director_lib.workbench.insight import Insight

_log = logging.getLogger(__name__)


class Workbench:
    """Everything a person can do, grouped by noun.

    Attributes:
        streams: Open, list, check and scan streams.
        reviews: Decide, regenerate, undo, restore.
        versions: What is known of versions, how they differ, copies of them, and whether they are whole.
        prompts: Edit prompts and keep drafts.
        tasks: Generate, cancel, retry, wait.
        repairs: Plan what brings a stream up to date, and do it.
        checkpoints: Decide on story, spec and final cut; how many approvals a stream needs.
        comments: Remarks on segments and versions.
        presets: Prompt fragments.
        people: Who may sign in.
        lifecycle: Rename, archive, trash and restore streams.
    """

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.streams = Streams(studio)
        self.prompts = Prompts(studio, self.streams)
        self.tasks = Tasks(studio.database, studio.settings, studio.actor, studio.clock)
        self.reviews = Reviews(studio, self.streams, self.prompts, self.tasks)
        self.versions = Versions(studio)
        self.repairs = Repairs(studio, self.streams, self.tasks)
        self.checkpoints = Checkpoints(studio, self.streams)
        self.comments = Comments(studio, self.streams)
        self.presets = Presets(studio)
        self.people = People(studio.database)
        self.lifecycle = Lifecycle(studio)

    @classmethod
    def open(
        cls, settings: Settings | None = None, actor: Actor | None = None, clock: Clock = utc_now
    ) -> Self:
        """Open the studio.

        Args:
            settings: Read from the environment when None.
            actor: Who acts; the local user as admin when None, for notebooks and the command line.
            clock: Gives the present instant, aware, in UTC.

        Raises:
            ConfigError: A setting is wrong.
            StorageError: The database cannot be opened.
        """
        settings = settings or load_settings()
        if settings.streams_dir is None:
            settings.streams_root.mkdir(parents=True, exist_ok=True)
        database = open_database(settings.database)
        workbench = cls(Studio(database, settings, actor or local_actor(), clock))
        for error in workbench.lifecycle.repair():
            _log.warning("a stream's move waits to be finished: %s", error)
        return workbench

    @cached_property
    def insight(self) -> Insight:
        """Frames and metrics for the analyst; loaded on first use because pandas is."""
        from director_lib.workbench.insight import Insight

        studio = self.studio
        return Insight(studio.database, studio.settings, studio.actor, studio.clock)

    def close(self) -> None:
        """Close the database's connections."""
        self.studio.database.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the database's connections."""
        self.close()


def local_actor() -> Actor:
    """Return the person at this machine's console, who may do everything."""
    return Actor(getpass.getuser(), Role.ADMIN)
