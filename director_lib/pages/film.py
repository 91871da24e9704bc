"""The film as far as it is made: clips, stills that stand in for missing ones, and when frames are shown."""

from __future__ import annotations

from collections.abc import Callable
from math import lcm
from typing import TYPE_CHECKING, Any

from director_lib.domain.version import Kind
from director_lib.media.timing import ClipTiming
from director_lib.pages.cards import current
from director_lib.pages.drawer import Handler, showing
from director_lib.workbench.standing import StreamStanding, read_standing

if TYPE_CHECKING:
    from director_lib.pages.review import ReviewPage

Json = dict[str, Any]


class FilmEvents:
    """Answers the desk's player."""

    def __init__(self, page: ReviewPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the desk's constructor callbacks, by name."""
        answered: dict[str, Handler] = {"film": self._film, "clip_timing": self._clip_timing}
        return {f"on_{name}": showing(self._page, handler) for name, handler in answered.items()}

    def _film(self, _data: Json) -> Json:
        stream = self._page.workbench.streams.get(self._page.stream_id)
        with self._page.workbench.studio.database.read() as connection:
            return {"scenes": scenes(read_standing(connection, stream))}

    def _clip_timing(self, data: Json) -> Json:
        return {"timing": timing(self._page.workbench.versions.timing(data["version_id"]))}


def scenes(standing: StreamStanding) -> list[Json]:
    """Describe every segment of the film, in its order: the clip, the still, and the planned seconds."""
    return [
        {
            "segment_id": segment.id,
            "title": segment.title,
            "duration_s": segment.duration_s,
            "clip": current(standing.version(segment.id, Kind.VIDEO)),
            "still": current(standing.version(segment.id, Kind.KEYFRAME)),
        }
        for segment in standing.stream.segments
    ]


def timing(known: ClipTiming) -> Json:
    """Write a clip's timing in whole numbers.

    ``times`` counts units of ``1 / per_s`` seconds; it is None when the rate and ``start`` tell all.
    """
    start, times = known.start_s, known.times_s
    per_s = lcm(*(time.denominator for time in (start, *(times or ()))))
    return {
        "num": known.rate.numerator,
        "den": known.rate.denominator,
        "n_frames": known.n_frames,
        "per_s": per_s,
        "start": int(start * per_s),
        "times": None if times is None else [int(time * per_s) for time in times],
    }
