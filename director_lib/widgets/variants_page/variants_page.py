"""The variants page: engines, models, presets and phrases by what was chosen, with how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import is_text


class VariantsScreen(DrawerScreen):
    """Shows what choices say, of all streams or of one."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "variants_page.vue"

    def vue_choose_stream(self, data: object) -> None:
        """Only one stream's choices are wanted; empty for all."""
        self.handle("choose_stream", data, REQUEST | {"stream_id": is_text})

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per thing that was compared, for a saved notebook."""
        rows = [
            (table["title"], row["item"], f"{row['wins']:g} of {row['n']}", row["interval"], row["chance"])
            for table in self._shown.get("found", {}).get("tables", [])
            for row in table["rows"]
        ]
        return ("What", "Compared", "Won", "95 % interval", "Best"), rows
