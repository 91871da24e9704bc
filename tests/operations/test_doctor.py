"""What the doctor finds: stuck work, missing keys, full disks; and what it says to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from director_lib.cli import health_work
from director_lib.cli.health_work import check_engines, look_at_disks, look_at_engines, look_at_tasks
from director_lib.config import Settings, load_settings
from director_lib.errors import DirectorError
from director_lib.tasks.presence import claim_presence
from director_lib.workbench.studio import utc_now
from tests.intake.studio import Studio, request_of
from tests.operations.test_standing import queue

KEYS = {"GOOGLE_AI_API_KEY": "AIza-secret", "REPLICATE_API_TOKEN": "r8_secret"}


@pytest.fixture
def recent(studio: Studio) -> Studio:
    """The studio at the present hour, at which the doctor looks."""
    studio.now = utc_now()
    return studio


def test_a_studio_at_rest_is_well(recent: Studio) -> None:
    assert look_at_tasks(recent.settings) == "0 wait and 0 run; 0 failed in the last hour"


def test_tasks_without_a_worker_are_told_with_what_to_do(recent: Studio) -> None:
    queue(recent, "t_a")
    with pytest.raises(DirectorError, match="1 wait and no worker runs; start one with director worker"):
        look_at_tasks(recent.settings)
    lock = claim_presence(recent.settings, recent.database, utc_now())
    assert look_at_tasks(recent.settings).startswith("1 wait and 0 run")
    lock.release()


def test_a_task_that_runs_for_hours_is_named(recent: Studio) -> None:
    recent.now -= timedelta(hours=3)
    task = recent.running_task()
    with pytest.raises(DirectorError, match=rf"stuck: {task.id} has run for 3\.0 h .*start director worker"):
        look_at_tasks(recent.settings)
    lock = claim_presence(recent.settings, recent.database, utc_now())
    with pytest.raises(DirectorError, match="cancel and retry"):
        look_at_tasks(recent.settings)
    lock.release()


def test_many_stuck_tasks_are_counted(recent: Studio) -> None:
    recent.now -= timedelta(hours=3)
    for segment_id in (1, 2, 3, 4):
        recent.running_task(segment_id)
    with pytest.raises(DirectorError, match="t_1.*t_2.*t_3.* and 1 more;") as found:
        look_at_tasks(recent.settings)
    assert "t_4" not in found.value.user_message


def test_a_worker_that_makes_nothing_is_told(recent: Studio) -> None:
    recent.now -= timedelta(hours=1)
    queue(recent, "t_a")
    lock = claim_presence(recent.settings, recent.database, utc_now())
    with pytest.raises(DirectorError, match="although a worker runs.*look into its log"):
        look_at_tasks(recent.settings)
    lock.release()


def test_the_local_engine_needs_no_key() -> None:
    assert check_engines({"local"}, {}) == "local (needs no key)"


def test_a_missing_key_is_named_and_a_present_one_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_work, "engine_names", lambda: ["google", "local", "replicate"])
    with pytest.raises(
        DirectorError, match="REPLICATE_API_TOKEN for replicate.*worker's environment"
    ) as found:
        check_engines({"google", "replicate"}, {**KEYS, "REPLICATE_API_TOKEN": " "})
    assert "GOOGLE_AI_API_KEY" not in found.value.user_message
    told = check_engines({"google", "replicate"}, KEYS)
    assert told == "google (GOOGLE_AI_API_KEY is present), replicate (REPLICATE_API_TOKEN is present)"
    assert "secret" not in told


def test_an_engine_that_does_not_exist_is_told(recent: Studio) -> None:
    settings = recent.settings.model_copy(update={"engine_video": "nowhere"})
    with pytest.raises(DirectorError, match="no engine nowhere.*DIRECTOR_ENGINE_VIDEO"):
        look_at_engines(settings)


def test_the_engine_of_a_waiting_task_counts_as_used(recent: Studio) -> None:
    assert look_at_engines(recent.settings).startswith("local")
    assert request_of().engine == "double"
    recent.running_task()
    with pytest.raises(DirectorError, match="no engine double"):
        look_at_engines(recent.settings)


def test_a_disk_that_is_nearly_full_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GB for data and" in look_at_disks(settings)
    monkeypatch.setattr(health_work, "LOW_DISK_BYTES", 1 << 62)
    with pytest.raises(DirectorError, match="may not fit.*DIRECTOR_STREAMS_DIR"):
        look_at_disks(settings)


def test_the_command_tells_it_all_as_json(recent: Studio) -> None:
    queue(recent, "t_a")
    result = subprocess.run(
        [sys.executable, "-m", "director_lib.cli", "doctor", "--json"],
        env={**os.environ, **recent.settings.environment(), "DIRECTOR_LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {one["what"]: one for one in json.loads(result.stdout)}
    assert found["engines"]["ok"]
    assert not found["tasks"]["ok"]
    assert "1 wait and no worker runs" in found["tasks"]["message"]
    assert {"disk", "worker", "database"} <= found.keys()
    assert result.returncode == 1


def test_settings_for_the_log_reach_other_processes(home: Path) -> None:
    assert (
        load_settings(home=home, log_format="json", _env_file=None).environment()["DIRECTOR_LOG_FORMAT"]
        == "json"
    )
