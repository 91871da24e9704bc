"""The one door to the studio: who acts, and every use case."""

from __future__ import annotations

import getpass
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Self

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Actor, Role
from director_lib.store.database import open_database
from director_lib.workbench.accounts import Accounts
from director_lib.workbench.activity import Activity
from director_lib.workbench.advice import Advice
from director_lib.workbench.archive import Archive
from director_lib.workbench.bulk import Bulk
from director_lib.workbench.checkpoints import Checkpoints
from director_lib.workbench.comments import Comments
from director_lib.workbench.contact_sheets import ContactSheets
from director_lib.workbench.deliveries import Deliveries
from director_lib.workbench.engines import Engines
from director_lib.workbench.exports import Exports
from director_lib.workbench.finals import Finals
from director_lib.workbench.lifecycle import Lifecycle
from director_lib.workbench.new_streams import NewStreams
from director_lib.workbench.people import People
from director_lib.workbench.preferences import Preferences
from director_lib.workbench.presets import Presets
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.repairs import Repairs
from director_lib.workbench.reviews import Reviews
from director_lib.workbench.specs import Specs
from director_lib.workbench.stories import Stories
from director_lib.workbench.stream_list import StreamList
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Clock, Studio, utc_now
from director_lib.workbench.tasks import Tasks
from director_lib.workbench.uploads import Uploads
from director_lib.workbench.variants import Variants
from director_lib.workbench.versions import Versions

if TYPE_CHECKING:
    from director_lib.workbench.insight import Insight

_log = logging.getLogger(__name__)


class Workbench:
    """Everything a person can do, grouped by noun.

    Attributes:
        streams: Open, list, check and scan streams.
        stream_list: All streams at a glance, quickly.
        activity: What happened on a stream, page by page.
        advice: What earlier decisions say about prompts, engines and models.
        reviews: Decide, regenerate, undo, restore.
        versions: What is known of versions, how they differ, copies of them, and whether they are whole.
        prompts: Edit prompts and keep drafts.
        specs: Edit the spec part by part, look it over, its history, and a first one.
        stories: Read and edit briefs.
        new_streams: Make streams of stories and folders.
        uploads: Files that the acting person handed in.
        tasks: Generate, order the queue, cancel, retry, wait; unknown outcomes; what was spent; budgets.
        stream_tasks: Jobs on whole streams: queue, follow, cancel, retry.
        finals: What stands in the way of a final cut, and sending parts of it back.
        deliveries: Build, preview and deploy films' pages, and go back to earlier builds.
        variants: Versions that were made together to choose from, and choosing.
        engines: Which engines and models there are, and which of them streams are made with.
        repairs: Plan what brings a stream up to date, and do it.
        checkpoints: Decide on story, spec and final cut; how many approvals a stream needs.
        comments: Remarks on segments and versions.
        bulk: Approve, regenerate and comment on many segments at once.
        presets: Prompt fragments.
        people: Who may sign in.
        accounts: Everybody's accounts, for an admin.
        preferences: What the acting person chose for themselves.
        lifecycle: Rename, archive, trash and restore streams.
        contact_sheets: Draw all pictures of a stream on one sheet.
        archive: Move old versions into the archive and back; how full the disk is.
        exports: Take stills, clips, spec, report, remarks and timeline out of the studio.
    """

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.streams = Streams(studio)
        self.stream_list = StreamList(studio, self.streams)
        self.activity = Activity(studio)
        self.advice = Advice(studio, self.streams)
        self.prompts = Prompts(studio, self.streams)
        self.stream_tasks = StreamTasks(studio)
        self.specs = Specs(studio, self.streams, self.prompts, self.stream_tasks)
        self.stories = Stories(studio)
        self.new_streams = NewStreams(studio)
        self.uploads = Uploads(studio)
        self.tasks = Tasks(studio.database, studio.settings, studio.actor, studio.clock)
        self.finals = Finals(studio, self.streams, self.specs)
        self.deliveries = Deliveries(studio, self.streams, self.stream_tasks)
        self.engines = Engines(studio, self.streams)
        self.reviews = Reviews(studio, self.streams, self.prompts, self.tasks)
        self.variants = Variants(studio, self.reviews, self.prompts, self.streams)
        self.versions = Versions(studio)
        self.repairs = Repairs(studio, self.streams, self.tasks)
        self.checkpoints = Checkpoints(studio, self.streams)
        self.comments = Comments(studio, self.streams)
        self.bulk = Bulk(studio, self.streams, self.tasks, self.comments)
        self.presets = Presets(studio, self.streams, self.prompts)
        self.people = People(studio.database)
        self.accounts = Accounts(studio)
        self.preferences = Preferences(studio)
        self.lifecycle = Lifecycle(studio)
        self.contact_sheets = ContactSheets(studio, self.streams)
        self.exports = Exports(studio, self.streams)
        self.archive = Archive(studio, self.stream_tasks)

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
