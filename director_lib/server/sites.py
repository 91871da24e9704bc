"""``/site/<stream>/``: films' pages as readers get them; ``/s/<stream>/preview/<build>/``: before they do.

Both are plain files of one build, and of no other: a page names its files relative to itself, and whatever
else an address says is not there.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web
from tornado.web import StaticFileHandler

from director_lib.delivery.deployment import find_shown_build
from director_lib.delivery.site_builds import build_path
from director_lib.delivery.site_film import site_target
from director_lib.domain.people import Actor
from director_lib.domain.stream import check_stream_id
from director_lib.errors import DirectorError, InputError, PermissionDeniedError
from director_lib.server.handlers import StudioHandler
from director_lib.server.refusals import log_refusal
from director_lib.workbench.deliveries import Deliveries
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

_INDEX = "index.html"
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}")
_TYPES = {
    ".html": "text/html; charset=UTF-8",
    ".css": "text/css; charset=UTF-8",
    ".js": "text/javascript; charset=UTF-8",
    ".json": "application/json; charset=UTF-8",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}


class BuildFileHandler(StudioHandler, StaticFileHandler):
    """Base: sends one file of one build; ranges, HEAD and 304 are Tornado's."""

    @property
    def content_security_policy(self) -> str:
        """What the page itself asks for, which its own policy says, too; framed by our own pages only."""
        return (
            "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'self'"
        )

    def set_default_headers(self) -> None:
        """Set the security headers; our own final page may show it in a frame."""
        super().set_default_headers()
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        self.set_header("Referrer-Policy", "no-referrer")

    @classmethod
    def get_absolute_path(cls, root: str, path: str) -> str:
        """Return the path, which is absolute already."""
        return path

    def validate_absolute_path(self, root: str, absolute_path: str) -> str:
        """Return the path: it was found in a build."""
        return absolute_path

    def compute_etag(self) -> str:
        """Return what names the file's bytes: builds never change, and share the frames that they share."""
        facts = Path(self.absolute_path or "").stat()
        return f'"{facts.st_ino:x}-{facts.st_mtime_ns:x}-{facts.st_size:x}"'

    def get_content_type(self) -> str:
        """Return the type that goes with the file's ending; an unknown one is only ever downloaded."""
        return _TYPES.get(Path(self.absolute_path or "").suffix, "application/octet-stream")

    def set_extra_headers(self, path: str) -> None:
        """Let pictures be kept for a minute; the page is asked for each time: a switch shows at once."""
        is_picture = self.get_content_type().startswith("image/")
        who = "public" if self.is_public else "private"
        self.set_header("Cache-Control", f"{who}, max-age=60" if is_picture else f"{who}, no-cache")
        if not self.is_public:
            self.set_header("Vary", "Cookie")

    @property
    def is_public(self) -> bool:
        """Whether people who are not signed in get it, too."""
        return False

    async def send_part(self, find: Any, *arguments: Any, name: str, include_body: bool) -> None:
        """Find a build's folder beside the event loop and send a file in it.

        Args:
            find: Returns the folder; raises InputError when there is none.
            arguments: What it is called with.
            name: The file, relative to the folder, with slashes; "" for the page.
            include_body: False for HEAD.
        """
        try:
            loop = asyncio.get_running_loop()
            path = await loop.run_in_executor(None, lambda: _find_file(find(*arguments), name))
        except PermissionDeniedError as error:
            log_refusal("site", error.code, self)
            raise web.HTTPError(HTTPStatus.FORBIDDEN) from error
        except InputError as error:
            log_refusal("site", error.code, self)
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from error
        except DirectorError as error:
            raise web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE, error.user_message) from error
        if path is None:
            log_refusal("site", self.request.uri or "", self)
            raise web.HTTPError(HTTPStatus.NOT_FOUND)
        await StaticFileHandler.get(self, str(path), include_body)


class PreviewHandler(BuildFileHandler):
    """A build as people of the studio see it before readers do."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send a file of the build."""
        stream_id, _, build_id, name = path.split("/", 3)
        find, actor = self._find, self.current_user.actor
        await self.send_part(find, actor, stream_id, build_id, name=name, include_body=include_body)

    async def head(self, path: str) -> None:
        """Send the headers."""
        await self.get(path, include_body=False)

    def _find(self, actor: Actor, stream_id: str, build_id: str) -> Path:
        studio = Studio(self.host.database, self.host.settings, actor)
        return Deliveries(studio, Streams(studio), StreamTasks(studio)).preview_folder(stream_id, build_id)


class SiteHandler(BuildFileHandler):
    """The build that readers see: signed-in people, or everybody where the studio wants that."""

    @property
    def is_public(self) -> bool:
        """Whether people who are not signed in get it, too."""
        return self.host.settings.site_public

    @allow_unauthenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        """Send a file of the page."""
        stream_id, _, name = path.partition("/")
        if not self.is_public and self.current_user is None:
            if name in ("", _INDEX):
                self.redirect(f"{self.base_url}login?next=/site/{stream_id}/")
                return
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        await self.send_part(self._find, stream_id, name=name, include_body=include_body)

    @allow_unauthenticated
    async def head(self, path: str) -> None:
        """Send the headers."""
        await self.get(path, include_body=False)

    def _find(self, stream_id: str) -> Path:
        target = site_target(self.host.settings, check_stream_id(stream_id))
        shown = find_shown_build(target)
        return target.parent / "nowhere" if shown is None else build_path(target, shown)


class SiteRootHandler(StudioHandler):
    """``/site/<stream>``: the page's files are named relative to its folder, so the slash has to be there."""

    @allow_unauthenticated
    async def get(self, stream_id: str) -> None:
        """Go to the folder."""
        try:
            check_stream_id(stream_id)
        except InputError as error:
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from error
        self.redirect(f"{self.base_url}site/{stream_id}/")


class RobotsHandler(StudioHandler):
    """``/robots.txt``: films may be found, the workbench is nobody's to look through."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Tell which addresses a search engine may read."""
        self.set_header("Content-Type", "text/plain; charset=UTF-8")
        self.finish(f"User-agent: *\nAllow: {self.base_url}site/\nDisallow: {self.base_url}\n")


def _find_file(folder: Path, name: str) -> Path | None:
    """Find a file of a build; None for whatever is not a plain file in it."""
    parts = (name or _INDEX).split("/")
    if not all(_PART.fullmatch(part) for part in parts):
        return None
    path = folder.joinpath(*parts)
    real = folder.resolve()
    return path if path.is_file() and path.resolve() == real.joinpath(*parts) else None
