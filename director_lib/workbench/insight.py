"""Frames and metrics for the metrics page, the analyst and the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.people import Action, Actor
from director_lib.domain.stream import Stream
from director_lib.errors import StreamFileError
from director_lib.metrics.counts import Counts, Slice
from director_lib.metrics.findings import StudioFrames
from director_lib.metrics.paired_findings import PairedFindings, paired_findings
from director_lib.metrics.summary import MetricsSummary, summarise
from director_lib.store.database import Database
from director_lib.store.followed_frames import load_tasks, load_versions
from director_lib.store.frame_cache import load_decisions
from director_lib.store.frames import (
    bills_frame,
    checkpoints_frame,
    decisions_frame,
    tasks_frame,
    versions_frame,
)
from director_lib.store.variant_frame import variants_frame
from director_lib.workbench.insight_counts import (
    CountsCheck,
    Tell,
    check_counts,
    read_counts,
    rebuild_counts,
    untold,
)
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Clock, Studio
from director_lib.workbench.withholding import told_frame

_FACTS = [
    "version_id",
    "origin",
    "engine",
    "model",
    "image_prompt",
    "motion_prompt",
    "seed",
    "source_version_id",
    "cost_usd",
    "task_id",
    "created_at",
]


class Insight:
    """What the studio can learn from its own work.

    Every frame may be asked for one stream, or without an id for all; instants are aware UTC. The frames are
    described in ``director_lib.metrics.frames``.
    """

    def __init__(self, database: Database, settings: Settings, actor: Actor, clock: Clock) -> None:
        self._studio = Studio(database, settings, actor, clock)
        self._streams = Streams(self._studio)

    def decisions(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the decisions frame: one row per verdict, taken back or not, by ``seq``.

        A large studio's come from a file beside the database, to which only what is new is added.
        """
        if stream_id is None:
            return self._kept(load_decisions)
        with self._reading() as connection:
            return decisions_frame(connection, stream_id)

    def versions(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the versions frame: one row per version by id, with ``is_current``.

        A large studio's come from a file beside the database, in which only what changed is read again.
        """
        if stream_id is None:
            return self._told(self._kept(load_versions))
        with self._reading() as connection:
            return told_frame(connection, versions_frame(connection, stream_id))

    def tasks(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the tasks frame: one row per task in the order they were queued; kept as the versions are."""
        if stream_id is None:
            return self._told(self._kept(load_tasks))
        with self._reading() as connection:
            return told_frame(connection, tasks_frame(connection, stream_id))

    def bills(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the bills frame: one row per task that was billed although it made no version."""
        with self._reading() as connection:
            return told_frame(connection, bills_frame(connection, stream_id))

    def checkpoints(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the checkpoints frame: one row per stay at story, spec or final."""
        with self._reading() as connection:
            return checkpoints_frame(connection, stream_id)

    def variants(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the variants frame: one row per version that was made to choose from, and who won."""
        with self._reading() as connection:
            return told_frame(connection, variants_frame(connection, stream_id))

    def paired(self, stream_id: str | None = None) -> PairedFindings:
        """Compute which engines, models, presets and phrases win when versions stand beside each other."""
        return paired_findings(self.variants(stream_id), as_of=self._studio.clock())

    def counts(self, chosen: Slice | None = None) -> Counts:
        """Read a part of the counts that are kept with every write: as quick as a page has to be.

        Raises:
            InputError: The studio's time zone does not exist.
        """
        self._studio.require(Action.VIEW)
        return read_counts(self._studio, chosen)

    def check_counts(self, *, may_rebuild: bool = True, tell: Tell = untold) -> CountsCheck:
        """Compare the counts with those from scratch; where they differ, count everything anew.

        Raises:
            PermissionDeniedError: The actor may not manage the studio.
            InputError: The studio's time zone does not exist.
        """
        self._studio.require(Action.ADMINISTER)
        return check_counts(self._studio, may_rebuild=may_rebuild, tell=tell)

    def rebuild_counts(self, tell: Tell = untold) -> None:
        """Throw the counts away and count everything anew; ``tell`` hears how many steps are done.

        Raises:
            PermissionDeniedError: The actor may not manage the studio.
            InputError: The studio's time zone does not exist.
        """
        self._studio.require(Action.ADMINISTER)
        rebuild_counts(self._studio, tell)

    def reviews(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the decisions, each with what made the version it judged.

        Returns:
            The decisions frame with the further columns ``origin``, ``engine``, ``model``, ``image_prompt``,
            ``motion_prompt``, ``seed``, ``source_version_id``, ``cost_usd``, ``task_id`` and ``created_at``
            of the version.
        """
        with self._reading() as connection:
            decisions = decisions_frame(connection, stream_id)
            versions = told_frame(connection, versions_frame(connection, stream_id))
        return decisions.merge(versions[_FACTS], on="version_id", how="left")

    def summary(self, stream_id: str | None = None) -> MetricsSummary:
        """Compute every metric of one stream, or of all.

        Page, command line and report show this and nothing else, so they cannot disagree.

        Raises:
            NotFoundError: There is no such stream.
            InputError: The studio's time zone does not exist.
        """
        known = self._known_streams(stream_id)
        with self._reading() as connection:
            frames = StudioFrames(
                decisions=decisions_frame(connection, stream_id),
                versions=told_frame(connection, versions_frame(connection, stream_id)),
                tasks=told_frame(connection, tasks_frame(connection, stream_id)),
                checkpoints=checkpoints_frame(connection, stream_id),
                segments=_segments(known),
                titles={stream.id: stream.title for stream in known},
                bills=told_frame(connection, bills_frame(connection, stream_id)),
            )
        studio = self._studio
        return summarise(
            frames,
            time_zone=studio.settings.time_zone,
            as_of=studio.clock(),
            stream_id=stream_id,
            work_hours=studio.settings.work_hours,
        )

    def _kept(self, load: Callable[[Database, Path], pd.DataFrame]) -> pd.DataFrame:
        self._studio.require(Action.VIEW)
        return load(self._studio.database, self._studio.settings.data_dir / "cache" / "insight")

    def _told(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Withhold what is to be chosen from blind; the kept files hold everything."""
        with self._reading() as connection:
            return told_frame(connection, frame)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            yield connection

    def _known_streams(self, stream_id: str | None) -> list[Stream]:
        if stream_id is not None:
            return [self._streams.get(stream_id)]
        known = []
        for each in self._streams.list_ids():
            # A stream that cannot be read says so on the streams page; what was recorded of it still counts.
            with suppress(StreamFileError):
                known.append(self._streams.get(each))
        return known


def _segments(known: list[Stream]) -> pd.DataFrame:
    pairs = [(stream.id, segment.id) for stream in known for segment in stream.segments]
    table = pd.DataFrame(pairs, columns=["stream_id", "segment_id"])
    return table.astype({"stream_id": "str", "segment_id": "int64"})
