"""What needs attention: learned from verdicts, scored, and told to the pages only when better than chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.finding import Finding, Severity
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.store.assets import ensure_asset
from director_lib.store.attention import (
    add_attention_fit,
    expected_changes_by_stream,
    find_attention_fit,
    is_attention_usable,
    read_attention_weights,
    scores_by_segment,
)
from director_lib.store.attention_facts import read_attention_facts, replaced_before
from director_lib.store.database import Database, open_database
from director_lib.store.decisions import NewDecision, add_decision
from director_lib.store.findings import add_findings
from director_lib.store.versions import NewVersion, add_version, set_current
from director_lib.tasks.attending import is_due, learn_attention_now, score_new

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BLACK = Finding("black", "It is black.", Severity.SERIOUS)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = open_database(settings.database)
    yield opened
    opened.close()


def make(
    connection: sa.Connection,
    segment_id: int,
    *,
    found: bool = False,
    kind: Kind = Kind.KEYFRAME,
    source_id: int | None = None,
    minute: int = 0,
) -> int:
    """Record a version that is current."""
    asset_id = ensure_asset(connection, "film", segment_id, kind, now=NOW)
    made_of = Provenance(image_prompt="a lake, sea fog", engine="local", source_version_id=source_id)
    at = NOW + timedelta(minutes=minute)
    new = NewVersion(f"{segment_id:060x}{minute:04x}", ".png", 9, Origin.GENERATED, at, provenance=made_of)
    version = add_version(connection, asset_id, new)
    add_findings(connection, version.id, [BLACK] if found else [])
    set_current(connection, asset_id, version.id)
    return version.id


def judge(connection: sa.Connection, version_id: int, segment_id: int, *, approve: bool) -> None:
    decision = DecisionKind.APPROVED if approve else DecisionKind.REGENERATE
    new = NewDecision(version_id, f"{segment_id:060x}{0:04x}", decision, "dora", NOW + timedelta(hours=1))
    add_decision(connection, new)


@pytest.fixture
def judged(database: Database) -> Database:
    """160 judged stills, of which those with findings are mostly sent back, and two that wait."""
    rng = np.random.default_rng(1)
    with database.write() as connection:
        for segment_id in range(1, 161):
            found = bool(rng.random() < 0.4)
            version_id = make(connection, segment_id, found=found)
            judge(connection, version_id, segment_id, approve=bool(rng.random() > (0.85 if found else 0.2)))
        make(connection, 201, found=False)
        make(connection, 202, found=True)
    return database


def test_what_waits_is_scored_and_what_was_judged_is_not(judged: Database) -> None:
    assert is_due(judged)
    assert score_new(judged) == 0
    learn_attention_now(judged, NOW)
    assert not is_due(judged)
    with judged.read() as connection:
        fit = find_attention_fit(connection)
        assert fit is not None
        assert fit.is_usable
        assert (fit.report["n"], fit.decision_seq) == (160, 160)
    assert score_new(judged) == 2
    assert score_new(judged) == 0
    with judged.read() as connection:
        scores = scores_by_segment(connection, "film", Kind.KEYFRAME)
        assert scores.keys() == {201, 202}
        assert scores[202] > 0.6 > 0.4 > scores[201]
        assert expected_changes_by_stream(connection) == {"film": pytest.approx(sum(scores.values()))}
        assert scores_by_segment(connection, "film", Kind.VIDEO) == {}


def test_a_verdict_keeps_the_score_and_is_expected_no_more(judged: Database) -> None:
    learn_attention_now(judged, NOW)
    score_new(judged)
    with judged.write() as connection:
        waiting = {
            row.segment_id: row.version_id for row in read_attention_facts(connection, range(161, 163))
        }
        judge(connection, waiting[202], 202, approve=False)
        scores = scores_by_segment(connection, "film", Kind.KEYFRAME)
        assert scores.keys() == {201, 202}
        assert expected_changes_by_stream(connection) == {"film": pytest.approx(scores[201])}


def test_a_studio_with_few_verdicts_learns_nothing_and_scores_nothing(database: Database) -> None:
    assert not is_due(database)
    with database.write() as connection:
        for segment_id in range(1, 31):
            judge(connection, make(connection, segment_id), segment_id, approve=segment_id % 2 == 0)
    assert is_due(database)
    learn_attention_now(database, NOW)
    assert not is_due(database)
    assert score_new(database) == 0
    with database.read() as connection:
        fit = find_attention_fit(connection)
        assert fit is not None
        assert "Not enough data" in fit.report["why"]
        assert not is_attention_usable(connection)


def test_only_the_newest_weights_are_kept(database: Database) -> None:
    with database.write() as connection:
        first = add_attention_fit(connection, NOW, 1, True, {"n": 1}, {"shift": 1.0})
        second = add_attention_fit(connection, NOW, 2, False, {"n": 2}, {"shift": 2.0})
        assert read_attention_weights(connection, first) == {}
        assert read_attention_weights(connection, second) == {"shift": 2.0}
        assert not is_attention_usable(connection)


def test_a_clip_of_a_keyframe_that_was_replaced_is_known_to_be_one(database: Database) -> None:
    with database.write() as connection:
        still = make(connection, 1)
        clip = make(connection, 1, kind=Kind.VIDEO, source_id=still)
        make(connection, 1, minute=30)
        other = make(connection, 2)
        fresh = make(connection, 2, kind=Kind.VIDEO, source_id=other)
        facts = read_attention_facts(connection, [clip, fresh])
        replaced = replaced_before(connection, facts)
    assert replaced == {clip: NOW + timedelta(minutes=30)}
    by_id = {fact.version_id: fact for fact in facts}
    assert by_id[clip].current_keyframe_id != still
    assert (by_id[fresh].source_number, by_id[fresh].current_keyframe_id) == (1, other)
