"""The streams board: every stream with its picture, where it stands and what waits for the director."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.widgets.drawer import DrawerScreen


class StreamsBoard(DrawerScreen):
    """Shows streams; finding and opening one happens in the browser alone."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "streams_board.vue"

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per stream, for a saved notebook."""
        rows = [
            (stream["id"], stream["title"], f"{stream['approved']}/{stream['total']}", stream["undecided"])
            for stream in self._shown.get("streams", [])
        ]
        return ("Stream", "Title", "Approved", "Undecided"), rows
