"""The variants page: what wins when versions stand beside each other."""

from __future__ import annotations

from typing import Any

from director_lib.pages.boards import BoardPage
from director_lib.pages.drawer import answering
from director_lib.pages.opening import open_page
from director_lib.pages.settings_state import read_streams
from director_lib.store.events import last_event_seq
from director_lib.widgets.variants_page import VariantsScreen
from director_lib.workbench import Workbench

Json = dict[str, Any]


class VariantsPage(BoardPage):
    """What choices say, of all streams or of one."""

    page = "variants"

    def __init__(self) -> None:
        super().__init__()
        self._stream_id = ""
        self._found: Json = {}
        self._seen_seq = -1

    def make_screen(self) -> VariantsScreen:
        """Return the page's widget."""
        return VariantsScreen(
            on_ready=self.ready,
            on_choose_stream=answering(self, self._choose_stream),
            **self.drawer.callbacks(),
        )

    def open(self, workbench: Workbench, stream_id: str) -> None:
        """Show the page, of one stream when the address names one."""
        self._stream_id = stream_id
        self.start(workbench)

    def read_all(self, workbench: Workbench) -> Json:
        """Read what choices say, and the streams that there are."""
        self._found = self._read(workbench)
        return {"found": self._found, "streams": read_streams(workbench), "stream_id": self._stream_id}

    def read_changes(self, workbench: Workbench) -> Json:
        """Read what choices say, when something happened; that tasks move is none of it."""
        if self._newest_seq(workbench) == self._seen_seq:
            return {}
        before, self._found = self._found, self._read(workbench)
        return {} if self._found == before else {"found": self._found}

    def _choose_stream(self, data: Json) -> Json:
        self._stream_id = data["stream_id"]
        self._found = self._read(self.workbench)
        return {"found": self._found}

    def _newest_seq(self, workbench: Workbench) -> int:
        with workbench.studio.database.read() as connection:
            return last_event_seq(connection)

    def _read(self, workbench: Workbench) -> Json:
        self._seen_seq = self._newest_seq(workbench)
        return workbench.insight.paired(self._stream_id or None).payload()


def show(stream: str | None = None) -> None:
    """Show the variants page to whoever visits it.

    Args:
        stream: Stream id; None takes it from the page's address, and all streams when that names none.
    """
    page = VariantsPage()
    open_page(page.screen, lambda workbench, given: page.open(workbench, stream or given.get("stream", "")))
