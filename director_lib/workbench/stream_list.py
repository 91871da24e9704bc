"""The list of all streams, read from what was kept of each wherever nothing has changed since."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from director_lib.domain.checkpoint import Checkpoint, GateState, GateStatus
from director_lib.domain.people import Action
from director_lib.domain.stream import Oddity, Stream
from director_lib.domain.version import Kind
from director_lib.errors import DirectorError
from director_lib.store.overview import (
    Revision,
    StreamActivity,
    pending_by_stream,
    spend_by_stream,
    spend_fingerprint,
)
from director_lib.store.overview_cache import keep, read_kept
from director_lib.streams.folder_stamps import find_stamps, read_stamps
from director_lib.streams.reader import FileStamp
from director_lib.workbench.gates import gates_of
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.stream_pulse import StreamPulse
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

_RELEASE = "1"
"""Part of every key: another one when a release shows more, so that nothing older is taken for it."""

Stamps = dict[str, tuple[FileStamp, ...]]
"""Each stream's stamps, sorted by id."""

# five thousand of each are looked up before a page is shown
_CHECKPOINTS = {one.value: one for one in Checkpoint}
_STATES = {one.value: one for one in GateState}


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One line of the list of streams.

    Attributes:
        error: Why its files cannot be read; None when they can.
        gates: The five checkpoints in order; empty for a broken stream.
        undecided: Stills and clips that are neither approved nor sent back.
        approved_by: Username to how many of those they have approved, where several have to.
        cover: Digest and file ending of the first current keyframe, or None.
    """

    id: str
    title: str
    language: str = ""
    dialect: str = ""
    n_segments: int = 0
    error: str | None = None
    gates: tuple[GateStatus, ...] = ()
    approved: int = 0
    total: int = 0
    undecided: int = 0
    approved_by: Mapping[str, int] = field(default_factory=dict)
    cover: tuple[str, str] | None = None
    oddities: tuple[Oddity, ...] = ()

    def needs(self, username: str) -> bool:
        """Tell whether a still or clip waits for that person's decision."""
        return self.undecided > self.approved_by.get(username, 0)


