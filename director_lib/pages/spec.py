"""The spec page: the second checkpoint, where direction, segments and sections are written and judged."""

from __future__ import annotations

from typing import Any

from director_lib.domain.stream import Stream
from director_lib.errors import DirectorError
from director_lib.pages.live import changed_fields
from director_lib.pages.opening import open_page
from director_lib.pages.spec_drafting import read_drafting
from director_lib.pages.spec_events import SpecEvents
from director_lib.pages.spec_state import read_content, read_gate
from director_lib.pages.stream_page import StreamPage
from director_lib.widgets.spec_page import SpecScreen
from director_lib.workbench import Workbench

Json = dict[str, Any]


class SpecPage(StreamPage):
    """One stream's spec."""

    page = "spec"

    def __init__(self) -> None:
        super().__init__()
        self._told: Json = {}
        self._content: tuple[Stream, Json] | None = None

    def make_screen(self) -> SpecScreen:
        """Return the page's widget."""
        return SpecScreen(on_ready=self.ready, **self.drawer.callbacks(), **SpecEvents(self).callbacks())

    def read_all(self, workbench: Workbench) -> Json:
        """Read the spec and its verdicts; a stream that cannot be read is its error."""
        self._told = self._read(workbench)
        return {"spec": self._told}

    def read_changes(self, workbench: Workbench) -> Json:
        """Read what changed of them; of the segments only those that did."""
        before, self._told = self._told, self._read(workbench)
        changes = changed_fields(before, self._told)
        if "segments" in changes and before.get("segments"):
            known, now = before["segments"], self._told["segments"]
            # those that are gone are not in the order any more
            changes["segments"] = {key: one for key, one in now.items() if known.get(key) != one}
        return {"spec": changes}

    def _read(self, workbench: Workbench) -> Json:
        try:
            stream = workbench.streams.get(self.stream_id)
            told = {**self._read_content(workbench, stream), **read_gate(workbench, stream.id)}
            return {"error": None, **told, "drafting": read_drafting(workbench, stream)}
        except DirectorError as error:
            return {**self._told, "error": error.user_message}

    def _read_content(self, workbench: Workbench, stream: Stream) -> Json:
        """Look a spec over once for each reading of its files: a long one takes a moment."""
        if self._content is None or self._content[0] is not stream:
            self._content = (stream, read_content(workbench, stream))
        return self._content[1]


def show(stream: str | None = None) -> None:
    """Show the spec page to whoever visits it.

    Args:
        stream: Stream id; None takes it from the page's address.
    """
    page = SpecPage()
    open_page(
        page.screen,
        lambda workbench, parameters: page.open(workbench, parameters.get("stream", "")),
        stream=stream,
    )
