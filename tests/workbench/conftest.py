from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.workbench import Workbench

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


class TickingClock:
    """Gives a new instant, one second later, each time it is asked."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def write_still(path: Path, color: str = "navy") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 36), color).save(path)


@pytest.fixture
def stream_folder(settings: Settings) -> Path:
    """A stream "film" of four segments; the first three have stills, none has a clip."""
    folder = settings.streams_root / "film"
    folder.mkdir(parents=True)
    spec = {
        "stream": {"id": "film", "title": "The film", "language": "en"},
        "visual_direction": {"color_palette": {"night": "#0b1020"}},
        "segments": [
            {
                "id": number,
                "title": f"Part {number}",
                "image_prompt": f"a sea, part {number}",
                "motion_prompt": "push in",
            }
            for number in range(1, 5)
        ],
        "sections": [{"id": "one", "segment_ids": [1, 2], "text_content": "Once upon a time."}],
    }
    (folder / "production.json").write_text(json.dumps(spec, indent=2) + "\n")
    for number, color in ((1, "navy"), (2, "teal"), (3, "maroon")):
        write_still(folder / "keyframes" / f"segment_{number}_keyframe.png", color)
    return folder


OpenAs = Callable[[str, Role], Workbench]


@pytest.fixture
def open_as(settings: Settings, stream_folder: Path) -> Iterator[OpenAs]:
    """Open the studio as somebody; every opening shares the database and one clock."""
    clock, opened = TickingClock(), []

    def open_workbench(username: str, role: Role) -> Workbench:
        workbench = Workbench.open(settings, Actor(username, role), clock)
        opened.append(workbench)
        return workbench

    yield open_workbench
    for workbench in opened:
        workbench.close()


@pytest.fixture
def director(open_as: OpenAs) -> Workbench:
    """The director's workbench, with the stream's stills taken in."""
    workbench = open_as("dora", Role.DIRECTOR)
    workbench.streams.scan("film")
    return workbench


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)
