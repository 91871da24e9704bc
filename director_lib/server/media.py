"""Version files and thumbnails: signed-in people only, in ranges, kept by the browser for ever.

An address holds the file's own checksum, so what it names can never change.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tornado import web
from tornado.web import StaticFileHandler

from director_lib.errors import DirectorError, InvalidMediaError, NotFoundError
from director_lib.media.files import VersionFiles
from director_lib.media.plain_clips import plain_clip
from director_lib.media.probe import CLIP_EXTENSIONS
from director_lib.media.thumbnails import THUMBNAIL_WIDTHS, thumbnail
from director_lib.server.handlers import StudioHandler
from director_lib.server.refusals import log_refusal
from director_lib.store.variant_sets import is_hidden_file

_CONTENT_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
}
_PLAIN_WIDTH_PX = 1280
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|;%]+')


class MediaHandler(StudioHandler, StaticFileHandler):
    """Base: sends one file that was found by its checksum; ranges, HEAD and 304 are Tornado's."""

    @property
    def content_security_policy(self) -> str:
        """A picture opened by itself may do nothing at all."""
        return "default-src 'none'; img-src 'self'; media-src 'self'; sandbox; frame-ancestors 'self'"

    @classmethod
    def get_absolute_path(cls, root: str, path: str) -> str:
        """Return the path, which is absolute already."""
        return path

    def validate_absolute_path(self, root: str, absolute_path: str) -> str:
        """Return the path: it came from the store of files, not from the address."""
        return absolute_path

    def compute_etag(self) -> str:
        """Return the part of the address that names the content."""
        return f'"{self.request.path.rpartition("/media/")[2]}"'

    def get_content_type(self) -> str:
        """Return the type that goes with the file's extension; an unknown one is only ever downloaded."""
        return _CONTENT_TYPES.get(Path(self.absolute_path or "").suffix.lower(), "application/octet-stream")

    def set_extra_headers(self, path: str) -> None:
        """Let the signed-in person's own browser keep it."""
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.set_header("Vary", "Cookie")
        wanted_name = self.get_query_argument("download", None)
        if wanted_name is not None or self.get_content_type() == "application/octet-stream":
            ending = Path(path).suffix
            name = (wanted_name or Path(path).name).removesuffix(ending)
            # a link may name the copy, never make another kind of file of it
            self.set_header("Content-Disposition", attachment(name, ending))

    async def send_file(self, find: Any, *arguments: Any, include_body: bool = True) -> None:
        """Find a file beside the event loop and send it.

        Args:
            find: Returns the path; raises NotFoundError or InvalidMediaError.
            arguments: What it is called with.
            include_body: False for HEAD.
        """
        try:
            path: Path = await asyncio.get_running_loop().run_in_executor(None, find, *arguments)
        except (NotFoundError, InvalidMediaError) as error:
            log_refusal("media", error.code, self)
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from error
        except DirectorError as error:
            raise web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE, error.user_message) from error
        await StaticFileHandler.get(self, str(path), include_body)


class FileHandler(MediaHandler):
    """``/media/file/<sha256><ext>``: a version's own bytes; until it is chosen, a copy of a hidden one."""

    _is_hidden = False

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the file."""
        sha256, extension = _split(path)
        await self.send_file(self._find, sha256, extension, include_body=include_body)

    async def head(self, path: str) -> None:
        """Send the headers."""
        await self.get(path, include_body=False)

    def set_extra_headers(self, path: str) -> None:
        """Let nobody keep a copy: the same address has the version's own bytes later."""
        super().set_extra_headers(path)
        if self._is_hidden:
            self.set_header("Cache-Control", "no-store")

    def _find(self, sha256: str, extension: str) -> Path:
        with self.host.database.read() as connection:
            self._is_hidden = is_hidden_file(connection, sha256)
        # a file may say in itself what made it
        find = plain_file if self._is_hidden else VersionFiles.get
        return find(self.host.files, sha256, extension)


class ThumbnailHandler(MediaHandler):
    """``/media/thumb/<width>/<sha256><ext>``: a small WebP of a version, made when it is missing."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the thumbnail."""
        width, _, name = path.partition("/")
        if int(width) not in THUMBNAIL_WIDTHS:
            raise web.HTTPError(HTTPStatus.NOT_FOUND)
        arguments = (self.host.files, *_split(name), int(width))
        await self.send_file(thumbnail, *arguments, include_body=include_body)

    async def head(self, path: str) -> None:
        """Send the headers."""
        await self.get(path, include_body=False)


def plain_file(files: VersionFiles, sha256: str, extension: str) -> Path:
    """Return a copy of a version that tells nothing of how it was made: a still anew encoded, or a clip.

    Raises:
        NotFoundError: There is no such file.
        InvalidMediaError: It cannot be read.
        StorageError: The copy cannot be written.
    """
    if extension in CLIP_EXTENSIONS:
        return plain_clip(files, sha256, extension)
    return thumbnail(files, sha256, extension, _PLAIN_WIDTH_PX)


def attachment(name: str, ending: str = "") -> str:
    """Return a Content-Disposition header that saves a file under a name, whatever characters it has.

    Args:
        ending: The file's own ending with its dot; the name has none.
    """
    clean = (_UNSAFE_IN_NAME.sub("_", name).strip(" .")[:150] or "file") + ending
    plain = clean.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _split(name: str) -> tuple[str, str]:
    sha256, dot, extension = name.partition(".")
    return sha256, dot + extension
