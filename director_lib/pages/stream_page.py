"""A page about one stream: loaded once, then patched as its records and its files change."""

from __future__ import annotations

from typing import Any

from director_lib.domain.stream import Stream
from director_lib.errors import DirectorError
from director_lib.pages.boards import BoardPage
from director_lib.pages.frame import frame
from director_lib.streams.reader import spec_stamp
from director_lib.workbench import Workbench
from director_lib.workbench.standing import read_standing

Json = dict[str, Any]


class StreamPage(BoardPage):
    """Base of the pages about one stream that are no review desk.

    Attributes:
        stream_id: The stream that is open; "" before ``open``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stream_id = ""
        self._stamp: object = None

    def open(self, workbench: Workbench, stream_id: str) -> None:
        """Show a stream on behalf of the workbench's actor and keep the page true from now on."""
        self.stream_id = stream_id
        self._stamp = self._find_stamp(workbench)
        self.start(workbench)

    def look(self) -> None:
        """Push what changed when one of the stream's files did."""
        super().look()
        stamp = self._find_stamp(self.workbench)
        if stamp != self._stamp:
            self._stamp = stamp
            self.refresh()

    def find_stream(self) -> Stream | None:
        """Read the stream; None while there is none or its files cannot be read."""
        try:
            return self.workbench.streams.get(self.stream_id)
        except DirectorError:
            return None

    def _find_stamp(self, workbench: Workbench) -> object:
        try:
            return spec_stamp(workbench.studio.root, self.stream_id)
        except DirectorError:
            return None

    def _read_frame(self) -> Json:
        studio, stream = self.workbench.studio, self.find_stream()
        with studio.database.read() as connection:
            standing = read_standing(connection, stream) if stream else None
            return frame(studio, connection, self.page, stream, standing)
