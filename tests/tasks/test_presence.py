from __future__ import annotations

from datetime import UTC, datetime

import pytest

from director_lib.config import Settings
from director_lib.errors import WorkerError
from director_lib.tasks import presence
from director_lib.tasks.presence import claim_presence, find_worker

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_nobody_works_before_the_first_claim(settings: Settings) -> None:
    assert find_worker(settings) is None


def test_a_claim_is_seen_until_it_is_given_back(settings: Settings) -> None:
    lock = claim_presence(settings, NOW)
    found = find_worker(settings)
    assert found is not None
    assert found.started_at == NOW
    lock.release()
    assert find_worker(settings) is None


def test_a_second_claim_is_refused_with_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "_PATIENCE_S", 0.0)
    lock = claim_presence(settings, NOW)
    with pytest.raises(WorkerError, match="already serves"):
        claim_presence(settings, NOW)
    lock.release()


def test_two_studios_have_a_worker_each(settings: Settings) -> None:
    other = settings.model_copy(update={"home": settings.home.with_name("other")})
    locks = [claim_presence(settings, NOW), claim_presence(other, NOW)]
    assert find_worker(settings) is not None
    assert find_worker(other) is not None
    for lock in locks:
        lock.release()


def test_asking_who_works_does_not_keep_a_worker_from_starting(settings: Settings) -> None:
    claim_presence(settings, NOW).release()
    assert find_worker(settings) is None
    claim_presence(settings, NOW).release()
