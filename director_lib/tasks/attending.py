"""Keeping the scores of what waits for a verdict: learning in a process of its own, scoring what is new."""

from __future__ import annotations

import logging
import multiprocessing
import os
from datetime import datetime

import sqlalchemy as sa

from director_lib.advice.attention_features import Judgeable, score_of
from director_lib.config import Settings
from director_lib.domain.finding import Severity
from director_lib.errors import DirectorError
from director_lib.store.advice_reads import newest_decision_seq
from director_lib.store.attention import (
    add_attention_fit,
    find_attention_fit,
    list_unscored,
    put_scores,
    read_attention_weights,
)
from director_lib.store.attention_facts import AttentionFacts, read_attention_facts, replaced_before
from director_lib.store.database import Database, open_database

_log = logging.getLogger("director.worker")
_FEWEST_NEW = 20
_NEW_SHARE = 0.02
_NICE = 10


def is_due(database: Database) -> bool:
    """Tell whether enough was decided since: 2 % more, and at least 20 decisions.

    Raises:
        StorageError: The database cannot be asked now.
    """
    with database.read() as connection:
        seq, known = newest_decision_seq(connection), find_attention_fit(connection)
    if known is None:
        return seq >= _FEWEST_NEW
    return seq - known.decision_seq >= max(_FEWEST_NEW, _NEW_SHARE * known.decision_seq)


def learn_attention_now(database: Database, now: datetime) -> int:
    """Learn from the newest decisions, and keep what was learned.

    Returns:
        The id of the fit.

    Raises:
        StorageError: The database cannot be read or written; what was learned before stays.
    """
    from director_lib.advice.attention import MOST_JUDGED, learn_attention
    from director_lib.metrics.effective import effective_decisions
    from director_lib.store.frames import decisions_frame

    with database.read() as connection:
        seq = newest_decision_seq(connection)
        judged = effective_decisions(decisions_frame(connection)).tail(MOST_JUDGED)
        decided_at = dict(zip(judged["version_id"], judged["decided_at"], strict=True))
        not_approved = dict(zip(judged["version_id"], ~judged["is_approved"], strict=True))
        facts = read_attention_facts(connection, [int(version_id) for version_id in decided_at])
        replaced = replaced_before(connection, facts)
    known = [
        _judgeable(
            fact, fact.version_id in replaced and replaced[fact.version_id] < decided_at[fact.version_id]
        )
        for fact in facts
    ]
    learned = learn_attention(
        known,
        [bool(not_approved[fact.version_id]) for fact in facts],
        [f"{fact.stream_id}|{fact.segment_id}" for fact in facts],
    )
    with database.write() as connection:
        return add_attention_fit(connection, now, seq, learned.is_usable, learned.report, learned.weights)


def score_new(database: Database) -> int:
    """Score what is current, was not judged and has no score by what was learned last.

    Returns:
        How many versions got a score; 0 when nothing usable was learned.

    Raises:
        StorageError: The database cannot be read or written now.
    """
    with database.read() as connection:
        fit = find_attention_fit(connection)
        wanted = list_unscored(connection, fit.id) if fit is not None and fit.is_usable else []
        if fit is None or not wanted:
            return 0
        weights = read_attention_weights(connection, fit.id)
        scores = _scores(connection, wanted, weights)
    if weights:
        with database.write() as connection:
            put_scores(connection, fit.id, scores)
    return len(scores)


def learn_apart(settings: Settings) -> None:
    """Learn in a process of its own, which gives its memory back and stands behind all others."""
    process = multiprocessing.get_context("spawn").Process(target=_learn_here, args=(settings,), daemon=False)
    process.start()
    process.join()
    if process.exitcode:
        _log.warning("the order of review could not be learned (exit code %s)", process.exitcode)


def _learn_here(settings: Settings) -> None:
    from director_lib.tasks.leash import tie_to_worker
    from director_lib.tasks.workshop import utc_now

    tie_to_worker()
    os.nice(_NICE)
    database = open_database(settings.database)
    try:
        learn_attention_now(database, utc_now())
    except DirectorError as error:
        _log.warning("the order of review could not be learned: %s", error)
    finally:
        database.close()


def _scores(connection: sa.Connection, ids: list[int], weights: object) -> dict[int, float]:
    if not isinstance(weights, dict) or not weights:
        return {}
    return {
        fact.version_id: score_of(_judgeable(fact, _has_older_keyframe(fact)), weights)
        for fact in read_attention_facts(connection, ids)
    }


def _has_older_keyframe(fact: AttentionFacts) -> bool:
    return fact.source_version_id is not None and fact.current_keyframe_id not in (
        None,
        fact.source_version_id,
    )


def _judgeable(fact: AttentionFacts, has_older_keyframe: bool) -> Judgeable:
    return Judgeable(
        fact.version_id,
        fact.stream_id,
        fact.kind.value,
        fact.engine,
        fact.model,
        fact.origin,
        fact.number,
        fact.prompt,
        tuple(sorted({code for code, _ in fact.findings})),
        sum(severity is Severity.SERIOUS for _, severity in fact.findings),
        has_older_keyframe,
    )
