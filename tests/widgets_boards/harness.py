"""A notebook that shows one board with a page's double behind it, and the server for it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import nbformat
from PIL import Image

from director_lib.errors import RuleError
from director_lib.widgets.base import Screen
from director_lib.widgets.metrics_board import MetricsBoard
from director_lib.widgets.streams_board import StreamsBoard
from director_lib.widgets.task_list import TaskList
from tests.widgets_boards.samples import (
    HOSTILE,
    MAY_ALL,
    Payload,
    sample_frame,
    sample_metrics,
    sample_stream,
    sample_task,
    sample_tasks,
)

CHECKOUT = Path(__file__).resolve().parents[2]
N_STILLS = 5
_STILLS = [f"/voila/files/media/{number}.jpg" for number in range(N_STILLS)]
_START_S = 60


class FakeBoardPage:
    """Shows one board, answers what it asks, and writes down what it was asked."""

    def __init__(self, kind: type[Screen], payload: Payload, log: Path, *, refuse: bool = False) -> None:
        self._payload = payload
        self._log = log
        self._refuse = refuse
        self.board = kind(**{f"on_{event}": self._answering(event) for event in kind.event_names()})

    def _answering(self, event: str) -> Callable[[Payload], None]:
        def answer(data: Payload) -> None:
            with self._log.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([event, data]) + "\n")
            if event == "ready":
                self.board.load(self._payload)
                return
            if self._refuse:
                raise RuleError("The day's budget is used up. Nothing was queued.")
            extra = {"tasks": sample_tasks()} if event == "list_tasks" else {}
            if event == "cancel_task":
                self.board.patch({"tasks": {data["task_id"]: {"state": "cancelled"}}})
            if event == "retry_task":
                self.board.patch({"tasks": {"again": sample_task(7, "queued", id="again")}})
            self.board.reply({"request_id": data["request_id"], "ok": True, **extra})

        return answer


def show_board(folder: str) -> Screen:
    """Build the page that the notebook's query asks for, and return its board."""
    query = {name: values[0] for name, values in parse_qs(os.environ.get("QUERY_STRING", "")).items()}
    kind, payload = _PAYLOADS[query["board"]](query)
    log = Path(folder) / f"{query.get('log', 'none')}.jsonl"
    return FakeBoardPage(kind, payload, log, refuse="refuse" in query).board


def _streams(query: dict[str, str]) -> tuple[type[Screen], Payload]:
    streams = [sample_stream(number, _STILLS) for number in range(int(query.get("n", "9")))]
    if "hostile" in query:
        streams[0] |= {"title": HOSTILE, "last_activity": HOSTILE, "error": None}
        streams[1] |= {"error": HOSTILE}
    return StreamsBoard, {"frame": sample_frame("streams"), "streams": streams}


def _tasks(query: dict[str, str]) -> tuple[type[Screen], Payload]:
    may = dict.fromkeys(MAY_ALL, False) if "viewer" in query else None
    tasks = [] if "empty" in query else sample_tasks(_STILLS)
    if "hostile" in query:
        tasks[0] |= {"stream_title": HOSTILE, "error_message": HOSTILE, "phase": HOSTILE}
    return TaskList, {"frame": sample_frame("tasks", may=may), "tasks": tasks}


def _metrics(query: dict[str, str]) -> tuple[type[Screen], Payload]:
    title = HOSTILE if "hostile" in query else "Salt, Iron, Linen"
    return MetricsBoard, sample_metrics(title=title, empty="empty" in query)


_PAYLOADS: dict[str, Callable[[dict[str, str]], tuple[type[Screen], Payload]]] = {
    "streams": _streams,
    "tasks": _tasks,
    "metrics": _metrics,
}


@dataclass
class BoardServer:
    """A running server with the boards' notebook."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def address(self, **query: object) -> str:
        """Return a board's address with this query."""
        return f"http://127.0.0.1:{self.port}/voila/render/board.ipynb?{urlencode(query)}"

    def asked(self, log: str, event: str) -> list[dict[str, Any]]:
        """Return the payloads of one event that the page with this log was asked, oldest first."""
        path = self.folder / f"{log}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [data for name, data in map(json.loads, lines) if name == event]

    def stop(self) -> None:
        """End the server, and with it its kernels."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def start_board_server(folder: Path) -> BoardServer:
    """Write the notebook and its stills into the folder and serve them."""
    pages = folder / "pages"
    _write_stills(pages / "media")
    code = f"from tests.widgets_boards.harness import show_board\nshow_board({str(folder)!r})"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, pages / "board.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [
        "-m", "voila", str(pages), f"--port={port}", "--no-browser", "--Voila.ip=127.0.0.1",
        "--VoilaConfiguration.file_allowlist=.*",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "IPYTHONDIR": str(folder / "ipython")}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    server = BoardServer(folder, port, process)
    _wait_until_up(server)
    return server


def _write_stills(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(N_STILLS):
        dark = Image.radial_gradient("L").resize((640, 360))
        color = Image.new("RGB", (640, 360), ((number * 61) % 160 + 50, (number * 83) % 120 + 60, 120))
        picture = Image.composite(Image.new("RGB", (640, 360), (10, 11, 16)), color, dark)
        picture.save(folder / f"{number}.jpg")


def _wait_until_up(server: BoardServer) -> None:
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
