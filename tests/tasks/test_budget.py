from __future__ import annotations

from datetime import UTC, datetime

import pytest

from director_lib.config import Settings
from director_lib.domain.version import Kind
from director_lib.errors import ConfigError, RuleError
from director_lib.tasks.budget import start_of_day
from tests.intake.studio import STREAM, Studio
from tests.tasks.asking import generate, tasks_of


@pytest.mark.parametrize("budget", ["budget_day_usd", "budget_stream_usd"])
def test_nothing_is_queued_when_a_batch_is_over_the_budget(studio: Studio, budget: str) -> None:
    tasks = tasks_of(studio, **{budget: 1.2})
    with pytest.raises(RuleError, match=r"\$1\.20 is left"):
        tasks.generate(STREAM, Kind.KEYFRAME, "all", engine="till")
    assert tasks.list() == []
    assert tasks.generate(STREAM, Kind.KEYFRAME, [3, 4], engine="till").price_usd == pytest.approx(1.0)
    with pytest.raises(RuleError):
        tasks.generate(STREAM, Kind.KEYFRAME, [1], engine="till")


def test_a_free_task_is_never_over_the_budget(studio: Studio) -> None:
    assert len(generate(studio, 3, budget_day_usd=0.0).queued) == 1


def test_cancelled_tasks_give_the_budget_back(studio: Studio) -> None:
    tasks = tasks_of(studio, budget_day_usd=0.5)
    [task] = tasks.generate(STREAM, Kind.KEYFRAME, [3], engine="till").queued
    tasks.cancel(task.id)
    assert len(tasks.generate(STREAM, Kind.KEYFRAME, [4], engine="till").queued) == 1


def test_the_budgets_day_begins_at_midnight_in_the_studios_time_zone(settings: Settings) -> None:
    budapest = settings.model_copy(update={"time_zone": "Europe/Budapest"})
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert start_of_day(budapest, late) == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert start_of_day(settings, late) == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_time_zone_that_does_not_exist_is_told(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"time_zone": "Atlantis/Deep"})
    with pytest.raises(ConfigError, match="Atlantis/Deep"):
        start_of_day(nowhere, datetime(2026, 11, 20, tzinfo=UTC))
