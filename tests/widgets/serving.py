"""A notebook with one screen in it, served as people get it, and what its page was asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nbformat
from PIL import Image

from tests.patience import PATIENCE_S
from tests.ports import free_port

CHECKOUT = Path(__file__).resolve().parents[2]
N_STILLS = 6
STILLS = [f"/voila/files/media/{number}.jpg" for number in range(N_STILLS)]
_START_S = 120


@dataclass
class NotebookServer:
    """A running server with one notebook."""

    folder: Path
    notebook: str
    port: int
    process: subprocess.Popen[bytes]

    def address(self, **query: object) -> str:
        """Return the notebook's address with this query."""
        return f"http://127.0.0.1:{self.port}/voila/render/{self.notebook}?{urlencode(query)}"

    def order(self, stage: str, query: dict[str, object] | None) -> None:
        """Have a page that is open already show what this query asks for; nothing for None."""
        path = self.folder / f"stage-{stage}.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"query": query}), encoding="utf-8")
        fresh.replace(path)

    def forget(self, log: str) -> None:
        """Drop what was asked under this name, so that no other test's page is read."""
        (self.folder / f"{log}.jsonl").unlink(missing_ok=True)

    def asked(self, log: str, event: str) -> list[dict[str, Any]]:
        """Return the payloads of one event that the page with this log was asked, oldest first."""
        path = self.folder / f"{log}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [data for name, data in map(json.loads, lines) if name == event]

    def asked_times(self, count: int, log: str, event: str) -> list[dict[str, Any]]:
        """Return what ``asked`` does, once there are that many: a change is shown before it is sent."""
        ends_at = time.monotonic() + PATIENCE_S
        while len(self.asked(log, event)) < count and time.monotonic() < ends_at:
            time.sleep(0.02)
        return self.asked(log, event)

    def stop(self) -> None:
        """End the server, and with it its kernels."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def start_server(folder: Path, notebook: str, show: str) -> NotebookServer:
    """Write a notebook and its stills into the folder and serve them.

    Args:
        notebook: Its file name.
        show: Module and function that return the notebook's screen when called with the folder, as in
            ``tests.widgets.harness:show_desk``.
    """
    pages = folder / "pages"
    _write_stills(pages / "media")
    _write_notebook(pages / notebook, show, folder)
    port = free_port()
    arguments = [
        "-m", "voila", str(pages), f"--port={port}", "--no-browser", "--Voila.ip=127.0.0.1",
        "--VoilaConfiguration.file_allowlist=.*",
        "--KernelProvisionerFactory.default_provisioner_name=director-fork",
        # nobody else ends the kernel of a page that was left
        "--MappingKernelManager.cull_idle_timeout=45", "--MappingKernelManager.cull_interval=5",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "IPYTHONDIR": str(folder / "ipython")}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    server = NotebookServer(folder, notebook, port, process)
    _wait_until_up(server)
    return server


def _write_stills(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(N_STILLS):
        dark = Image.linear_gradient("L").resize((640, 360))
        color = Image.new("RGB", (640, 360), ((number * 53) % 200 + 40, (number * 97) % 180 + 40, 150))
        picture = Image.composite(color, Image.new("RGB", (640, 360), (12, 12, 16)), dark)
        picture.save(folder / f"{number}.jpg")


def _write_notebook(path: Path, show: str, folder: Path) -> None:
    code = f"from tests.widgets.stage import open_stage\nopen_stage({show!r}, {str(folder)!r})"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def _wait_until_up(server: NotebookServer) -> None:
    ends_at = time.monotonic() + _START_S
    while time.monotonic() < ends_at:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/voila/static/none", timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    server.stop()
    raise RuntimeError((server.folder / "server.log").read_text(encoding="utf-8")[-2000:])
