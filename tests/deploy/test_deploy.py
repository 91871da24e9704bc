"""The files for running as a service name only what exists, and open no door."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from director_lib.config import Settings, load_settings
from director_lib.logs import SECRET_NAME
from director_lib.server.operations import families, page_families
from director_lib.store.database import open_database
from director_lib.tasks.presence import claim_presence
from tests.deploy.deployment import (
    FOLDER,
    UNITS,
    command_lines,
    compose,
    example_lines,
    exists_in_checkout,
    instructions,
    texts,
    unit,
    variables,
)
from tests.docs.test_commands import COMMANDS, find_command, long_options

KEYS = {"GOOGLE_AI_API_KEY", "REPLICATE_API_TOKEN"}
KNOWN = {f"DIRECTOR_{name.upper()}" for name in Settings.model_fields}
SERVICES = ("server", "worker")


@pytest.mark.parametrize("name", sorted(texts()))
def test_every_variable_that_a_file_names_is_a_setting(name: str) -> None:
    assert variables(texts()[name]) <= KNOWN


@pytest.mark.parametrize(("place", "words"), command_lines().items())
def test_every_command_that_a_service_starts_exists(place: str, words: list[str]) -> None:
    path, rest = find_command(words)
    assert path in {"director serve", "director worker"}, place
    assert {word for word in rest if word.startswith("--")} <= set(long_options(COMMANDS[path]))


def test_every_command_on_the_page_exists() -> None:
    said = re.findall(r"(?:bin/|server |`)director ([a-z]+(?: add)?)", texts()["deploy.md"])
    assert {"serve", "worker", "init", "doctor", "user add"} <= set(said)
    assert [command for command in said if f"director {command}" not in COMMANDS] == []


def test_the_page_names_every_file_and_every_metric(settings: Settings) -> None:
    page = texts()["deploy.md"]
    assert [name for name in texts() if f"]({name})" not in page] == ["Dockerfile.dockerignore", "deploy.md"]
    source = (Path(families.__code__.co_filename)).read_text(encoding="utf-8")
    metrics = set(re.findall(r'"(director_[a-z_]+)"', source)) - {"director_build"} | {"director_build_info"}
    assert page_families(0, 0)
    named = {
        name
        for cell in re.findall(r"^\| (`director_.*?) \|", page, re.MULTILINE)
        for name in re.findall(r"`(director_[a-z_]+)", cell)
    }
    assert named == metrics


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_no_root_and_may_write_one_folder(name: str) -> None:
    parsed = unit(name)
    assert parsed.sections() == ["Unit", "Service", "Install"]
    service = parsed["Service"]
    assert (service["User"], service["Group"]) == ("director", "director")
    assert (service["ProtectSystem"], service["StateDirectory"]) == ("strict", "director")
    assert service["CapabilityBoundingSet"] == ""
    for option in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "RestrictSUIDSGID"):
        assert service[option] == "true", option
    assert service["Restart"] == "always"


def test_the_units_differ_in_what_they_start_and_which_secrets_they_get() -> None:
    server, worker = (unit(name)["Service"] for name in UNITS)
    differing = {key for key in server if server[key] != worker[key]}
    assert differing == {"ExecStart", "EnvironmentFile", "KillMode"}
    assert worker["KillMode"] == "process"  # a paid call that is under way outlives its worker
    assert server["EnvironmentFile"] == "-/etc/director/server.env"
    assert worker["EnvironmentFile"] == "-/etc/director/worker.env"


def test_the_example_of_settings_is_valid_and_has_no_secret(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = example_lines()
    assert {"DIRECTOR_SECURE_COOKIES", "DIRECTOR_DATABASE_URL", "DIRECTOR_LOG_FORMAT"} <= set(lines)
    assert [name for name in lines if SECRET_NAME.search(name)] == []
    for name, value in lines.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(home=home, _env_file=None)
    assert settings.secure_cookies
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value().count(":") == 1


def test_the_image_is_slim_debian_runs_as_nobody_special_and_checks_itself() -> None:
    found = instructions()
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", dict(found)["FROM"])
    names = [name for name, _ in found]
    assert dict(found)["USER"] == "director"
    assert names.index("RUN") < names.index("USER") < names.index("HEALTHCHECK") < names.index("CMD")
    copied = [source for name, rest in found if name == "COPY" for source in rest.split()[:-1]]
    assert [source for source in copied if not exists_in_checkout(source)] == []
    allowed = {line[1:] for line in texts()["Dockerfile.dockerignore"].splitlines() if line.startswith("!")}
    assert set(copied) == allowed
    assert "\n*\n" in texts()["Dockerfile.dockerignore"]


def test_the_containers_are_closed_and_keep_their_data() -> None:
    services = compose()["services"]
    assert set(services) == {"database", *SERVICES}
    for name in SERVICES:
        service = services[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["home:/var/lib/director"]
        assert service["depends_on"]["database"]["condition"] == "service_healthy"
        assert exists_in_checkout(service["build"]["dockerfile"])
        assert (FOLDER / service["build"]["context"] / "pyproject.toml").is_file()
    assert [port for port in services["server"]["ports"] if not port.startswith("127.0.0.1:")] == []
    assert "ports" not in services["database"]
    assert services["database"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"]["internal"] is True
    assert set(compose()["volumes"]) == {"home", "database"}


def test_no_password_is_written_down_and_keys_are_the_workers_alone() -> None:
    services = compose()["services"]
    assert services["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert "${POSTGRES_PASSWORD:?" in services["server"]["environment"]["DIRECTOR_DATABASE_URL"]
    assert [one["path"] for one in services["server"]["env_file"]] == ["server.env"]
    assert [one["path"] for one in services["worker"]["env_file"]] == ["worker.env"]
    for name, text in texts().items():
        assert not KEYS & set(text.split()), name


def test_the_workers_health_is_its_lock(settings: Settings, tmp_path: Path) -> None:
    check = compose()["services"]["worker"]["healthcheck"]["test"]
    assert check[:3] == ["CMD", "python", "-c"]

    def exit_code() -> int:
        command = [sys.executable, *check[2:]]
        return subprocess.run(command, env={**os.environ, **settings.environment()}, check=False).returncode

    assert exit_code() == 1
    database = open_database(settings.database)
    lock = claim_presence(settings, database, datetime.now(UTC))
    assert exit_code() == 0
    lock.release()
    database.close()
