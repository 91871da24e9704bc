"""The files of an export: which ones, under which names, and the list of them that goes along."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from director_lib.delivery.export_film import FilmRecord, current_place, version_place
from director_lib.delivery.export_zip import StoredZip, ZipEntry
from director_lib.domain.export import ExportKind
from director_lib.domain.version import Kind, Version, download_name
from director_lib.media.files import VersionFiles

IsAway = Callable[[Version], bool]
"""Tells whether a version's file lies in the archive only."""

_OTIOZ_VERSION = b"1.0.0"
_KINDS = {ExportKind.KEYFRAMES: Kind.KEYFRAME, ExportKind.VIDEOS: Kind.VIDEO}


def place_in_all(film: FilmRecord, is_away: IsAway) -> Callable[[Version], str | None]:
    """Return where each version lies beside the timeline when everything was exported."""
    current = film.current_ids()

    def place(version: Version) -> str | None:
        if is_away(version):
            return None
        return current_place(version) if version.id in current else version_place(version)

    return place


def place_in_otioz(is_away: IsAway) -> Callable[[Version], str | None]:
    """Return where each version lies in a timeline that brings its media."""
    return lambda version: None if is_away(version) else f"media/{download_name(version)}"


def media_zip(film: FilmRecord, what: ExportKind, files: VersionFiles, is_away: IsAway) -> StoredZip:
    """Return the ZIP of the current stills or clips, or of every version."""
    if what is ExportKind.VERSIONS:
        return _zip(film, what, {version_place(one): one for one in film.versions()}, {}, files, is_away)
    current = {current_place(one): one for one in film.current(_KINDS[what])}
    return _zip(film, what, current, {}, files, is_away)


def whole_zip(
    film: FilmRecord, papers: Mapping[str, bytes], files: VersionFiles, is_away: IsAway
) -> StoredZip:
    """Return the ZIP of everything.

    Args:
        papers: What goes along with the media, by name.
    """
    current = film.current_ids()
    shown = {current_place(one): one for one in film.current()}
    earlier = {version_place(one): one for one in film.versions() if one.id not in current}
    return _zip(film, ExportKind.ALL, shown | earlier, papers, files, is_away)


def otioz(film: FilmRecord, timeline: bytes, files: VersionFiles, is_away: IsAway) -> StoredZip:
    """Return a timeline with its media in one file."""
    place = place_in_otioz(is_away)
    media = {name: one for one in film.versions() if (name := place(one)) is not None}
    return StoredZip(
        [
            ZipEntry.of_bytes("version.txt", _OTIOZ_VERSION),
            ZipEntry.of_bytes("content.otio", timeline),
            *(_entry(name, one, files) for name, one in sorted(media.items())),
        ]
    )


def _zip(  # noqa: PLR0913 -- a ZIP is made of exactly these
    film: FilmRecord,
    what: ExportKind,
    media: Mapping[str, Version],
    papers: Mapping[str, bytes],
    files: VersionFiles,
    is_away: IsAway,
) -> StoredZip:
    here = {name: one for name, one in sorted(media.items()) if not is_away(one)}
    written = [ZipEntry.of_bytes(name, data) for name, data in sorted(papers.items())]
    entries = [*written, *(_entry(name, one, files) for name, one in here.items())]
    away = [name for name, one in sorted(media.items()) if is_away(one)]
    manifest = _manifest(film, what, entries, here, away)
    root = film.stream.id
    return StoredZip(
        [
            ZipEntry.of_bytes(f"{root}/manifest.json", manifest),
            *(ZipEntry(f"{root}/{one.name}", one.source, one.size_bytes, one.sha256) for one in entries),
        ]
    )


def _entry(name: str, version: Version, files: VersionFiles) -> ZipEntry:
    path = files.path(version.sha256, version.extension)
    return ZipEntry(name, path, version.size_bytes, version.sha256)


def _manifest(
    film: FilmRecord,
    what: ExportKind,
    entries: Iterable[ZipEntry],
    media: Mapping[str, Version],
    away: list[str],
) -> bytes:
    """List the files with their digests; the same files give the same list."""
    current = film.current_ids()
    lines: list[dict[str, Any]] = []
    for entry in entries:
        line: dict[str, Any] = {
            "name": entry.name,
            "size_bytes": entry.size_bytes,
            "sha256": entry.sha256,
        }
        version = media.get(entry.name)
        if version is not None:
            line |= {
                "kind": version.kind.value,
                "segment": version.segment_id,
                "version": version.number,
                "is_current": version.id in current,
                "created_at": version.created_at.isoformat(),
            }
        lines.append(line)
    content = {
        "stream": film.stream.id,
        "title": film.title,
        "what": what.value,
        "files": lines,
        "in_archive_only": away,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
