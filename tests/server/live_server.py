"""A real server for tests: its own home, its own notebooks, a free port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
import nbformat

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Role
from director_lib.store.database import open_database
from director_lib.workbench.people import People
from tests.patience import PATIENCE_S

PASSWORD = "correct horse battery"
METRICS_TOKEN = "leak-me-4-to-the-scraper-only"

T = TypeVar("T")

PROBE = """
import os
from pathlib import Path
import ipyvuetify, traitlets
from IPython.display import display
from director_lib.pages import visit

class Probe(ipyvuetify.VuetifyTemplate):
    template = traitlets.Unicode('''<template><div :data-testid="who ? 'page-probe' : null">
      <button data-testid="press" @click="press({n: 1})">press</button>
      <u data-testid="pid">{{ pid }}</u> <b data-testid="who">{{ who }}</b>
      <i data-testid="n">{{ n }}</i></div></template>''').tag(sync=True)
    who = traitlets.Unicode("").tag(sync=True)
    n = traitlets.Int(0).tag(sync=True)
    pid = traitlets.Int(os.getpid()).tag(sync=True)
    secret = traitlets.Unicode("safe").tag(sync=True)
    typed = traitlets.Unicode("").tag(sync=True, client=True)

    def vue_press(self, data):
        self.n += data["n"]

    def open_door(self, marker):
        Path(marker).write_text("in")

probe = Probe()
display(probe)

def start(told):
    facts = {**told.params, "path": told.path}
    probe.who = f"{told.actor.username} {told.actor.role} {sorted(facts.items())}"

visit.when_bound(start)
"""
# Lies in the kernel's own folder, so that an attack could import it.
BURGLAR = "from pathlib import Path\n\ndef enter(**names):\n    Path(names['marker']).write_text('in')\n"
FAILING = "password = 'xyzzy'\nraise RuntimeError(password)"


@dataclass
class LiveServer:
    """A running server process."""

    settings: Settings
    notebooks: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    url: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        """The server's process id."""
        assert self.process is not None
        return self.process.pid

    @property
    def people(self) -> People:
        """The accounts, from this process."""
        return People(open_database(self.settings.database))

    def start(self, command: list[str] | None = None, cwd: Path | None = None) -> None:
        """Start it and wait until it answers."""
        known = len(self.text())
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command or [sys.executable, "-m", "director_lib.server"],
                env=self.environment,
                cwd=cwd or self.notebooks,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.url = wait_for(lambda: self._found_url(known), "the server's address")

    def stop(self) -> None:
        """Stop it as a service manager does."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def text(self) -> str:
        """What it logged so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @contextmanager
    def browser(self, username: str | None = None, *, address: str = "127.0.0.1") -> Iterator[httpx.Client]:
        """Give a client at a local address; signed in when a user name is given."""
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(base_url=self.url, timeout=PATIENCE_S, transport=transport) as client:
            if username is not None:
                answer = sign_in(client, username, PASSWORD)
                assert answer.status_code == 302, answer.text
            yield client

    def wait_for_log(self, *parts: str) -> None:
        """Wait until one line of the log has all the parts."""
        wait_for(
            lambda: any(all(part in line for part in parts) for line in self.text().splitlines()),
            f"a log line with {parts}",
        )

    def _found_url(self, known: int) -> str | None:
        assert self.process is not None
        found = re.search(r"(?:ready at|running at:)\s+http://[\w.]+:(\d+)/", self.text()[known:])
        if found:
            return f"http://127.0.0.1:{found[1]}"
        assert self.process.poll() is None, self.text()
        return None


def make_server(home: Path, *, warm: bool = True) -> LiveServer:
    """Return a server that is not started yet, with three people and probe notebooks."""
    settings = load_settings(home=home, port=0, _env_file=None)
    notebooks = home / "notebooks"
    notebooks.mkdir(parents=True)
    for name in ("streams", "keyframes", "videos", "metrics"):
        write_notebook(notebooks / f"{name}.ipynb", PROBE)
    write_notebook(notebooks / "tasks.ipynb", FAILING)
    (notebooks / "batch").mkdir()
    write_notebook(notebooks / "batch" / "nightly.ipynb", PROBE)
    (notebooks / "burglar.py").write_text(BURGLAR)
    server = LiveServer(settings, notebooks, home / "server.log")
    for username, role in (("ann", Role.DIRECTOR), ("bob", Role.VIEWER), ("cleo", Role.ADMIN)):
        server.people.add(username, role, PASSWORD)
    server.environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DIRECTOR_", "VOILA_"))},
        **settings.environment(),
        "DIRECTOR_NOTEBOOKS_DIR": str(notebooks),
        "DIRECTOR_WARM_PAGES": "1" if warm else "0",
        "GOOGLE_AI_API_KEY": "leak-me-1",
        "DIRECTOR_SECRET_KEY": "leak-me-2",
        "SOME_PASSWORD": "leak-me-3",
        "DIRECTOR_METRICS_TOKEN": METRICS_TOKEN,
    }
    return server


def write_notebook(path: Path, code: str) -> None:
    """Write a notebook with a title and one cell of code."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_markdown_cell("# A page"), nbformat.v4.new_code_cell(code)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def sign_in(client: httpx.Client, username: str, password: str, **fields: str) -> httpx.Response:
    """Fill in and send the sign-in form."""
    client.get("/login")
    form = {"username": username, "password": password, "_xsrf": client.cookies["_xsrf"], **fields}
    return client.post("/login", data=form)


def wait_for(find: Callable[[], T | None], what: str) -> T:
    """Return what ``find`` finds, as soon as it finds something true."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")
