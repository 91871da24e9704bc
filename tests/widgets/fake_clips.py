"""Clips on a review page's double: real files whose frames say their number, and when they are shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from director_lib.errors import InvalidMediaError
from director_lib.media.timing import read_clip_timing
from director_lib.pages.film import timing
from tests.widgets.desk_samples import short_version

Payload = dict[str, Any]

RATE_NAMES = ("23.976", "24", "25", "29.97", "30", "60")
N_FRAMES = 72
STILL_S = 0.6


def clip_name(rate: str, mark: int) -> str:
    """Name the file of a clip of this rate whose frames show this mark."""
    return f"counted_{rate}_{mark}.mp4"


def mark_of(segment_id: int, number: int) -> int:
    """Return the mark of a version's clip; every version of the first three segments has its own."""
    return 4 * (segment_id - 1) + number


class ClipAnswers:
    """Answers the desk's players."""

    cards: dict[int, Payload]
    versions: dict[int, list[Payload]]
    kind: str

    def _on_clip_timing(self, data: Payload) -> Payload:
        known = {one["id"]: one for made in self.versions.values() for one in made}
        source = Path(known[data["version_id"]]["src"])
        if source.suffix != ".mp4":
            raise InvalidMediaError(source, "it is a still")
        return {"timing": timing(read_clip_timing(Path("media") / source.name))}

    def _on_film(self, _data: Payload) -> Payload:
        still = {"poster": "/voila/files/media/1.jpg?film", "src": "/voila/files/media/1.jpg"}
        names = ("segment_id", "title", "duration_s")
        return {
            "scenes": [
                {
                    **{name: card[name] for name in names},
                    "clip": card["version"] if self.kind == "video" else None,
                    "still": still if self.kind == "video" else card["version"],
                }
                for card in self.cards.values()
            ]
        }


def make_counted(page: Any, rates: tuple[str, ...]) -> None:
    """Give every version a clip: a segment's newest has the first rate, the one before it the next."""
    for n, made in page.versions.items():
        for place, version in enumerate(made):
            rate = rates[place % len(rates)]
            version["src"] = f"/voila/files/media/{clip_name(rate, mark_of(n, version['number']))}"
        page.cards[n] |= {"version": short_version(made[0]), "duration_s": STILL_S}


def make_gap(page: Any) -> None:
    """Let the second segment have no clip."""
    make_counted(page, ("24",))
    page.versions[2] = []
    page.cards[2] |= {"version": None, "n_versions": 0, "keyframe_thumb": "/voila/files/media/1.jpg"}
    page.cards[2]["keyframe_poster"] = "/voila/files/media/1.jpg"


def make_lost_still(page: Any) -> None:
    """Let the file of the oldest version of the first segment be lost."""
    page.versions[1][-1]["src"] = "data:image/png;base64,AAAA"


def make_quick(page: Any) -> None:
    """Let every segment be planned short."""
    for card in page.cards.values():
        card["duration_s"] = STILL_S


SCENARIOS = {
    **{f"counted-{rate}": partial(make_counted, rates=(rate,)) for rate in RATE_NAMES},
    "counted-mixed": partial(make_counted, rates=("25", "30", "24")),
    "counted-gap": make_gap,
    "lost-still": make_lost_still,
    "quick": make_quick,
}
