from __future__ import annotations

from datetime import UTC, datetime

import pytest

from director_lib.domain.checkpoint import AssetStanding, Checkpoint, GateState, asset_gate
from director_lib.domain.people import Action, Actor, Role, may, require
from director_lib.domain.staleness import stale_reasons
from director_lib.domain.stream import Segment, Stream, check_stream_id
from director_lib.domain.task import TaskState, check_move
from director_lib.domain.version import Kind, Origin, Provenance, Version
from director_lib.errors import IllegalMoveError, InvalidIdError, NotFoundError, PermissionDeniedError

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WHOLE = Stream("s", "S", segments=(Segment(1),), prompt_suffix="on film")


def version(kind: Kind = Kind.KEYFRAME, *, origin: Origin = Origin.GENERATED, **made_of: object) -> Version:
    return Version(
        id=7,
        stream_id="s",
        segment_id=1,
        kind=kind,
        number=2,
        sha256="a" * 64,
        extension=".png",
        size_bytes=1,
        origin=origin,
        created_at=NOW,
        provenance=Provenance(**made_of),  # type: ignore[arg-type]
    )


def test_a_still_is_stale_once_its_prompt_changed() -> None:
    made = version(image_prompt="a sea, on film")
    assert stale_reasons(made, WHOLE, Segment(1, image_prompt="a sea"), None) == []
    assert "prompt has changed" in stale_reasons(made, WHOLE, Segment(1, image_prompt="a lake"), None)[0]


def test_a_clip_is_stale_once_its_keyframe_changed() -> None:
    clip = version(Kind.VIDEO, source_version_id=3, motion_prompt="push in")
    segment = Segment(1, motion_prompt="push in")
    assert "The keyframe is now version 2" in stale_reasons(clip, WHOLE, segment, version())[0]


def test_a_clip_is_stale_once_its_motion_prompt_changed() -> None:
    clip = version(Kind.VIDEO, source_version_id=7, motion_prompt="push in")
    assert "motion prompt" in stale_reasons(clip, WHOLE, Segment(1, motion_prompt="pan left"), version())[0]


def test_a_file_found_on_disk_is_not_stale_by_its_prompt() -> None:
    found = version(origin=Origin.FOUND, image_prompt="something else")
    assert stale_reasons(found, WHOLE, Segment(1, image_prompt="a sea"), None) == []


def test_a_missing_file_is_missing_and_not_stale() -> None:
    assert stale_reasons(None, WHOLE, Segment(1), None) == []


@pytest.mark.parametrize(
    ("assets", "state"),
    [
        ([], GateState.MISSING),
        ([AssetStanding(False, False, False)], GateState.MISSING),
        ([AssetStanding(True, False, False), AssetStanding(True, True, False)], GateState.WAITING),
        ([AssetStanding(True, True, False)], GateState.APPROVED),
        ([AssetStanding(True, True, True)], GateState.CHANGES),
        ([AssetStanding(True, False, False, sent_back=True)], GateState.CHANGES),
    ],
)
def test_a_gate_opens_only_when_everything_is_approved_and_up_to_date(
    assets: list[AssetStanding], state: GateState
) -> None:
    assert asset_gate(Checkpoint.KEYFRAMES, assets).state is state


def test_a_viewer_may_look_and_nothing_else() -> None:
    viewer = Actor("vera", Role.VIEWER)
    assert {action for action in Action if may(viewer, action)} == {Action.VIEW}
    with pytest.raises(PermissionDeniedError, match="vera may not decide"):
        require(viewer, Action.DECIDE)


def test_a_finished_task_never_moves_again() -> None:
    for ended in (TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED, TaskState.UNKNOWN):
        for state in TaskState:
            with pytest.raises(IllegalMoveError):
                check_move("t", ended, state)


@pytest.mark.parametrize(
    "bad", ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "a\n", "é", "x" * 101, "%2e"]
)
def test_an_id_that_could_leave_its_folder_is_refused(bad: str) -> None:
    with pytest.raises(InvalidIdError):
        check_stream_id(bad)


def test_a_segment_that_does_not_exist_is_named() -> None:
    with pytest.raises(NotFoundError, match="segment “9 of s”"):
        WHOLE.get_segment(9)
