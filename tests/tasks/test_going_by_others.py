"""Stills that go by other stills: references, and "like segment N"."""

from __future__ import annotations

import pytest

from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, RuleError
from director_lib.tasks.requests import Wishes
from director_lib.workbench.tasks import Tasks
from tests.intake.studio import STREAM, Studio, write_clip
from tests.tasks.asking import change_spec

STILL, CLIP = Kind.KEYFRAME, Kind.VIDEO


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Everything here has to hold on both databases."""
    return str(request.param)


@pytest.fixture
def tasks(studio: Studio) -> Tasks:
    """Requests of a director, with the real engines."""
    return Tasks(studio.database, studio.settings, Actor("dora", Role.DIRECTOR), studio.clock)


def sha256_of(studio: Studio, segment_id: int) -> str:
    version = studio.current(segment_id)
    assert version is not None
    return version.sha256


def id_of(studio: Studio, segment_id: int, kind: Kind = STILL) -> int:
    version = studio.current(segment_id, kind)
    assert version is not None
    return version.id


def test_pictures_that_are_named_go_along_in_order_and_once(studio: Studio, tasks: Tasks) -> None:
    named = [id_of(studio, 2), id_of(studio, 1), id_of(studio, 2)]
    result = tasks.generate(STREAM, STILL, [3, 4], engine="google", reference_version_ids=named)
    expected = (sha256_of(studio, 2), sha256_of(studio, 1))
    assert [task.request.reference_sha256s for task in result.queued] == [expected, expected]
    assert studio.task(result.queued[0].id).request.reference_sha256s == expected


def test_an_engine_that_takes_no_pictures_refuses_them(studio: Studio, tasks: Tasks) -> None:
    with pytest.raises(
        InputError, match="“local” takes no reference pictures for stills, not 1.*Nothing was queued"
    ):
        tasks.generate(STREAM, STILL, [3], reference_version_ids=[id_of(studio, 1)])
    assert tasks.list() == []


def test_a_model_that_takes_fewer_pictures_says_how_many(studio: Studio, tasks: Tasks) -> None:
    wishes: Wishes = {"engine": "replicate", "model": "black-forest-labs/flux-1.1-pro"}
    with pytest.raises(
        InputError, match="with the model “black-forest-labs/flux-1.1-pro” takes no reference"
    ):
        tasks.generate(STREAM, STILL, [3], reference_version_ids=[id_of(studio, 1)], **wishes)


def test_only_stills_that_are_there_go_along(studio: Studio, tasks: Tasks) -> None:
    with pytest.raises(NotFoundError):
        tasks.generate(STREAM, STILL, [3], engine="google", reference_version_ids=[999])
    write_clip(studio.folder / "videos" / "segment_1.mp4")
    studio.scan()
    with pytest.raises(InputError, match="of the video of segment 1 .*only stills"):
        tasks.generate(STREAM, STILL, [3], engine="google", reference_version_ids=[id_of(studio, 1, CLIP)])
    assert tasks.list() == []


def test_a_still_is_made_like_another_segment(studio: Studio, tasks: Tasks) -> None:
    [task] = tasks.generate(STREAM, STILL, [3], engine="google", like_segment=1).queued
    assert task.request.image_prompt == "a harbour, part 1, in the style of segment 1"
    assert task.request.reference_sha256s == (sha256_of(studio, 1),)
    assert task.request.segment_id == 3


def test_without_references_the_words_alone_say_what_it_is_like(studio: Studio, tasks: Tasks) -> None:
    [task] = tasks.generate(STREAM, STILL, [3], like_segment=1).queued
    assert (task.request.engine, task.request.reference_sha256s) == ("local", ())
    assert task.request.image_prompt.endswith("in the style of segment 1")
    [other] = tasks.generate(STREAM, STILL, [2], engine="google", like_segment=4).queued
    assert other.request.reference_sha256s == ()


def test_a_written_prompt_wins_and_the_picture_still_goes_along(studio: Studio, tasks: Tasks) -> None:
    request = tasks.request_for(
        studio.stream, 3, STILL, engine="google", like_segment=1, image_prompt="fog over the pier"
    )
    assert (request.image_prompt, len(request.reference_sha256s)) == ("fog over the pier", 1)


def test_a_named_picture_and_the_like_one_go_along_together(studio: Studio, tasks: Tasks) -> None:
    request = tasks.request_for(
        studio.stream, 3, STILL, engine="google", like_segment=1, reference_version_ids=[id_of(studio, 2)]
    )
    assert request.reference_sha256s == (sha256_of(studio, 2), sha256_of(studio, 1))


def test_a_segment_without_a_prompt_can_be_made_like_another(studio: Studio, tasks: Tasks) -> None:
    change_spec(studio, 3, image_prompt="")
    assert tasks.generate(STREAM, STILL, [3]).skipped == [(3, "it has no image prompt")]
    assert len(tasks.generate(STREAM, STILL, [3], like_segment=1).queued) == 1


def test_nothing_can_be_made_like_a_segment_without_a_prompt(studio: Studio, tasks: Tasks) -> None:
    change_spec(studio, 1, image_prompt=" . ")
    with pytest.raises(RuleError, match="Segment 1 has no image prompt"):
        tasks.generate(STREAM, STILL, [3], like_segment=1)
    with pytest.raises(NotFoundError):
        tasks.generate(STREAM, STILL, [3], like_segment=99)
    assert tasks.list() == []


def test_clips_are_not_made_like_another_segment(studio: Studio, tasks: Tasks) -> None:
    with pytest.raises(InputError, match="Only a still can be made like another segment"):
        tasks.generate(STREAM, CLIP, [1], like_segment=2, allow_unapproved_keyframe=True)
