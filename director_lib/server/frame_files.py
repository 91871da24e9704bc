"""``/api/frames/<name>.csv`` or ``.parquet``: a frame of the analyst's as a file; and the data dictionary."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError

from director_lib.domain.frame_file import FRAME_NAMES, FRAME_TYPES
from director_lib.domain.people import Action, Actor, may
from director_lib.domain.stream import check_stream_id
from director_lib.errors import InvalidIdError
from director_lib.server.handlers import StudioHandler
from director_lib.server.media import attachment
from director_lib.server.refusals import log_refusal

FRAMES = "|".join(FRAME_NAMES)
ENDINGS = "|".join(ending.removeprefix(".") for ending in FRAME_TYPES)
_AT_ONCE_BYTES, _LONGEST_S = 1 << 20, 300.0
_ONE_AT_A_TIME = asyncio.Semaphore(1)
_log = logging.getLogger("director.server")


class FrameFileHandler(StudioHandler):
    """Has another process write the file: what reads frames takes memory, and must not hold up the pages."""

    async def get(self, frame: str, ending: str) -> None:
        """Send the file."""
        actor: Actor = self.current_user.actor
        if not may(actor, Action.VIEW):
            log_refusal("frame", actor.role.value, self)
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        stream = self._stream()
        with tempfile.TemporaryDirectory(prefix="director-frame-") as folder:
            path = Path(folder) / f"{frame}.{ending}"
            async with _ONE_AT_A_TIME:
                await self._write(frame, path, stream)
            self.set_header("Content-Type", FRAME_TYPES[path.suffix])
            self.set_header("Content-Length", str(path.stat().st_size))
            name = f"{stream}_{frame}" if stream else frame
            self.set_header("Content-Disposition", attachment(name, path.suffix))
            await self._send(path)

    def _stream(self) -> str:
        stream = self.get_query_argument("stream", "")
        try:
            if stream:
                check_stream_id(stream)
        except InvalidIdError as error:
            log_refusal("frame", error.code, self)
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from error
        return stream

    async def _write(self, frame: str, path: Path, stream: str) -> None:
        command = ["-m", "director_lib.cli", "metrics", "export", frame, "--out", str(path)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            *(["--stream", stream] if stream else []),
            env=os.environ | self.host.settings.environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), _LONGEST_S)
        except TimeoutError as error:
            raise web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from error
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode:
            _log.error("the frame %s could not be written: %s", frame, said.decode(errors="replace")[-500:])
            raise web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)

    async def _send(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                while part := file.read(_AT_ONCE_BYTES):
                    self.write(part)
                    await self.flush()
        except StreamClosedError:
            return  # the reader went away
        self.finish()


class DictionaryHandler(StudioHandler):
    """``/data-dictionary``: what every column and metric means, made from the code."""

    async def get(self, *_path: Any) -> None:
        """Show the page."""
        self.show("data_dictionary.html.j2")
