"""The screen of all streams."""

from director_lib.widgets.streams_board.streams_board import StreamsBoard

__all__ = ["StreamsBoard"]
