"""``/export/<stream>/<what>``: an export to save, streamed with its exact length."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

from tornado import web
from tornado.iostream import StreamClosedError

from director_lib.domain.export import ExportKind
from director_lib.domain.people import Actor
from director_lib.errors import DirectorError, InputError, PermissionDeniedError
from director_lib.server.handlers import StudioHandler
from director_lib.server.media import attachment
from director_lib.server.refusals import log_refusal
from director_lib.workbench.exports import Download, Exports
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

EXPORT_KINDS = "|".join(kind.value for kind in ExportKind)
_SEGMENTS = re.compile(r"\d{1,6}(,\d{1,6}){0,4999}")
_AT_ONCE_BYTES = 1 << 20
_log = logging.getLogger("director.server")


class ExportHandler(StudioHandler):
    """Makes the file while it is being sent: a large one needs no room of its own."""

    async def get(self, stream_id: str, what: str) -> None:
        """Send the file."""
        download = await self._prepare(stream_id, ExportKind(what))
        if download is None:
            return
        self._announce(download)
        chunks = download.chunks()
        loop = asyncio.get_running_loop()
        coming = loop.run_in_executor(None, _next_part, chunks)
        try:
            while part := await coming:
                # the next part is read and checked while this one is on its way
                coming = loop.run_in_executor(None, _next_part, chunks)
                self.write(part)
                await self.flush()
        except StreamClosedError:
            await asyncio.wait([coming])
            return  # the reader went away
        except DirectorError as error:
            # the length was announced, so that a file that ends early counts as broken everywhere
            _log.error("an export of %s was broken off: %s", stream_id, error)
            self.detach().close()
            return
        self.finish()

    async def head(self, stream_id: str, what: str) -> None:
        """Send the headers."""
        download = await self._prepare(stream_id, ExportKind(what))
        if download is not None:
            self._announce(download)
            self.finish()

    def _announce(self, download: Download) -> None:
        ending = Path(download.name).suffix
        self.set_header("Content-Type", download.media_type)
        self.set_header("Content-Length", str(download.size_bytes))
        self.set_header("Content-Disposition", attachment(download.name.removesuffix(ending), ending))

    async def _prepare(self, stream_id: str, what: ExportKind) -> Download | None:
        """Look at everything that will be sent; None when the refusal was answered already."""
        segments = self.get_query_argument("segments", "")
        if segments and not _SEGMENTS.fullmatch(segments):
            raise web.HTTPError(HTTPStatus.NOT_FOUND)
        chosen = [int(number) for number in segments.split(",")] if segments else None
        ending = self.get_query_argument("ending", "")
        actor: Actor = self.current_user.actor
        prepare = partial(self._make_ready, actor, stream_id, what, ending, chosen)
        try:
            return await asyncio.get_running_loop().run_in_executor(self.host.sheet_threads, prepare)
        except PermissionDeniedError as error:
            log_refusal("export", error.code, self)
            raise web.HTTPError(HTTPStatus.FORBIDDEN) from error
        except InputError as error:
            log_refusal("export", error.code, self)
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from error
        except DirectorError as error:
            _log.error("an export of %s was refused: %s", stream_id, error)
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
            heading = "This cannot be exported now"
            self.show("error.html.j2", status=503, heading=heading, text=error.user_message)
            return None

    def _make_ready(
        self, actor: Actor, stream_id: str, what: ExportKind, ending: str, chosen: list[int] | None
    ) -> Download:
        studio = Studio(self.host.database, self.host.settings, actor)
        return Exports(studio, Streams(studio)).prepare(stream_id, what, ending, segment_ids=chosen)


def _next_part(chunks: Iterator[bytes]) -> bytes:
    """Read some of it beside the event loop; empty at the end."""
    part, n_bytes = [], 0
    for chunk in chunks:
        part.append(chunk)
        n_bytes += len(chunk)
        if n_bytes >= _AT_ONCE_BYTES:
            break
    return b"".join(part)
