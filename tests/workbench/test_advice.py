from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from director_lib.advice.model import advice_folder
from director_lib.config import Settings
from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.errors import PermissionDeniedError, StorageError
from director_lib.store.database import Database
from director_lib.tasks.advising import is_due, learn
from director_lib.workbench import Workbench
from director_lib.workbench.advice import Advice
from tests.workbench.advised import record_decisions
from tests.workbench.conftest import OpenAs


@pytest.fixture
def advised(director: Workbench) -> Workbench:
    """A studio of 600 decisions with a phrase that helps, learned from."""
    with director.studio.database.write() as connection:
        record_decisions(connection, 600)
    director.advice.learn()
    return director


def test_before_anything_was_learned_nothing_is_suggested_or_recorded(director: Workbench) -> None:
    assert director.advice.facts() == {}
    assert director.advice.for_segment("film", 1, Kind.KEYFRAME) is None
    assert director.advice.for_prompt("a sea", Kind.KEYFRAME) is None
    assert director.advice.counts() == (0, 0, 0)


def test_what_is_shown_for_a_segment_is_recorded_and_what_is_taken_too(advised: Workbench) -> None:
    shown = advised.advice.for_segment("film", 2, Kind.KEYFRAME)
    assert shown is not None
    assert len(shown.prompt_ids) == len(shown.advised.prompts) == 3
    assert "gentle pan" in [one.facts["phrase"] for one in shown.advised.to_add]
    total = len(shown.prompt_ids) + len(shown.phrase_ids)
    assert advised.advice.counts() == (total, 0, 0)
    advised.advice.take(shown.prompt_ids[:1])
    advised.advice.take(shown.prompt_ids[:1], "t1")
    assert advised.advice.counts() == (total, 1, 1)


def test_asking_about_words_records_nothing(advised: Workbench) -> None:
    found = advised.advice.for_prompt("the sea, part 9", Kind.KEYFRAME)
    assert found is not None
    assert not [one for one in found.prompts if one.is_trial]
    assert advised.advice.counts() == (0, 0, 0)


def test_nobody_takes_what_was_shown_to_somebody_else(advised: Workbench, open_as: OpenAs) -> None:
    shown = advised.advice.for_segment("film", 2, Kind.KEYFRAME)
    assert shown is not None
    open_as("dan", Role.DIRECTOR).advice.take(shown.prompt_ids)
    assert advised.advice.counts()[1] == 0


def test_a_viewer_reads_effects_and_is_suggested_nothing(advised: Workbench, open_as: OpenAs) -> None:
    viewer = open_as("vera", Role.VIEWER).advice
    assert viewer.facts()["n_attempts"] == 600
    assert viewer.prompts_with("gentle pan")
    for call in (
        lambda: viewer.for_segment("film", 1, Kind.KEYFRAME),
        lambda: viewer.take([1]),
        viewer.learn,
    ):
        with pytest.raises(PermissionDeniedError):
            call()


def test_what_was_learned_anew_is_used_at_once(advised: Workbench) -> None:
    before = advised.advice.learned_id()
    assert advised.advice.for_prompt("a sea", Kind.KEYFRAME) is not None
    with advised.studio.database.write() as connection:
        record_decisions(connection, 30, stream_id="another")
    advised.advice.learn()
    assert advised.advice.learned_id() != before
    found = advised.advice.for_prompt("the sea, part 9", Kind.KEYFRAME)
    assert found is not None
    assert advised.advice.facts()["n_attempts"] == 630


def test_the_streams_suffix_is_no_part_of_a_suggestion(advised: Workbench) -> None:
    texts = [one.text for one in advised.advice.prompts_with("gentle pan")]
    assert texts
    assert not [text for text in texts if "35mm" in text]


def test_the_success_of_suggestions_is_measured(director: Workbench) -> None:
    with director.studio.database.write() as connection:
        record_decisions(connection, 600)
    director.advice.learn()
    shown = Advice(director.studio, director.streams, random.Random(1)).for_segment("film", 2, Kind.KEYFRAME)
    assert shown is not None
    made_at = director.studio.clock() + timedelta(minutes=1)
    with director.studio.database.write() as connection:
        record_decisions(connection, 50, start=made_at, task_prefix="later")
    director.advice.take(shown.prompt_ids, "later-0")
    uptake = director.advice.learn()["uptake"]
    assert (uptake["used"]["k"], uptake["used"]["n"]) in ((0, 1), (1, 1))
    assert uptake["used"]["n"] + uptake["declined"]["n"] + uptake["without"]["n"] == 50
    assert uptake["difference"] is None


def test_it_is_due_at_once_then_with_enough_new_decisions_or_after_a_while(
    director: Workbench, settings: Settings
) -> None:
    database, now = director.studio.database, director.studio.clock()
    assert not is_due(settings, database, now)
    with database.write() as connection:
        record_decisions(connection, 100)
    assert is_due(settings, database, now)
    learn(settings, database, now)
    assert not is_due(settings, database, now + timedelta(hours=2))
    assert is_due(settings, database, now + timedelta(days=1))
    _decide(database, 19)
    assert not is_due(settings, database, now)
    assert is_due(settings, database, now + timedelta(hours=1))
    _decide(database, 1)
    assert is_due(settings, database, now)


def test_where_it_cannot_be_written_what_was_learned_before_stays(
    advised: Workbench, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = advised.advice.learned_id()

    def refuse(_path: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError, match="What was learned before stays"):
        advised.advice.learn()
    assert advised.advice.learned_id() == before
    assert advice_folder(settings.data_dir).is_dir()


def _decide(database: Database, n: int) -> None:
    with database.write() as connection:
        record_decisions(connection, n, stream_id="more")
