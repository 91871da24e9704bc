"""Puts counted clips where the desk's notebook finds them."""

from __future__ import annotations

from tests.widgets.counted_clips import RATES, write_counted_clip
from tests.widgets.fake_clips import N_FRAMES, clip_name, mark_of
from tests.widgets.serving import NotebookServer

_VERSIONS = ((1, 1), (1, 2), (1, 3), (2, 1), (3, 1))


def serve_clips(server: NotebookServer, *rates: str) -> None:
    """Write the clips of the first three segments, in these rates, unless they are there."""
    for rate in rates:
        for segment_id, number in _VERSIONS:
            mark = mark_of(segment_id, number)
            path = server.folder / "pages" / "media" / clip_name(rate, mark)
            if not path.exists():
                write_counted_clip(path, RATES[rate], N_FRAMES, mark=mark)
