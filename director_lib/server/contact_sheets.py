"""``/s/<stream>/contact-sheet/<kind>.pdf`` or ``.png``: a stream's contact sheet, to save."""

from __future__ import annotations

import asyncio
from functools import partial
from http import HTTPStatus

from tornado import web

from director_lib.domain.people import Actor
from director_lib.domain.version import Kind
from director_lib.errors import DirectorError, InputError, PermissionDeniedError
from director_lib.server.handlers import StudioHandler
from director_lib.server.media import attachment
from director_lib.server.refusals import log_refusal
from director_lib.workbench.contact_sheets import ContactSheets
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

_TYPES = {".pdf": "application/pdf", ".png": "image/png"}


class ContactSheetHandler(StudioHandler):
    """Draws the sheet as the stream is now."""

    async def get(self, stream_id: str, kind: str, ending: str) -> None:
        """Send the sheet as a file with a clear name."""
        actor = self.current_user.actor
        draw = partial(self._draw, actor, stream_id, Kind(kind), ending)
        try:
            sheet = await asyncio.get_running_loop().run_in_executor(self.host.sheet_threads, draw)
        except PermissionDeniedError as error:
            log_refusal("contact sheet", error.code, self)
            raise web.HTTPError(HTTPStatus.FORBIDDEN) from error
        except InputError as error:
            log_refusal("contact sheet", error.code, self)
            raise web.HTTPError(HTTPStatus.NOT_FOUND) from error
        except DirectorError as error:
            raise web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE, error.user_message) from error
        name = f"{stream_id}_{'stills' if kind == Kind.KEYFRAME else 'clips'}"
        self.set_header("Content-Type", _TYPES[ending])
        self.set_header("Content-Disposition", attachment(name, ending))
        self.finish(sheet)

    def _draw(self, actor: Actor, stream_id: str, kind: Kind, ending: str) -> bytes:
        studio = Studio(self.host.database, self.host.settings, actor)
        return ContactSheets(studio, Streams(studio)).draw(stream_id, kind, ending)
