"""With JSON lines, everything that server and worker log is one object a line; no secret is among it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.server.live_server import METRICS_TOKEN, LiveServer, make_server, wait_for


def lines(text: str) -> list[dict[str, Any]]:
    plain = [line for line in text.splitlines() if not line.startswith("{")]
    assert not plain, "\n".join(plain)
    return [json.loads(line) for line in text.splitlines()]


def json_server(home: Path) -> LiveServer:
    server = make_server(home, warm=False)
    server.environment["DIRECTOR_LOG_FORMAT"] = "json"
    return server


def test_every_line_of_the_server_is_an_object(tmp_path: Path) -> None:
    server = json_server(tmp_path / "home")
    server.start()
    try:
        with server.browser() as client:
            assert client.get("/nowhere", params={"x": METRICS_TOKEN}).status_code == 404
            assert client.get(f"/{METRICS_TOKEN}").status_code == 404
        server.wait_for_log("refused address")
    finally:
        server.stop()
    told = lines(server.text())
    assert {"director.server", "tornado.access"} <= {line["logger"] for line in told}
    assert all({"at", "level", "logger", "message"} <= line.keys() for line in told)
    assert "***" in server.text()
    assert METRICS_TOKEN not in server.text()


def test_every_line_of_the_worker_is_an_object(tmp_path: Path) -> None:
    server = json_server(tmp_path / "home")
    server.settings.streams_root.mkdir(parents=True)
    with server.log.open("wb") as output:
        command = [sys.executable, "-m", "director_lib.tasks.worker"]
        worker = subprocess.Popen(command, env=server.environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: " serves " in server.text(), "the worker's first line")
    finally:
        worker.terminate()
        worker.wait(30)
    told = [line["message"] for line in lines(server.text())]
    assert any(" serves " in message for message in told)
    assert any(" stops" in message for message in told)
