"""The metrics board: numbers with their uncertainty, charts, and the rows behind each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.widgets.drawer import DrawerScreen


class MetricsBoard(DrawerScreen):
    """Shows the metrics of one stream or of the studio."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "metrics_board.vue"

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per metric, for a saved notebook."""
        rows = [
            (card["label"], card["value"], card["interval"], card["basis"])
            for card in self._shown.get("cards", [])
        ]
        return ("Metric", "Value", "Uncertainty", "Counted from"), rows
