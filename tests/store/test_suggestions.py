from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from director_lib.domain.preset import PresetForm
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.store.advice_reads import list_shared_preset_texts, newest_decision_seq, read_params
from director_lib.store.assets import ensure_asset
from director_lib.store.database import Database
from director_lib.store.decisions import NewDecision, add_decision
from director_lib.store.presets import add_preset, insert_preset
from director_lib.store.suggestions import (
    PHRASE,
    PROMPT,
    NewSuggestion,
    add_suggestions,
    count_suggestions,
    find_first_shown_at,
    list_newest_suggestions,
    list_showings,
    record_taken,
    versions_made_with,
)
from director_lib.store.tables import tasks
from director_lib.store.variant_sets import NewVariantSet, add_missing_sets
from director_lib.store.versions import NewVersion, add_version
from tests.store.test_versions import NOW

LATER = NOW + timedelta(hours=1)
NEW = [
    NewSuggestion(PROMPT, "a “quiet” sea 🌊", 0, 0.7, is_trial=False, model_id="m", source_version_id=4),
    NewSuggestion(PHRASE, "gentle pan", 0, 2.4, is_trial=True, model_id="m"),
]


def show(connection: sa.Connection, shown_at: datetime = NOW, shown_to: str = "dora") -> list[int]:
    asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    return add_suggestions(connection, asset_id, NEW, shown_to, shown_at)


def add_task(connection: sa.Connection, task_id: str, seq: int, set_id: str | None = None) -> int:
    """Add a task that made a version; returns the version's id."""
    asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
    made_of = Provenance(task_id=task_id)
    made = NewVersion(str(seq) * 64, ".png", 1, Origin.GENERATED, LATER, provenance=made_of)
    texts = {"engine": "local", "dedup_key": task_id, "state": "succeeded", "author": "dora"}
    places = {"asset_id": asset_id, "seq": seq, "priority": 0, "request": {}, "variant_set_id": set_id}
    connection.execute(tasks.insert().values(id=task_id, queued_at=NOW, **texts, **places))
    return add_version(connection, asset_id, made).id


def test_what_was_shown_comes_back_newest_first(database: Database) -> None:
    with database.write() as connection:
        ids = show(connection)
    with database.read() as connection:
        phrase, prompt = list_newest_suggestions(connection, 10)
        assert [prompt.id, phrase.id] == ids
        assert (prompt.text, prompt.sort, prompt.is_trial) == ("a “quiet” sea 🌊", PROMPT, False)
        assert (phrase.stream_id, phrase.segment_id, phrase.kind, phrase.is_trial) == (
            "film",
            1,
            "keyframe",
            True,
        )
        assert (phrase.shown_to, phrase.shown_at, phrase.taken_at) == ("dora", NOW, None)
        assert len(list_newest_suggestions(connection, 1)) == 1
        assert count_suggestions(connection) == (2, 0, 0)
        assert find_first_shown_at(connection) == NOW
        assert list_showings(connection) == [("film", 1, "keyframe", NOW)]


def test_what_a_person_took_and_made_is_recorded_once(database: Database) -> None:
    with database.write() as connection:
        ids = show(connection)
        others = show(connection, shown_to="dan")
        assert record_taken(connection, [*ids[:1], *others], "dora", NOW, None) == 1
        assert record_taken(connection, ids[:1], "dora", LATER, "t1") == 1
        assert record_taken(connection, ids[:1], "dora", LATER, "t2") == 1
    with database.read() as connection:
        taken = {one.id: one for one in list_newest_suggestions(connection, 10)}
        assert (taken[ids[0]].taken_at, taken[ids[0]].task_id) == (NOW, "t1")
        assert taken[others[0]].taken_at is None
        assert count_suggestions(connection) == (4, 1, 1)


def test_all_variants_of_a_set_were_made_with_what_was_taken_for_it(database: Database) -> None:
    with database.write() as connection:
        ids = show(connection)
        add_missing_sets(connection, [NewVariantSet("s", ("film", 1, Kind.KEYFRAME), "dora", NOW)])
        first, second = add_task(connection, "t1", 1, "s"), add_task(connection, "t2", 2, "s")
        add_task(connection, "t3", 3)
        record_taken(connection, ids, "dora", NOW, "t1")
    with database.read() as connection:
        # one of the two suggestions was a trial
        assert versions_made_with(connection) == {first: True, second: True}


def test_without_suggestions_there_is_nothing(database: Database) -> None:
    with database.read() as connection:
        assert count_suggestions(connection) == (0, 0, 0)
        assert (versions_made_with(connection), list_showings(connection)) == ({}, [])
        assert find_first_shown_at(connection) is None


def test_advice_learns_from_parameters_of_judged_versions_and_shared_presets(database: Database) -> None:
    with database.write() as connection:
        assert newest_decision_seq(connection) == 0
        asset_id = ensure_asset(connection, "film", 1, Kind.KEYFRAME, now=NOW)
        made = [
            add_version(
                connection,
                asset_id,
                NewVersion(sha * 64, ".png", 1, Origin.GENERATED, NOW, provenance=Provenance(params=params)),
            )
            for sha, params in (("a", {"steps": 4}), ("b", {"steps": 8}), ("c", {}))
        ]
        for version in (made[0], made[2]):
            new = NewDecision(version.id, version.sha256, DecisionKind.APPROVED, "dora", NOW)
            add_decision(connection, new)
        add_preset(connection, "Fog", "lighting", "soft fog", author="dora", created_at=NOW)
        own = PresetForm("Mine", "lighting", "my own words", False)
        insert_preset(connection, own, author="dora", created_at=NOW)
        assert read_params(connection) == {made[0].id: {"steps": 4}}
        assert list_shared_preset_texts(connection) == ["soft fog"]
        assert newest_decision_seq(connection) == 2
