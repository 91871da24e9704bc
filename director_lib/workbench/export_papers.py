"""What exports are made of: the film as it stands now, and the files that are written from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from director_lib.delivery.export_csv import comments_as_csv
from director_lib.delivery.export_files import media_zip, otioz, place_in_all, place_in_otioz, whole_zip
from director_lib.delivery.export_film import ExportedAsset, ExportedSegment, FilmRecord
from director_lib.delivery.export_report import Report, make_report, report_as_html
from director_lib.delivery.export_timeline import timeline_as_json
from director_lib.delivery.export_zip import StoredZip
from director_lib.domain.export import ExportKind
from director_lib.domain.stream import Segment
from director_lib.domain.version import Kind, Version
from director_lib.errors import DirectorError, InputError, StorageError
from director_lib.media.thumbnails import thumbnail
from director_lib.media.timing import ClipTiming, read_clip_timing
from director_lib.store.archived_files import list_away, sum_files_here
from director_lib.store.comments import Comment, list_stream_comments
from director_lib.store.versions import list_stream_versions
from director_lib.workbench.contact_sheets import ContactSheets
from director_lib.workbench.gates import gates_of
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio
from director_lib.workbench.withholding import open_versions

IsAway = Callable[[Version], bool]

_PICTURE_PX = 320
_SPEC_FILE = "production.json"


class ExportPapers:
    """Reads a film once and writes what is asked of it."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._streams = streams
        self._sheets = ContactSheets(studio, streams)
        self._timings: dict[str, ClipTiming | None] = {}

    def read(self, stream_id: str, segment_ids: Collection[int] | None = None) -> tuple[FilmRecord, IsAway]:
        """Read a film as it stands now, and which versions lie in the archive only.

        Raises:
            NotFoundError: There is no such stream, or no such segment in it.
        """
        stream = self._streams.get(stream_id)
        chosen = stream.segments
        if segment_ids is not None:
            wanted = {stream.get_segment(segment_id).id for segment_id in segment_ids}
            chosen = tuple(segment for segment in stream.segments if segment.id in wanted)
        with self._studio.database.read() as connection:
            standing = read_standing(connection, stream)
            ids = [segment.id for segment in chosen]
            # a file says in itself how it was made, so those to be chosen from blind stay here until then
            versions = open_versions(connection, list_stream_versions(connection, stream_id, ids))
            comments = list_stream_comments(connection, stream_id)
            away = list_away(connection)
        owned = _Owned.of(versions, comments)
        film = FilmRecord(
            stream=stream,
            segments=tuple(_segment(segment, standing, owned) for segment in chosen),
            gates=gates_of(stream, standing),
            gate_decisions=tuple(standing.checkpoint_decisions),
            made_at=self._studio.clock(),
            made_by=self._studio.actor.name,
        )
        files = self._studio.files

        def is_away(version: Version) -> bool:
            place = (version.sha256, version.extension)
            return place in away and not files.path(*place).is_file()

        return film, is_away

    def media_sizes(self, stream_id: str) -> dict[ExportKind, tuple[int, int]]:
        """Return the bytes and the number of the stills and clips in each export that has any."""
        with self._studio.database.read() as connection:
            found = sum_files_here(connection, stream_id)
        stills, clips = (found.get((kind, True), (0, 0)) for kind in Kind)
        every = (sum(one[0] for one in found.values()), sum(one[1] for one in found.values()))
        sets = {
            ExportKind.KEYFRAMES: stills,
            ExportKind.VIDEOS: clips,
            ExportKind.VERSIONS: every,
            ExportKind.OTIOZ: every,
            ExportKind.ALL: every,
        }
        return {what: (size_bytes, count) for what, (count, size_bytes) in sets.items()}

    def spec(self, stream_id: str) -> bytes:
        """Return production.json, byte for byte.

        Raises:
            InputError: The stream has none yet.
            StorageError: It cannot be read.
        """
        try:
            return (self._studio.root.path(stream_id) / _SPEC_FILE).read_bytes()
        except FileNotFoundError as error:
            raise InputError(f"{stream_id} has no {_SPEC_FILE} yet. Write its spec first.") from error
        except OSError as error:
            raise StorageError(
                f"{_SPEC_FILE} of {stream_id} cannot be read ({error.strerror}). Nothing was changed."
            ) from error

    def make(
        self, stream_id: str, what: ExportKind, ending: str, segment_ids: Collection[int] | None
    ) -> bytes | StoredZip:
        """Make an export of what was read.

        Raises:
            DirectorError: As for ``Exports.prepare``.
        """
        film, is_away = self.read(stream_id, segment_ids)
        files = self._studio.files
        match what:
            case ExportKind.REPORT:
                return self._report(film, ending)
            case ExportKind.COMMENTS:
                return comments_as_csv(film, self._rate)
            case ExportKind.OTIO:
                return timeline_as_json(film, self._timing, place_in_all(film, is_away))
            case ExportKind.OTIOZ:
                timeline = timeline_as_json(film, self._timing, place_in_otioz(is_away))
                return otioz(film, timeline, files, is_away)
            case ExportKind.ALL:
                return whole_zip(film, self._everything(film, is_away), files, is_away)
            case _:
                return media_zip(film, what, files, is_away)

    def _everything(self, film: FilmRecord, is_away: IsAway) -> dict[str, bytes]:
        stream_id = film.stream.id
        papers = {
            "report.html": self._report(film, ".html"),
            "report.pdf": self._report(film, ".pdf"),
            "remarks.csv": comments_as_csv(film, self._rate),
            "timeline.otio": timeline_as_json(film, self._timing, place_in_all(film, is_away)),
            "contact_sheet.pdf": self._sheets.draw(stream_id, Kind.KEYFRAME, ".pdf"),
        }
        return papers | ({_SPEC_FILE: self.spec(stream_id)} if film.stream.spec_sha256 else {})

    def _report(self, film: FilmRecord, ending: str) -> bytes:
        report: Report = make_report(film, self._find_picture)
        if ending == ".html":
            return report_as_html(report)
        # loaded on first use, as is what sets type
        from director_lib.delivery.export_pdf import report_as_pdf

        return report_as_pdf(report)

    def _find_picture(self, version: Version) -> Path | None:
        try:
            return thumbnail(self._studio.files, version.sha256, version.extension, _PICTURE_PX)
        except DirectorError:
            # a report with a hole that says so is worth more than none
            return None

    def _timing(self, version: Version) -> ClipTiming | None:
        if version.kind is not Kind.VIDEO:
            return None
        if version.sha256 not in self._timings:
            try:
                path = self._studio.files.get(version.sha256, version.extension)
                self._timings[version.sha256] = read_clip_timing(path)
            except DirectorError:
                # of a clip in the archive its length is known, and that has to do
                self._timings[version.sha256] = None
        return self._timings[version.sha256]

    def _rate(self, version: Version) -> Fraction | None:
        timing = self._timing(version)
        return timing.rate if timing else None


@dataclass(frozen=True, slots=True)
class _Owned:
    """Versions and comments by segment and kind."""

    versions: dict[tuple[int, Kind], list[Version]]
    comments: dict[tuple[int, Kind], list[Comment]]

    @classmethod
    def of(cls, versions: list[Version], comments: list[Comment]) -> _Owned:
        owned = cls(defaultdict(list), defaultdict(list))
        for version in versions:
            owned.versions[version.segment_id, version.kind].append(version)
        for comment in comments:
            owned.comments[comment.segment_id, comment.kind].append(comment)
        return owned


def _segment(segment: Segment, standing: StreamStanding, owned: _Owned) -> ExportedSegment:
    still, clip = (_asset(segment, kind, standing, owned) for kind in Kind)
    return ExportedSegment(segment, still, clip)


def _asset(segment: Segment, kind: Kind, standing: StreamStanding, owned: _Owned) -> ExportedAsset:
    place = (segment.id, kind)
    return ExportedAsset(
        kind=kind,
        current=standing.version(*place),
        versions=tuple(owned.versions[place]),
        decision=standing.decision(*place),
        is_approved=standing.verdict(*place).is_approved,
        stale=tuple(standing.stale(segment, kind)),
        comments=tuple(owned.comments[place]),
    )
