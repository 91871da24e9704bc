"""``director serve`` and ``director up``: the pages alone, or the whole studio."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Role
from director_lib.errors import ConfigError
from director_lib.server.supervisor import Child, Supervisor
from director_lib.store.database import open_database
from director_lib.workbench.people import People

_ANYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared, never bound
_FIRST_NAMES = ("director", "admin", "studio")
_KEY = re.compile(r"KEY(?!FRAME)|TOKEN|SECRET|PASSWORD", re.IGNORECASE)

Port = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Port of the pages; 0 takes a free one.")
]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 unless set.")]


def serve(port: Port = None, host: Host = None) -> None:
    """Serve the pages until stopped, without a worker."""
    # Loading the server takes a second, which no other command should pay.
    from director_lib.server.app import serve_pages

    serve_pages(load_settings(port=port, host=host))


def up(
    port: Port = None,
    demo: Annotated[bool, typer.Option("--demo", help="Make demo streams when there are none.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Start the whole studio: pages and worker, kept running until Ctrl-C; prints a sign-in link."""
    settings = _with_free_port(load_settings(port=port))
    say = _Printer()
    people = People(open_database(settings.database))
    username = _director(people)
    if settings.streams_root.parent == settings.home.expanduser().resolve():
        # The usual place is made; a folder chosen elsewhere may be a disk that is not mounted.
        settings.streams_root.mkdir(parents=True, exist_ok=True)
    if demo:
        from director_lib.demo.build import ensure_demo

        ensure_demo(settings, progress=say)
    supervisor, server = _studio(settings, say)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: supervisor.request_stop())
    supervisor.start()
    try:
        supervisor.run(until=lambda: not server.is_running or _answers(settings))
        if not supervisor.is_stopping and not server.is_running:
            raise ConfigError("The server did not start; its reason is the last line above.")
        if not supervisor.is_stopping:
            _welcome(settings, people.make_sign_in_link_token(username), say, open_browser=not no_browser)
        supervisor.run()
    finally:
        say("stopping")
        supervisor.stop()


def _studio(settings: Settings, say: _Printer) -> tuple[Supervisor, Child]:
    environment = {**os.environ, **settings.environment(), "PYTHONUNBUFFERED": "1"}
    # The pages need no key; only the worker's engines do.
    own = "DIRECTOR_METRICS_TOKEN"
    keyless = {name: value for name, value in environment.items() if name == own or not _KEY.search(name)}
    server = Child("server", [sys.executable, "-m", "director_lib.server"], keyless, say)
    working = {name: value for name, value in environment.items() if name != own}
    worker = Child("worker", [sys.executable, "-m", "director_lib.tasks.worker"], working, say)
    return Supervisor([server, worker]), server


def _director(people: People) -> str:
    """Return who gets the sign-in link: a director, else an admin; made when there is neither."""
    everybody = people.list()
    for role in (Role.DIRECTOR, Role.ADMIN):
        for person in everybody:
            if person.role is role and not person.is_disabled:
                return person.username
    taken = {person.username for person in everybody}
    username = next(name for name in _FIRST_NAMES if name not in taken)
    return people.add(username, Role.ADMIN, display_name="Director").username


def _with_free_port(settings: Settings) -> Settings:
    """Return the settings with a port that can be listened on.

    Raises:
        ConfigError: The port is in use or not allowed.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigError(
                f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}). "
                "Nothing was started. Stop the other program, or choose another port with --port."
            ) from error
        return settings.model_copy(update={"port": probe.getsockname()[1]})


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in _ANYWHERE else settings.host
    connection = http.client.HTTPConnection(host, settings.port, timeout=1)
    try:
        connection.request("GET", "/login")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(settings: Settings, token: str, say: _Printer, *, open_browser: bool) -> None:
    is_local = settings.host in (*_ANYWHERE, "127.0.0.1", "::1")
    link = f"http://{'localhost' if is_local else settings.host}:{settings.port}/login?token={token}"
    say("The workbench is ready. This link signs you in, once, within 15 minutes:")
    say(link)
    say("Press Ctrl-C to stop.")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


class _Printer:
    """Prints whole lines from several threads; a closed output ends the printing, not the studio."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __call__(self, line: str) -> None:
        with self._lock:
            try:
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
            except (OSError, ValueError):
                # What comes later, at the latest Python's own flush at the end, must not fail either.
                sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open for the rest of the process
