"""The metrics board: numbers with their uncertainty, plots, and the rows behind each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import is_number, is_text, one_of

_NARROWED_BY = ("engine", "model", "kind", "actor", "stream", "state", "tries", "checkpoint", "segment")


class MetricsBoard(DrawerScreen):
    """Shows the metrics of one stream or of the studio, and asks for the rows behind them."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "metrics_board.vue"

    def vue_choose(self, data: object) -> None:
        """Another part of the numbers is wanted; 0, None and "" are everything."""
        form = {
            "weeks": is_number,
            "actor": _is_said,
            "engine": _is_said,
            "kind": one_of("", "keyframe", "video"),
        }
        self.handle("choose", data, REQUEST | form)

    def vue_show_rows(self, data: object) -> None:
        """The rows behind a number are wanted: of a week, of a group, or all; older than ``before``.

        A segment is named as its stream's id, "/" and its number.
        """
        form = {
            "what": is_text,
            "week": is_text,
            "by": one_of("", *_NARROWED_BY),
            "value": is_text,
            "cause": _is_said,
            "before": lambda value: value is None or is_number(value),
        }
        self.handle("show_rows", data, REQUEST | form)

    def vue_compare_streams(self, data: object) -> None:
        """The streams are wanted beside each other."""
        self.handle("compare_streams", data, REQUEST)

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per metric, for a saved notebook."""
        rows = [
            (card["label"], card["value"], card["interval"], card["basis"])
            for card in self._shown.get("cards", [])
        ]
        return ("Metric", "Value", "Uncertainty", "Counted from"), rows


def _is_said(value: object) -> bool:
    """Tell whether it is text, or None for everything."""
    return value is None or is_text(value)
