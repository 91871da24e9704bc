"""Which database a studio is on: named by a file or an address, whose password is never shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from director_lib.batch.kernel_engine import kernel_environment as run_environment
from director_lib.config import Settings, load_settings
from director_lib.errors import ConfigError
from director_lib.server.kernel_env import kernel_environment as page_environment
from tests.workbench.conftest import stream_folder

__all__ = ["stream_folder"]

PASSWORD = "geheim"
ADDRESS = f"postgresql://dora:{PASSWORD}@db.example:5432/review?sslmode=require"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Run:
    """Run `director …` in a studio on PostgreSQL."""

    def run_director(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "director_lib.cli", *arguments],
            env={**os.environ, **settings.environment(), **variables},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run_director


def on_postgresql(home: Path, address: str = ADDRESS, **others: object) -> Settings:
    return load_settings(home=home, database_url=address, _env_file=None, **others)


def test_the_address_wins_and_everything_else_lives_in_the_home_folder(tmp_path: Path) -> None:
    settings = on_postgresql(tmp_path, db_path=tmp_path / "elsewhere" / "reviews.db")
    assert settings.database == SecretStr(ADDRESS)
    places = [settings.media_dir, settings.runs_dir, settings.queue_file, settings.beside(".worker.lock")]
    assert [str(place.relative_to(tmp_path)) for place in places] == [
        "media",
        "runs",
        "director.queue.db",
        "director.worker.lock",
    ]
    with pytest.raises(ConfigError, match="DIRECTOR_DATABASE_URL"):
        _ = settings.database_file


def test_everything_lies_beside_a_file_and_is_called_after_it(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", db_path=tmp_path / "db" / "reviews.db", _env_file=None)
    assert settings.database == settings.database_file == tmp_path / "db" / "reviews.db"
    assert settings.database_name == str(tmp_path / "db" / "reviews.db")
    assert settings.queue_file == tmp_path / "db" / "reviews.queue.db"
    assert settings.media_dir == tmp_path / "db" / "media"


def test_the_password_is_not_in_what_settings_look_like(tmp_path: Path) -> None:
    settings = on_postgresql(tmp_path)
    assert settings.database_name == "postgresql://dora@db.example:5432/review"
    for shown in (repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json()):
        assert PASSWORD not in shown


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql+psycopg://db.example/review", "postgresql://db.example/review"),
        ("postgresql://dora@/review?host=/run/postgresql", "postgresql://dora@/run/postgresql/review"),
        ("postgresql://d:p%40ss%2Fw@[::1]:5433/review", "postgresql://d@[::1]:5433/review"),
    ],
)
def test_an_address_is_called_by_who_where_and_what(tmp_path: Path, address: str, name: str) -> None:
    assert on_postgresql(tmp_path, address).database_name == name


@pytest.mark.parametrize(
    "address",
    [
        f"mysql://dora:{PASSWORD}@db.example/review",
        "sqlite:////tmp/geheim.db",
        "geheim",
        f"postgresql://dora:{PASSWORD}@db.example",
        f"postgresql://dora:{PASSWORD}@db.example/",
        f"postgresql://dora:1/{PASSWORD}@db.example/review",
        f"postgresql://dora:1#{PASSWORD}@db.example/review",
        f"postgresql://dora:1@{PASSWORD}@db.example/review",
        f"postgresql://dora:{PASSWORD}@db.example:port/review",
    ],
)
def test_what_is_no_address_of_postgresql_is_refused_and_not_quoted(tmp_path: Path, address: str) -> None:
    with pytest.raises(
        ConfigError, match="DIRECTOR_DATABASE_URL.*postgresql://director:password@"
    ) as refused:
        on_postgresql(tmp_path, address, port=99_999)
    assert "DIRECTOR_PORT" in refused.value.user_message
    assert PASSWORD not in refused.value.user_message
    assert refused.value.__cause__ is None


def test_child_processes_get_the_same_database_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for settings in (on_postgresql(tmp_path), load_settings(home=tmp_path, _env_file=None)):
        (tmp_path / ".env").write_text("DIRECTOR_DATABASE_URL=postgresql://other.example/review\n")
        monkeypatch.chdir(tmp_path)
        for name, value in settings.environment().items():
            monkeypatch.setenv(name, value)
        assert load_settings().database == settings.database


def test_kernels_get_the_address_for_they_read_the_database_themselves(tmp_path: Path) -> None:
    told = on_postgresql(tmp_path).environment()
    assert page_environment({}, told, "/")["DIRECTOR_DATABASE_URL"] == ADDRESS
    assert run_environment({}, told)["DIRECTOR_DATABASE_URL"] == ADDRESS


@pytest.mark.usefixtures("stream_folder")
def test_commands_work_on_postgresql(run: Run, settings: Settings, tmp_path: Path) -> None:
    assert f"The review database is {settings.database_name};" in run("init").stdout
    found = json.loads(run("doctor", "--json", "--verify-log").stdout)
    said = {finding["what"]: finding["message"] for finding in found}
    assert said["database"] == f"{settings.database_name} opens and its schema is up to date"
    assert said["worker"].startswith("no worker is running")
    assert run("backup", str(tmp_path / "b")).returncode == 0
    again = run("restore", str(tmp_path / "b"), DIRECTOR_HOME=str(tmp_path / "new"))
    assert again.returncode == 1
    assert settings.database_name in again.stderr


def test_a_server_that_is_away_is_one_line_without_the_password(run: Run) -> None:
    away = f"postgresql://dora:{PASSWORD}@127.0.0.1:1/review"
    result = run("streams", "list", DIRECTOR_DATABASE_URL=away)
    assert result.returncode == 1
    assert result.stderr.startswith(
        "director: The review database postgresql://dora@127.0.0.1:1/review cannot"
    )
    assert len(result.stderr.splitlines()) == 1
    assert PASSWORD not in result.stdout + result.stderr
