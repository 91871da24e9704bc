"""A stream as its site is built of it: its texts and the files that stand there now, as one digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.delivery.site import CurrentVersions
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind, Version
from director_lib.errors import LostFileError, NotFoundError
from director_lib.media.files import StoredFile, VersionFiles
from director_lib.store.versions import current_versions
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import DEPLOYMENT_FILE, read_stream


@dataclass(frozen=True, slots=True)
class SiteFilm:
    """What a site would be built of now.

    Attributes:
        stream: With the address that its page will name as its own, "" for none.
        files: The film's files.
        sha256: Digest of all of it: the same film is the same page.
    """

    stream: Stream
    files: CurrentVersions
    sha256: str


def site_target(settings: Settings, stream_id: str) -> Path:
    """Return where a stream's site is shown, and beside which its builds are kept."""
    return settings.sites_dir / stream_id


def deployment_file(settings: Settings, stream_id: str) -> Path:
    """Return the file that says where a stream is deployed.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
    """
    return StreamsRoot(settings.streams_root).path(stream_id) / DEPLOYMENT_FILE


def read_film(settings: Settings, connection: sa.Connection, stream_id: str) -> SiteFilm:
    """Read what a stream's site would be built of.

    Raises:
        NotFoundError: There is no such stream.
        StreamFileError: Its production.json cannot be read.
        LostFileError: The file of a current version is missing from the version store.
    """
    stream = read_stream(StreamsRoot(settings.streams_root), stream_id)
    found = current_versions(connection, stream_id)
    ids = {segment.id for segment in stream.segments}
    current = {place: version for place, version in found.items() if place[0] in ids}
    store = VersionFiles(settings.media_dir)
    files = {place: _file(store, version) for place, version in current.items()}
    return SiteFilm(_addressed(settings, stream), files, film_sha256(settings, stream, current))


def film_sha256(settings: Settings, stream: Stream, current: dict[tuple[int, Kind], Version]) -> str:
    """Return the digest of what a stream's site would be built of, without looking at the files."""
    said = _addressed(settings, stream)
    versions = sorted((place[0], place[1].value, version.sha256) for place, version in current.items())
    text = json.dumps([repr(said), versions], ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _addressed(settings: Settings, stream: Stream) -> Stream:
    """Give a stream the address that is known before it is deployed; where it was before is not its own."""
    address = settings.deploy_url.format(stream=stream.id, build_id="") if _names_no_build(settings) else ""
    return replace(stream, deployed_url=address, oddities=())


def _names_no_build(settings: Settings) -> bool:
    return bool(settings.deploy_url) and "{build_id}" not in settings.deploy_url


def _file(store: VersionFiles, version: Version) -> StoredFile:
    try:
        path = store.get(version.sha256, version.extension)
    except NotFoundError as error:
        what = f"the current {version.kind.value} of segment {version.segment_id}"
        raise LostFileError(what, "missing") from error
    return StoredFile(version.sha256, version.size_bytes, path)
