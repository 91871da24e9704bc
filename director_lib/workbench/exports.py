"""Taking work out of the studio: ZIPs, spec, report, remarks, timeline, contact sheet."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from director_lib.delivery.disk import sync_folder
from director_lib.delivery.export_zip import StoredZip
from director_lib.domain.export import EXPORT_FORMS, MEDIA_TYPES, ExportKind, export_name
from director_lib.domain.people import Action
from director_lib.domain.version import Kind
from director_lib.errors import InputError, StorageError
from director_lib.workbench.contact_sheets import ContactSheets
from director_lib.workbench.export_papers import ExportPapers
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio


@dataclass(frozen=True, slots=True)
class Download:
    """An export that can be made whenever somebody takes it.

    Attributes:
        name: What the file is called.
        size_bytes: Exactly how long it is.
        chunks: Makes it, piece by piece.
    """

    name: str
    media_type: str
    size_bytes: int
    chunks: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class ExportOffer:
    """What can be exported of a stream now.

    Attributes:
        endings: Endings that it can have, the usual one first.
        size_bytes: About how large it is; None when that is only known once it is made.
        n_files: How many stills and clips are in it.
    """

    what: ExportKind
    title: str
    words: str
    endings: tuple[str, ...]
    size_bytes: int | None
    n_files: int


class Exports:
    """Exports of one studio's streams."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._sheets = ContactSheets(studio, streams)
        self._papers = ExportPapers(studio, streams)

    def offers(self, stream_id: str) -> list[ExportOffer]:
        """Say what can be exported of a stream, with sizes.

        Raises:
            NotFoundError: There is no such stream.
        """
        self._studio.require(Action.VIEW)
        self._studio.root.path(stream_id)
        sizes = self._papers.media_sizes(stream_id)
        return [
            ExportOffer(what, form.title, form.words, form.endings, *sizes.get(what, (None, 0)))
            for what, form in EXPORT_FORMS.items()
        ]

    def prepare(
        self,
        stream_id: str,
        what: ExportKind,
        ending: str = "",
        *,
        segment_ids: Collection[int] | None = None,
    ) -> Download:
        """Get an export ready; every file of it is looked at before its first byte.

        Args:
            ending: With its dot; the usual one when empty.
            segment_ids: Only these segments; all of them when None. The spec is always whole.

        Raises:
            InputError: There is no such form of it, or the stream has nothing of it.
            NotFoundError: There is no such stream or segment.
            StreamFileError: The stream's production.json cannot be read.
            StorageError: A file is missing, damaged or cannot be read.
        """
        self._studio.require(Action.VIEW)
        ending = checked_ending(what, ending)
        made = self._make(stream_id, what, ending, segment_ids)
        name = export_name(stream_id, what, ending)
        if isinstance(made, bytes):
            return Download(name, MEDIA_TYPES[ending], len(made), lambda: iter((made,)))
        made.check_sources()
        return Download(name, MEDIA_TYPES[ending], made.size_bytes, made.chunks)

    def save(
        self,
        stream_id: str,
        what: ExportKind,
        target: Path,
        *,
        segment_ids: Collection[int] | None = None,
    ) -> Path:
        """Write an export into a new file; into a folder, under its usual name.

        Returns:
            The file.

        Raises:
            DirectorError: As for ``prepare``.
            InputError: There is such a file already; it is left as it is.
            StorageError: It cannot be written; nothing half-written stays.
        """
        is_folder = target.is_dir()
        download = self.prepare(stream_id, what, "" if is_folder else target.suffix, segment_ids=segment_ids)
        file = target / download.name if is_folder else target
        if os.path.lexists(file):
            raise InputError(f"{file} exists already and was left as it is. Choose another name.")
        _write_new(file, download)
        return file

    def _make(
        self, stream_id: str, what: ExportKind, ending: str, segment_ids: Collection[int] | None
    ) -> bytes | StoredZip:
        if what is ExportKind.CONTACT_SHEET:
            return self._sheets.draw(stream_id, Kind.KEYFRAME, ending)
        if what is ExportKind.SPEC:
            return self._papers.spec(stream_id)
        return self._papers.make(stream_id, what, ending, segment_ids)


def checked_ending(what: ExportKind, ending: str) -> str:
    """Return the ending that an export gets.

    Raises:
        InputError: It cannot have this one.
    """
    known = EXPORT_FORMS[what].endings
    if not ending:
        return known[0]
    if ending.lower() not in known:
        raise InputError(
            f"{EXPORT_FORMS[what].title} cannot be a “{ending[:12]}” file. Its name has to end in "
            f"{' or '.join(known)}."
        )
    return ending.lower()


def _write_new(file: Path, download: Download) -> None:
    """Write all of a file or nothing, under a name that is still free."""
    half = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            with half.open("xb") as target:
                for chunk in download.chunks():
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            half.rename(file)
            sync_folder(file.parent)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"{file} could not be written ({error.strerror}). Nothing was changed. Make room or choose "
            "another place."
        ) from error
