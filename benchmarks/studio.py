"""A studio of its own in a folder: settings, a director account, and the programs that are measured."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from director_lib.config import Settings
from director_lib.domain.people import Role
from director_lib.workbench import Workbench

USERNAME = "director"
PASSWORD = "a quiet morning by the sea"  # noqa: S105 - of a studio that lives for minutes
START_S = 60.0
_MODULES = {"server": "director_lib.server", "worker": "director_lib.tasks.worker"}


def make_settings(home: Path, *, local_pace_s: float = 0.0) -> Settings:
    """Return settings that keep everything in one folder, with a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return Settings(
        _env_file=None,
        home=home,
        streams_dir=home / "streams",
        db_path=home / "director.db",
        port=port,
        local_pace_s=local_pace_s,
    )


def open_studio(settings: Settings) -> None:
    """Create the database, take in every stream's files, and add the director's account."""
    settings.streams_root.mkdir(parents=True, exist_ok=True)
    with Workbench.open(settings) as workbench:
        if USERNAME not in {person.username for person in workbench.people.list()}:
            workbench.people.add(USERNAME, Role.DIRECTOR, PASSWORD, "Ada Director")
        for stream_id in workbench.streams.list_ids():
            workbench.streams.scan(stream_id)


@contextmanager
def running(settings: Settings, program: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the "server" or the "worker" as ``director up`` does; stop it with everything that it started."""
    log = settings.home / f"{program}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", _MODULES[program], *arguments],
            env={**os.environ, **settings.environment()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def wait_for_server(settings: Settings, process: subprocess.Popen[bytes]) -> str:
    """Wait until the sign-in page answers.

    Returns:
        The server's address, without a slash at its end.

    Raises:
        RuntimeError: The server ended or does not answer; its log is in the studio's folder.
    """
    url = f"http://{settings.host}:{settings.port}"
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/login", timeout=5):  # noqa: S310 - our own address
                return url
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server does not answer; see {settings.home / 'server.log'}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
