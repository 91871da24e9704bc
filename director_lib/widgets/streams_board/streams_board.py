"""The streams board: every stream with its picture, where it stands and what waits for the director."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import Check, is_flag, is_id, is_text, one_of

_STORY: dict[str, Check] = REQUEST | {"upload": is_id, "name": is_text, "pasted": is_flag}


class StreamsBoard(DrawerScreen):
    """Shows streams; finding and opening one happens in the browser alone."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "streams_board.vue"

    def vue_look_at_story(self, data: object) -> None:
        """What a story that was handed in suggests."""
        self.handle("look_at_story", data, _STORY)

    def vue_create_stream(self, data: object) -> None:
        """A stream of a story that was handed in."""
        form = _STORY | {"title": is_text, "stream_id": is_text, "language": is_text}
        self.handle("create_stream", data, form)

    def vue_look_at_folder(self, data: object) -> None:
        """What a folder would be as a stream."""
        self.handle("look_at_folder", data, REQUEST | {"path": is_text})

    def vue_adopt_folder(self, data: object) -> None:
        """A stream of a folder."""
        self.handle("adopt_folder", data, REQUEST | {"path": is_text, "stream_id": is_id, "copy": is_flag})

    def vue_stow_stream(self, data: object) -> None:
        """A stream is not to be shown any more."""
        form = REQUEST | {"stream_id": is_id, "place": one_of("archive", "trash"), "reason": is_text}
        self.handle("stow_stream", data, form)

    def vue_list_stowed(self, data: object) -> None:
        """What was put away."""
        self.handle("list_stowed", data, REQUEST)

    def vue_restore_stream(self, data: object) -> None:
        """A stream that was put away is wanted again."""
        self.handle("restore_stream", data, REQUEST | {"entry_id": is_id, "new_id": is_text})

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per stream, for a saved notebook."""
        rows = [
            (stream["id"], stream["title"], f"{stream['approved']}/{stream['total']}", stream["undecided"])
            for stream in self._shown.get("streams", [])
        ]
        return ("Stream", "Title", "Approved", "Undecided"), rows
