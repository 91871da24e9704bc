"""The screen of metrics."""

from director_lib.widgets.metrics_board.metrics_board import MetricsBoard

__all__ = ["MetricsBoard"]
