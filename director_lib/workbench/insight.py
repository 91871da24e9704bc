"""Frames and metrics for the metrics page, the analyst and the reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pandas as pd
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.people import Action, Actor
from director_lib.domain.stream import Stream
from director_lib.errors import StreamFileError
from director_lib.metrics.findings import StudioFrames
from director_lib.metrics.summary import MetricsSummary, summarise
from director_lib.store.database import Database
from director_lib.store.frames import (
    billed_without_file_usd,
    checkpoints_frame,
    decisions_frame,
    tasks_frame,
    versions_frame,
)
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Clock, Studio

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
        """Read the decisions frame: one row per verdict, taken back or not, by ``seq``."""
        with self._reading() as connection:
            return decisions_frame(connection, stream_id)

    def versions(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the versions frame: one row per version by id, with ``is_current``."""
        with self._reading() as connection:
            return versions_frame(connection, stream_id)

    def tasks(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the tasks frame: one row per task in the order they were queued."""
        with self._reading() as connection:
            return tasks_frame(connection, stream_id)

    def checkpoints(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the checkpoints frame: one row per stay at story, spec or final."""
        with self._reading() as connection:
            return checkpoints_frame(connection, stream_id)

    def reviews(self, stream_id: str | None = None) -> pd.DataFrame:
        """Read the decisions, each with what made the version it judged.

        Returns:
            The decisions frame with the further columns ``origin``, ``engine``, ``model``, ``image_prompt``,
            ``motion_prompt``, ``seed``, ``source_version_id``, ``cost_usd``, ``task_id`` and ``created_at``
            of the version.
        """
        with self._reading() as connection:
            decisions = decisions_frame(connection, stream_id)
            versions = versions_frame(connection, stream_id)
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
                versions=versions_frame(connection, stream_id),
                tasks=tasks_frame(connection, stream_id),
                checkpoints=checkpoints_frame(connection, stream_id),
                segments=_segments(known),
                titles={stream.id: stream.title for stream in known},
                billed_without_file_usd=billed_without_file_usd(connection, stream_id),
            )
        studio = self._studio
        return summarise(
            frames, time_zone=studio.settings.time_zone, as_of=studio.clock(), stream_id=stream_id
        )

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
