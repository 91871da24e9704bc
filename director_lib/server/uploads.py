"""``POST /uploads``: a file with a story, taken as it comes and read by the person's own kernel."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from tornado import web

from director_lib.errors import DirectorError, InputError, PermissionDeniedError
from director_lib.server.handlers import StudioHandler
from director_lib.server.refusals import log_refusal
from director_lib.streams.story_files import LARGEST_BYTES
from director_lib.workbench.studio import Studio
from director_lib.workbench.uploads import Upload, Uploads


@web.stream_request_body
class UploadHandler(StudioHandler):
    """Keeps the bytes in a file of the person's own; the server itself never looks into them."""

    upload: Upload | None = None

    def set_default_headers(self) -> None:
        """Say that the connection ends: a file that was refused may still be on its way."""
        super().set_default_headers()
        self.set_header("Connection", "close")

    async def prepare(self, **options: Any) -> None:
        """Let in whoever may make streams, before anything of the file is read."""
        await super().prepare(**options)
        if self._finished:
            return
        # checked here as well: the body arrives before the method is called
        if self.current_user is None or self.request.method != "POST":
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        connection = self.request.connection
        assert connection is not None
        connection.set_max_body_size(LARGEST_BYTES)  # type: ignore[attr-defined]
        studio = Studio(self.host.database, self.host.settings, self.current_user.actor)
        try:
            if int(self.request.headers.get("Content-Length", 0)) > LARGEST_BYTES:
                raise InputError(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB.")
            self.upload = Uploads(studio).begin()
        except DirectorError as error:
            self._refuse(error)

    def data_received(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        if self.upload is None:
            return
        try:
            self.upload.write(chunk)
        except DirectorError as error:
            self._refuse(error)

    async def post(self) -> None:
        """Keep the file, and tell the token that the page finds it by."""
        if self.upload is None:
            return
        size_bytes = self.upload.size_bytes
        token, self.upload = self.upload.keep(), None
        self.set_status(HTTPStatus.CREATED)
        self.finish({"upload": token, "size_bytes": size_bytes})

    def on_finish(self) -> None:
        """Leave nothing of a file that did not arrive."""
        self._drop()
        super().on_finish()

    def on_connection_close(self) -> None:
        """Leave nothing of a file whose sender is gone."""
        self._drop()
        super().on_connection_close()

    def _refuse(self, error: DirectorError) -> None:
        log_refusal("upload", error.code, self)
        self._drop()
        is_role = isinstance(error, PermissionDeniedError)
        too_large = isinstance(error, InputError)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        if is_role or too_large:
            status = HTTPStatus.FORBIDDEN if is_role else HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        self.set_status(status)
        self.finish({"message": error.user_message})

    def _drop(self) -> None:
        if self.upload is not None:
            self.upload.drop()
            self.upload = None
