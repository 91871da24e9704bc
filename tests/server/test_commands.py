"""``director user …`` and ``director up``, as typed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest
from typer.testing import CliRunner, Result

from director_lib.cli import serve, users
from director_lib.config import Settings
from director_lib.domain.people import Role
from director_lib.errors import ConfigError, InputError, NotFoundError
from director_lib.store.database import open_database
from director_lib.workbench.people import People
from tests.server.live_server import METRICS_TOKEN, PASSWORD, make_server, wait_for

DIRECT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}


@pytest.fixture
def people(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> People:
    """The accounts that the commands see, too."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    return People(open_database(settings.database))


def user(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(users.app, arguments, input=typed)


def test_an_account_is_added_listed_and_disabled(people: People) -> None:
    added = user("add", "ann", "--name", "Ann Other", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (added.exit_code, added.stdout) == (0, "Added ann (director).\n")
    assert user("add", "bob", "--role", "viewer", typed=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    listed = json.loads(user("list", "--json").stdout)
    assert [(one["username"], one["role"], one["has_password"]) for one in listed] == [
        ("ann", "director", True),
        ("bob", "viewer", True),
    ]
    assert "argon2" not in user("list", "--json").stdout
    token = people.sign_in("bob", PASSWORD)
    assert user("disable", "bob").exit_code == 0
    assert people.find_actor(token) is None
    assert "disabled" in user("list").stdout


def test_a_password_is_changed_from_standard_input(people: People) -> None:
    people.add("ann", Role.DIRECTOR, PASSWORD)
    assert user("passwd", "ann", "--password-stdin", typed="a whole new one\n").exit_code == 0
    assert people.sign_in("ann", "a whole new one")


@pytest.mark.parametrize(
    ("arguments", "typed", "refusal"),
    [
        (("add", "ann", "--password-stdin"), "short\n", InputError),
        (("add", "ann", "--password-stdin"), "", InputError),
        (("passwd", "nobody", "--password-stdin"), f"{PASSWORD}\n", NotFoundError),
        (("disable", "nobody"), "", NotFoundError),
    ],
)
@pytest.mark.usefixtures("people")
def test_what_is_refused_changes_nothing(
    arguments: tuple[str, ...], typed: str, refusal: type[Exception]
) -> None:
    assert isinstance(user(*arguments, typed=typed).exception, refusal)
    assert json.loads(user("list", "--json").stdout) == []


def test_the_link_goes_to_a_director_then_to_an_admin_who_is_made_if_need_be(people: People) -> None:
    people.add("director", Role.VIEWER)
    assert serve._director(people) == "admin"
    assert serve._director(people) == "admin"
    people.add("dora", Role.DIRECTOR)
    assert serve._director(people) == "dora"
    people.disable("dora")
    assert serve._director(people) == "admin"


def test_a_port_in_use_is_told_before_anything_starts(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match="--port"):
            serve._with_free_port(settings.model_copy(update={"port": port}))
    assert serve._with_free_port(settings.model_copy(update={"port": 0})).port > 0


def test_up_serves_prints_a_link_and_leaves_nothing_behind(tmp_path: Path) -> None:
    server = make_server(tmp_path / "home", warm=False)
    log = tmp_path / "up.log"
    program = "from director_lib.cli import main; main()"
    command = [sys.executable, "-c", program, "up", "--no-browser", "--port", "0"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=server.environment, cwd=tmp_path, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        link = wait_for(
            lambda: re.search(r"http://localhost:(\d+)(/login\?token=\S+)", log.read_text()), "a link"
        )
        with httpx.Client(base_url=f"http://127.0.0.1:{link[1]}", timeout=60) as client:
            assert client.get(link[2], headers=DIRECT).status_code == 302
            assert client.get("/session").json()["username"] == "ann"
        family = psutil.Process(process.pid).children(recursive=True)
        names = " ".join(" ".join(child.cmdline()) for child in family)
        assert "director_lib.server" in names
        assert "director_lib.tasks.worker" in names
        servers = [environment(child) for child in family if is_server(child)]
        # the one secret that the pages' server has a use for
        assert {told.pop("DIRECTOR_METRICS_TOKEN") for told in servers} == {METRICS_TOKEN}
        assert "leak-me" not in str(servers)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    psutil.wait_procs(family, timeout=30)
    assert [child for child in family if child.is_running()] == []
    assert "[server] " in log.read_text()


def is_server(process: psutil.Process) -> bool:
    return "director_lib.server" in process.cmdline()


def environment(process: psutil.Process) -> dict[str, str]:
    assert process.pid != os.getpid()
    variables: dict[str, str] = process.environ()
    return variables