class StreamList:
    """All streams at a glance."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._streams = streams
        self._pulse = StreamPulse()
        self._stamps: Stamps = {}
        self._seen: Stamps | None = None
        self._pending: dict[str, int] = {}
        self._doubtful: set[str] = set()
        self._lines: dict[str, tuple[str, StreamLine]] = {}
        self._is_filled = False
        self._spend: tuple[tuple[object, ...], dict[str, float]] | None = None

    def lines(
        self, *, with_spend: bool = True, look_at_files: bool = True
    ) -> list[tuple[StreamLine, StreamActivity]]:
        """Return every stream with what happens on it, sorted by id; a broken one never hides the others.

        A line and an activity are the same objects as the last time when nothing about them is different.

        Args:
            with_spend: Sum what was spent, too; 0 without.
            look_at_files: Look at the files of all streams; without, at those of streams that something
                happened to, and at what ``has_changed`` saw just before.
        """
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            stamps = self._catch_up(connection, look_at_files)
            spend = self._read_spend(connection) if with_spend else {}
            kept = {} if self._is_filled else read_kept(connection)
            keys = {one: self._key(one, stamps[one]) for one in self._doubtful if one in stamps}
            self._take(kept, keys)
            new = [one for one, key in keys.items() if self._lines.get(one, ("", None))[0] != key]
            for stream_id in new:
                self._lines[stream_id] = (keys[stream_id], self._read(stream_id, connection))
        self._is_filled, self._stamps = True, stamps
        self._doubtful.clear()
        self._lines = {one: self._lines[one] for one in stamps}
        self._keep(new, kept.keys() - stamps.keys())
        return [(self._lines[one][1], self._pulse.activity(one, spend)) for one in stamps]

    def has_changed(self) -> bool:
        """Tell whether a stream came or went, or one's files changed, since the lines were read last."""
        self._seen = read_stamps(self._studio.root)
        return self._seen != self._stamps

    def _catch_up(self, connection: sa.Connection, look_at_files: bool) -> Stamps:
        """Find the streams that may be other ones than before, and the stamps of all.

        What is doubtful stays so until the lines were read, also when reading them fails.
        """
        seen, self._seen = self._seen, None
        touched = self._pulse.read(connection)
        stamps = None
        if self._is_filled and not look_at_files:
            stamps = self._with_touched(seen or self._stamps, touched)
        if stamps is None:
            stamps = read_stamps(self._studio.root)
            if self._is_filled and stamps.keys() != self._stamps.keys():
                self._pulse.forget()
                touched = self._pulse.read(connection)
        before, self._pending = self._pending, pending_by_stream(connection)
        self._doubtful |= touched | _differing(before, self._pending) | _differing(self._stamps, stamps)
        return stamps

    def _with_touched(self, stamps: Stamps, touched: set[str]) -> Stamps | None:
        """Look at some streams' files; None when one of them came or went."""
        if stamps.keys() != self._stamps.keys():
            return None
        found = {one: find_stamps(self._studio.root, one) for one in touched if one in stamps}
        looked = {one: files for one, files in found.items() if files is not None}
        return {**stamps, **looked} if looked.keys() == touched else None

    def _key(self, stream_id: str, files: tuple[object, ...]) -> str:
        revision = Revision(self._pulse.newest.get(stream_id, 0), self._pending.get(stream_id, 0))
        return f"{_RELEASE} {files} {revision.event_seq} {revision.pending}"

    def _read_spend(self, connection: sa.Connection) -> dict[str, float]:
        """Sum what each stream cost, or find that nothing was made or billed since the last time."""
        fingerprint = spend_fingerprint(connection)
        if self._spend is None or self._spend[0] != fingerprint:
            self._spend = (fingerprint, spend_by_stream(connection))
        return self._spend[1]

    def _take(self, kept: Mapping[str, tuple[str, str]], keys: Mapping[str, str]) -> None:
        for stream_id, (key, text) in kept.items():
            if keys.get(stream_id) == key:
                self._lines[stream_id] = (key, _line(json.loads(text)))

    def _read(self, stream_id: str, connection: sa.Connection) -> StreamLine:
        try:
            stream = self._streams.get(stream_id)
        except DirectorError as error:
            return StreamLine(stream_id, stream_id, error=error.user_message)
        return _summarise(stream, read_standing(connection, stream))

    def _keep(self, new: list[str], gone: set[str]) -> None:
        """Keep what was read; not of a broken stream, because what is wrong may be in the making."""
        sound = [(one, *self._lines[one]) for one in new if self._lines[one][1].error is None]
        if sound or gone:
            rows = [(one, key, json.dumps(asdict(line), ensure_ascii=False)) for one, key, line in sound]
            with self._studio.database.write() as connection:
                keep(connection, rows, gone)


def _differing(before: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    return {one for one in before.keys() | now.keys() if before.get(one) != now.get(one)}


def _line(told: dict[str, Any]) -> StreamLine:
    gates = tuple(
        GateStatus(
            _CHECKPOINTS[gate["checkpoint"]],
            _STATES[gate["state"]],
            gate["approved"],
            gate["total"],
            gate["reason"],
            gate["content_sha256"],
        )
        for gate in told["gates"]
    )
    oddities = tuple(Oddity(**odd) for odd in told["oddities"])
    cover = tuple(told["cover"]) if told["cover"] else None
    return StreamLine(**{**told, "gates": gates, "oddities": oddities, "cover": cover})


def _summarise(stream: Stream, standing: StreamStanding) -> StreamLine:
    assets = [asset for kind in Kind for asset in standing.assets(kind).values()]
    keyframes = (standing.version(segment.id, Kind.KEYFRAME) for segment in stream.segments)
    cover = next((version for version in keyframes if version), None)
    return StreamLine(
        id=stream.id,
        title=stream.title,
        language=stream.language,
        dialect=stream.dialect.value if stream.dialect else "",
        n_segments=len(stream.segments),
        gates=gates_of(stream, standing),
        approved=sum(asset.approved for asset in assets),
        total=len(assets),
        undecided=sum(asset.has_version and not asset.approved and not asset.sent_back for asset in assets),
        approved_by=_approvals_that_lack_others(stream, standing),
        cover=(cover.sha256, cover.extension) if cover else None,
        oddities=stream.oddities,
    )


def _approvals_that_lack_others(stream: Stream, standing: StreamStanding) -> dict[str, int]:
    if standing.approvals_needed == 1:
        return {}
    verdicts = [standing.verdict(segment.id, kind) for segment in stream.segments for kind in Kind]
    return dict(
        Counter(name for verdict in verdicts if not verdict.is_approved for name in verdict.approvers)
    )
