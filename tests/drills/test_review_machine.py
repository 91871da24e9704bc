"""Whatever two directors, a worker and somebody outside do, in any order, is what a simple model says."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from director_lib.config import Settings, load_settings
from director_lib.media.files import hash_file
from tests.drills.programs import PATIENCE_S
from tests.drills.review_rules import STILL, ReviewRules
from tests.drills.review_studio import SEGMENTS, STREAM
from tests.postgres import Cluster


class Reviewing(ReviewRules):
    """After each step the studio is compared with the model, as everybody else sees it."""

    @invariant()
    def every_decision_is_bound_to_the_bytes_it_was_made_on(self) -> None:
        if self.is_live():
            rows = {one.seq: one for segment_id in SEGMENTS for one in self._rows(segment_id)}
            for seq, one in self.film.decisions.items():
                assert (rows[seq].segment_id, rows[seq].sha256) == (one["segment"], one["sha"])
            assert {seq for seq, row in rows.items() if row.undoes is None} == set(self.film.decisions)
            standing = self.real.guest.reviews.standing(STREAM)
            found = {segment_id: standing.decision(segment_id, STILL) for segment_id in SEGMENTS}
            assert {segment_id: one and one.decision for segment_id, one in found.items()} == {
                segment_id: self.film.verdict(segment_id) for segment_id in SEGMENTS
            }

    @invariant()
    def approved_means_the_same_everywhere(self) -> None:
        if self.is_live():
            approved = {segment_id for segment_id in SEGMENTS if self.film.is_approved(segment_id)}
            assert self.real.approved_everywhere() == [approved, approved]

    @invariant()
    def no_version_ever_vanishes(self) -> None:
        if self.is_live():
            for segment_id in SEGMENTS:
                versions = self.real.versions(segment_id)
                expected = self.film.assets[segment_id]["versions"]
                assert [one.sha256 for one in versions] == [one["sha"] for one in expected]
                assert [one.number for one in versions] == list(range(1, len(versions) + 1))
                for one in versions:
                    file = self.real.guest.studio.files.get(one.sha256, one.extension)
                    assert hash_file(file) == one.sha256

    @invariant()
    def the_file_of_the_current_version_has_its_bytes(self) -> None:
        if self.is_live():
            current = self.real.guest.reviews.standing(STREAM).versions
            for segment_id, asset in self.film.assets.items():
                version = current.get((segment_id, STILL))
                assert (version and version.sha256) == self.film.sha(segment_id)
                if version is not None:
                    assert version.number == asset["current"] + 1
                path = self.real.still(segment_id)
                assert (hash_file(path) if path.exists() else None) == asset["present"]

    @invariant()
    def tasks_stand_where_the_model_says(self) -> None:
        assert self.real.open_task_ids() == set(self.film.open_tasks())

    @invariant()
    def prompts_and_log_are_sound(self) -> None:
        assert self.real.n_faults() == 0
        if self.is_live():
            texts = {one.id: one.image_prompt for one in self.real.guest.streams.get(STREAM).segments}
            assert texts == self.prompts


@pytest.fixture
def fresh_settings(
    tmp_path: Path, database_kind: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Settings]]:
    """Gives a studio of its own each time it is called."""
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:

        def make() -> Settings:
            made = load_settings(home=tmp_path / str(next(numbers)), local_pace_s=0.0, _env_file=None)
            if database_kind == "sqlite":
                return made
            cluster: Cluster = request.getfixturevalue("postgresql")
            return made.model_copy(update={"database_url": stack.enter_context(cluster.fresh())})

        yield make


@pytest.mark.timeout(PATIENCE_S)
def test_reviewing_is_what_the_model_says(fresh_settings: Callable[[], Settings], database_kind: str) -> None:
    # without shrinking: each step writes to disk, and a failing run names its steps anyway
    wanted = settings(
        max_examples=12 if database_kind == "sqlite" else 8,
        stateful_step_count=40,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: Reviewing(fresh_settings()), settings=wanted)
