"""A film of 200 segments on its way to its readers and back."""

from __future__ import annotations

import json
import shutil

import pytest

from director_lib.config import Settings
from director_lib.delivery.site_builds import find_faults
from director_lib.delivery.site_film import site_target
from director_lib.domain.task import TaskState
from tests.delivery.delivering import FILM, Publishing

N_SEGMENTS, N_DIFFERENT = 200, 5


@pytest.fixture
def studio(settings: Settings) -> Publishing:
    """A long film whose clips are few different ones, so that making them takes no time."""
    made = Publishing(settings, n_segments=N_SEGMENTS, n_clips=N_DIFFERENT)
    for number in range(N_DIFFERENT + 1, N_SEGMENTS + 1):
        like = made.folder / "videos" / f"segment_{number % N_DIFFERENT + 1}.mp4"
        shutil.copyfile(like, made.folder / "videos" / f"segment_{number}.mp4")
    made.workbench.streams.scan(FILM)
    return made


def test_two_hundred_segments_are_built_deployed_and_rolled_back(studio: Publishing) -> None:
    deliveries, target = studio.workbench.deliveries, site_target(studio.settings, FILM)
    studio.approve()
    first = studio.carried_out(deliveries.deploy(FILM))
    assert (first.state, first.error_message) == (TaskState.SUCCEEDED, None)
    assert first.result is not None
    assert first.result["warnings"] == []
    assert first.result["n_frames"] == {"high": 121 * N_SEGMENTS, "performance": 40 * N_SEGMENTS}
    film = json.loads((target / "film.json").read_text())
    assert [segment["id"] for segment in film["segments"]] == list(range(1, N_SEGMENTS + 1))
    studio.retitle("Another title")
    second = studio.carried_out(deliveries.deploy(FILM, override="the title"))
    assert second.result is not None
    build_id = first.result["build_id"]
    assert second.result["build_id"] != build_id
    back = studio.carried_out(deliveries.roll_back(FILM, build_id))
    assert back.state is TaskState.SUCCEEDED
    assert deliveries.shown_build(FILM) == build_id
    assert find_faults(target, build_id) == []
    assert "The film" in (target / "index.html").read_text()
    studio.close()
