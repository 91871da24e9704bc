"""The day's archiving is queued once, at its time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from director_lib.archive_settings import check_archive_url
from director_lib.config import Settings, load_settings
from director_lib.domain.stream_task import ARCHIVE
from director_lib.errors import ConfigError
from director_lib.server.kernel_env import kernel_environment
from director_lib.store.database import open_database
from director_lib.store.stream_tasks import list_stream_tasks
from director_lib.tasks.archive_schedule import find_due, queue_if_due


@pytest.fixture
def nightly(settings: Settings) -> Settings:
    """A studio that archives at half past three in Budapest."""
    return load_settings(
        home=settings.home,
        archive_url="file:///nas",
        archive_at="03:30",
        time_zone="Europe/Budapest",
        _env_file=None,
    )


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_it_is_queued_once_a_day_and_caught_up_for_some_hours(nightly: Settings) -> None:
    database = open_database(nightly.database)
    queued = [
        when
        for when in (at(20, 2, 29), at(20, 2, 30), at(20, 2, 31), at(20, 9), at(21, 7), at(21, 8), at(22, 23))
        if queue_if_due(nightly, database, when)
    ]
    with database.read() as connection:
        tasks = list_stream_tasks(connection, kinds=[ARCHIVE])
    database.close()
    # the second day's waits for the first to be carried out: the same is never queued twice
    assert queued == [at(20, 2, 30)]
    assert [task.author for task in tasks] == ["schedule"]


def test_what_is_due_follows_the_clock_on_the_wall(nightly: Settings) -> None:
    assert find_due(nightly, at(20, 2, 29)) is None
    assert find_due(nightly, at(20, 8, 29)) == at(20, 2, 30)
    assert find_due(nightly, at(20, 8, 31)) is None
    late = load_settings(home=nightly.home, archive_url="file:///nas", archive_at="23:00", _env_file=None)
    assert find_due(late, at(21, 1)) == at(20, 23)
    silent = load_settings(home=nightly.home, archive_at="03:30", _env_file=None)
    assert find_due(silent, at(20, 3, 30)) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "nas",
        "s3://",
        "s3://key:secret@bucket",
        "gdrive://a",
        "file://host/x",
        "file:///",
        "s3://b?x=1",
    ],
)
def test_an_address_that_is_none_or_tells_a_secret_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="archive"):
        check_archive_url(url)
    with pytest.raises(ConfigError, match="DIRECTOR_ARCHIVE_URL"):
        load_settings(archive_url=url, _env_file=None)


def test_good_addresses_and_times_are_taken(tmp_path: Path) -> None:
    for url in ("file:///mnt/nas", "s3://bucket", "s3://bucket/a/b", "gdrive://1AbC_def-ghij"):
        check_archive_url(url)
    with pytest.raises(ConfigError, match="DIRECTOR_ARCHIVE_AT"):
        load_settings(archive_at="25:00", _env_file=None)


def test_no_kernel_gets_the_archives_keys(nightly: Settings) -> None:
    outer = {"AWS_SECRET_ACCESS_KEY": "hush", "DIRECTOR_GDRIVE_CREDENTIALS": "/etc/key.json", "PATH": "/bin"}
    given = kernel_environment(outer, nightly.environment(), "/")
    assert not {"AWS_SECRET_ACCESS_KEY", "DIRECTOR_GDRIVE_CREDENTIALS"} & given.keys()
    assert given["DIRECTOR_ARCHIVE_URL"] == "file:///nas"
