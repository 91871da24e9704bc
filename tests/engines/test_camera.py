"""How motion prompts move the camera."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.engines.local.camera import camera_path, read_motion


@pytest.mark.parametrize(
    ("motion", "moves"),
    [
        ("slow push in", ("push",)),
        ("the camera moves slowly towards the tower", ("push",)),
        ("lassan közelít", ("push",)),
        ("zoom out", ("pull",)),
        ("pull slowly back from her face", ("pull",)),
        ("a kamera távolodik", ("pull",)),
        ("pan left", ("left",)),
        ("balra pásztáz", ("left",)),
        ("camera drifts gently to the right", ("right",)),
        ("pan from left to right", ("right",)),
        ("jobbra", ("right",)),
        ("tilt up", ("up",)),
        ("crane", ("up",)),
        ("felfelé emelkedik", ("up",)),
        ("tilt slowly down", ("down",)),
        ("a kamera lefelé ereszkedik", ("down",)),
        ("orbit around the figure", ("orbit",)),
        ("slow roll", ("roll",)),
        ("push in and pan right", ("push", "right")),
        ("static shot, locked off", ()),
    ],
)
def test_words_become_moves(motion: str, moves: tuple[str, ...]) -> None:
    assert [phase.moves for phase in read_motion(motion)] == [moves]


@pytest.mark.parametrize(
    "motion", ["slow push in, then pan right", "lassan közelít, majd jobbra", "push in → pan right"]
)
def test_then_parts_phases(motion: str) -> None:
    assert [phase.moves for phase in read_motion(motion)] == [("push",), ("right",)]


def test_speed_words_change_how_far_it_goes() -> None:
    slow, usual, fast = (
        camera_path(motion, 24).zoom[-1] for motion in ("slow zoom in", "zoom in", "fast zoom in")
    )
    assert 1 < slow < usual < fast


def test_a_prompt_that_says_nothing_is_a_soft_push_in() -> None:
    path = camera_path("", 24)
    assert path.zoom[0] == 1
    assert path.zoom[-1] > 1.05


def test_a_push_in_starts_with_the_whole_keyframe_and_a_pull_out_ends_with_it() -> None:
    assert camera_path("push in", 24).zoom[0] == pytest.approx(1)
    assert camera_path("pull out", 24).zoom[-1] == pytest.approx(1)


def test_a_held_camera_does_not_move_at_all() -> None:
    path = camera_path("static", 24)
    assert np.ptp(path.zoom) == np.ptp(path.across) == np.ptp(path.down) == 0


def test_a_hand_held_camera_trembles() -> None:
    assert np.ptp(camera_path("static, handheld", 24).across) > 0.05


@given(st.text(max_size=120), st.integers(1, 60), st.integers(0, 2**63))
def test_the_camera_never_leaves_the_picture(motion: str, frames: int, seed: int) -> None:
    path = camera_path(motion, frames, seed=seed)
    assert len(path.zoom) == frames
    assert (path.zoom >= 0.999).all()
    assert (np.abs(path.across) <= 1).all()
    assert (np.abs(path.down) <= 1).all()
