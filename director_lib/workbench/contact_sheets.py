"""The contact sheet of a stream: every segment's current still or clip, in the film's order."""

from __future__ import annotations

from pathlib import Path

from director_lib.domain.how_many import how_many
from director_lib.domain.people import Action
from director_lib.domain.review import UNDECIDED
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Version
from director_lib.errors import DirectorError, InputError, StorageError
from director_lib.media.contact_sheet import SHEET_ENDINGS, SheetCell, draw_contact_sheet
from director_lib.media.thumbnails import thumbnail
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

_PICTURE_PX = 640
_MISSING = {Kind.KEYFRAME: "no still yet", Kind.VIDEO: "no clip yet"}


class ContactSheets:
    """Draws contact sheets."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._streams = streams

    def draw(self, stream_id: str, kind: Kind, ending: str) -> bytes:
        """Draw a stream's contact sheet; on that of clips the stills stand in for missing ones.

        Args:
            ending: ".pdf" or ".png".

        Returns:
            The file's bytes.

        Raises:
            InputError: There is no such kind of sheet.
            NotFoundError: There is no such stream.
            StreamFileError: Its production.json cannot be read.
        """
        self._studio.require(Action.VIEW)
        if ending not in SHEET_ENDINGS:
            raise InputError("A contact sheet is a PDF or a PNG; its name has to end in .pdf or .png.")
        stream = self._streams.get(stream_id)
        with self._studio.database.read() as connection:
            standing = read_standing(connection, stream)
        cells = [self._cell(segment, kind, standing) for segment in stream.segments]
        return draw_contact_sheet(cells, stream.title or stream.id, self._line(stream, kind, cells), ending)

    def save(self, stream_id: str, kind: Kind, target: Path) -> Path:
        """Draw a stream's contact sheet into a new file; its ending says of which kind.

        Returns:
            The file.

        Raises:
            InputError: Its ending is neither .pdf nor .png, or there is such a file already.
            StorageError: It cannot be written.
        """
        if target.exists():
            raise InputError(f"{target} exists already and was left as it is. Choose another name.")
        sheet = self.draw(stream_id, kind, target.suffix.lower())
        try:
            target.write_bytes(sheet)
        except OSError as error:
            raise StorageError(
                f"{target} could not be written ({error.strerror}). Nothing was changed. Choose another "
                "place."
            ) from error
        return target

    def _line(self, stream: Stream, kind: Kind, cells: list[SheetCell]) -> str:
        day = f"{self._studio.clock():%Y-%m-%d}"
        things = "stills" if kind is Kind.KEYFRAME else "clips"
        return f"{stream.id} · {things} · {how_many(len(cells), 'segment')} · {day}"

    def _cell(self, segment: Segment, kind: Kind, standing: StreamStanding) -> SheetCell:
        version = standing.version(segment.id, kind)
        shown = version or standing.version(segment.id, Kind.KEYFRAME)
        title = f"{segment.id}  {segment.title}".rstrip()
        line = _MISSING[kind] if version is None else _told(version, standing)
        picture = self._find_picture(shown)
        return SheetCell(picture, title, line if picture or shown is None else f"{line}, cannot be shown")

    def _find_picture(self, version: Version | None) -> Path | None:
        if version is None:
            return None
        try:
            return thumbnail(self._studio.files, version.sha256, version.extension, _PICTURE_PX)
        except DirectorError:
            # a sheet with a hole that says so is worth more than none
            return None


def _told(version: Version, standing: StreamStanding) -> str:
    verdict = standing.verdict(version.segment_id, version.kind)
    if verdict.decision is None:
        return f"version {version.number} · {UNDECIDED}"
    words = verdict.decision.decision.value.replace("_", " ")
    if verdict.needed > 1:
        words += f", {len(verdict.approvers)} of {verdict.needed} approvals"
    return f"version {version.number} · {words}"
