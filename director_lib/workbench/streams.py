"""Opening and listing streams."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.checkpoint import GateStatus
from director_lib.domain.people import Action
from director_lib.domain.stream import Oddity, Stream
from director_lib.domain.version import Kind, Version
from director_lib.errors import DirectorError
from director_lib.intake.outside_briefs import note_outside_brief
from director_lib.intake.scan import ScanResult, scan_stream
from director_lib.intake.spec_states import note_outside_spec
from director_lib.store.overview import Revision, StreamActivity, activity_by_stream, revisions_by_stream
from director_lib.streams.reader import read_stream, spec_stamp
from director_lib.workbench.gates import gates_of
from director_lib.workbench.new_streams import NewStream, NewStreams
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.studio import Studio


@dataclass(frozen=True, slots=True)
class StreamOverview:
    """One line of the list of streams.

    Attributes:
        stream: None when its files cannot be read; ``error`` then says why.
        gates: The five checkpoints in order; empty for a broken stream.
        cover: The first current keyframe version, or None.
        undecided: Stills and clips that are neither approved nor sent back.
        approved_by_me: How many of those the reader has approved already, where several have to.
    """

    id: str
    stream: Stream | None
    error: str | None
    gates: tuple[GateStatus, ...] = ()
    approved: int = 0
    total: int = 0
    undecided: int = 0
    approved_by_me: int = 0
    cover: Version | None = None
    activity: StreamActivity = StreamActivity()

    @property
    def needs_me(self) -> bool:
        """Whether a still or clip waits for the reader's decision."""
        return self.undecided > self.approved_by_me

    @property
    def oddities(self) -> tuple[Oddity, ...]:
        """What was odd in the files."""
        return self.stream.oddities if self.stream else ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What reading a stream's files found."""

    id: str
    n_segments: int
    error: str | None
    oddities: tuple[Oddity, ...]


class Streams:
    """The studio's streams; readings are kept while their files do not change."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._read: dict[str, tuple[object, Stream]] = {}
        self._noted: dict[str, Stream] = {}
        self._summarised: dict[str, tuple[Revision, StreamOverview]] = {}

    def list_ids(self) -> list[str]:
        """Return every stream's id, sorted."""
        self._studio.require(Action.VIEW)
        return self._studio.root.list_ids()

    def get(self, stream_id: str) -> Stream:
        """Read a stream's files.

        Raises:
            NotFoundError: There is no such stream.
            StreamFileError: Its production.json cannot be read.
        """
        self._studio.require(Action.VIEW)
        stamp = spec_stamp(self._studio.root, stream_id)
        kept = self._read.get(stream_id)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        stream = read_stream(self._studio.root, stream_id)
        self._read[stream_id] = (stamp, stream)
        return stream

    def create(self, title: str, story: str, *, stream_id: str | None = None, language: str = "") -> str:
        """Make a stream that has a story and nothing else yet; see ``NewStreams.create``.

        Returns:
            Its id.
        """
        return NewStreams(self._studio).create(NewStream(title, story, stream_id, language))

    def scan(self, stream_id: str, *, settle_s: float = 0.0) -> ScanResult:
        """Take in stills and clips that are new or changed on disk, and note what was edited in the files.

        Args:
            settle_s: How long a file that cannot be decoded may still be in the making before it counts as
                damaged.
        """
        studio, stream = self._studio, self.get(stream_id)
        if self._noted.get(stream_id) is not stream:
            note_outside_spec(studio.database, studio.root, stream, now=studio.clock())
            note_outside_brief(studio.database, studio.root, stream_id, now=studio.clock())
            self._noted[stream_id] = stream
        return scan_stream(
            studio.database, studio.files, studio.root, stream, now=studio.clock(), settle_s=settle_s
        )

    def check(self, stream_id: str) -> CheckResult:
        """Read a stream's files and report what is odd or broken instead of raising."""
        try:
            stream = self.get(stream_id)
        except DirectorError as error:
            return CheckResult(stream_id, 0, error.user_message, ())
        return CheckResult(stream_id, len(stream.segments), None, stream.oddities)

    def overviews(self) -> list[StreamOverview]:
        """Summarise every stream, sorted by id; a broken one never hides the others."""
        ids = self.list_ids()
        with self._studio.database.read() as connection:
            activity = activity_by_stream(connection)
            revisions = revisions_by_stream(connection)
            return [
                replace(
                    self._overview(stream_id, connection, revisions.get(stream_id, Revision())),
                    activity=activity.get(stream_id, StreamActivity()),
                )
                for stream_id in ids
            ]

    def _overview(self, stream_id: str, connection: sa.Connection, revision: Revision) -> StreamOverview:
        """Summarise a stream, or find that its files and what is recorded of it are as they were."""
        try:
            stream = self.get(stream_id)
        except DirectorError as error:
            return StreamOverview(stream_id, None, error.user_message)
        kept = self._summarised.get(stream_id)
        if kept is not None and kept[0] == revision and kept[1].stream is stream:
            return kept[1]
        standing = read_standing(connection, stream)
        overview = _summarise(stream, standing, self._studio.actor.username)
        self._summarised[stream_id] = (revision, overview)
        return overview


def _summarise(stream: Stream, standing: StreamStanding, reader: str) -> StreamOverview:
    assets = [asset for kind in Kind for asset in standing.assets(kind).values()]
    keyframes = [standing.version(segment.id, Kind.KEYFRAME) for segment in stream.segments]
    return StreamOverview(
        id=stream.id,
        stream=stream,
        error=None,
        gates=gates_of(stream, standing),
        approved=sum(asset.approved for asset in assets),
        total=len(assets),
        undecided=sum(asset.has_version and not asset.approved and not asset.sent_back for asset in assets),
        approved_by_me=_n_lacking_others(stream, standing, reader),
        cover=next((version for version in keyframes if version), None),
    )


def _n_lacking_others(stream: Stream, standing: StreamStanding, reader: str) -> int:
    """Count what the reader has approved and others have not yet."""
    if standing.approvals_needed == 1:
        return 0
    verdicts = [standing.verdict(segment.id, kind) for segment in stream.segments for kind in Kind]
    return sum(reader in verdict.approvers and not verdict.is_approved for verdict in verdicts)


def last_activity(overview: StreamOverview) -> datetime | None:
    """Return when something last happened on a stream, or None."""
    return overview.activity.last_event_at
