"""Sending one back with an engine, a model, a picture to go by, or several versions to choose from."""

from __future__ import annotations

import pytest

from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.workbench import Workbench
from director_lib.workbench.reviews import Regeneration
from tests.workbench.repairing import current, finish

STILL = Kind.KEYFRAME


def asked(workbench: Workbench, **wishes: object) -> Regeneration:
    sha256 = current(workbench, STILL, 3).sha256
    return Regeneration("film", 3, STILL, {}, expected_sha256=sha256, **wishes)  # type: ignore[arg-type]


def test_variants_are_one_verdict_and_one_undo(director: Workbench) -> None:
    before = current(director, STILL, 3)
    director.reviews.regenerate(asked(director, variants=3))
    [made] = director.variants.of("film", 3, STILL)
    assert len(made.tasks) == 3
    [decision] = director.reviews.decisions("film", 3, STILL)
    assert decision.decision == "regenerate"
    finish(director, made.tasks[0])
    director.reviews.undo()
    assert current(director, STILL, 3) == before
    assert director.tasks.queue() == []
    assert not director.variants.get(made.id).is_open


def test_a_second_press_finds_the_same_variants(director: Workbench) -> None:
    first, is_new = director.reviews.regenerate_or_find(asked(director, variants=2))
    again, is_new_again = director.reviews.regenerate_or_find(asked(director, variants=2))
    assert (again.id, is_new, is_new_again) == (first.id, True, False)
    assert len(director.reviews.decisions("film", 3, STILL)) == 1
    assert len(director.tasks.queue()) == 2


def test_engine_model_and_picture_go_along(director: Workbench) -> None:
    picture = current(director, STILL, 1)
    wishes = {"engine": "google", "model": "gemini-3-pro-image", "reference_version_ids": (picture.id,)}
    request = director.reviews.regenerate(asked(director, **wishes)).request
    assert (request.engine, request.model) == ("google", "gemini-3-pro-image")
    assert request.reference_sha256s == (picture.sha256,)
    assert director.tasks.references_taken(request) > 0


def test_a_picture_that_the_engine_does_not_take_queues_nothing(director: Workbench) -> None:
    picture = current(director, STILL, 1)
    with pytest.raises(InputError, match="reference picture"):
        director.reviews.regenerate(asked(director, reference_version_ids=(picture.id,)))
    assert director.tasks.list() == []
    assert director.reviews.decisions("film", 3, STILL) == []


def test_too_many_variants_queue_nothing(director: Workbench) -> None:
    with pytest.raises(InputError, match="1 to 4"):
        director.reviews.regenerate(asked(director, variants=5))
    assert director.tasks.list() == []
