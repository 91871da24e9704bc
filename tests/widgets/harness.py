"""A notebook with a screen in it, served as directors get it, and what its page was asked."""

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

from director_lib.widgets.review_desk import ReviewDesk
from tests.widgets.desk_samples import sample_comment, sample_task
from tests.widgets.fake_desk import FakeDeskPage
from tests.widgets.fake_quorum import make_keyframes_unapproved, make_two_needed
from tests.widgets.fake_repair import make_outdated, make_outdated_and_changing

CHECKOUT = Path(__file__).resolve().parents[2]
N_STILLS = 6
_START_S = 60
_ANSWER_S = 10

Scenario = Callable[[FakeDeskPage], None]


def show_desk(folder: str) -> ReviewDesk:
    """Build the page that the notebook's query asks for, and return its desk."""
    query = {name: values[0] for name, values in parse_qs(os.environ.get("QUERY_STRING", "")).items()}
    page = FakeDeskPage(
        int(query.get("n", "12")),
        kind=query.get("kind", "keyframe"),
        stills=[f"/voila/files/media/{n}.jpg" for n in range(N_STILLS)],
        may=dict.fromkeys(("decide", "generate", "edit_prompt", "comment"), False)
        if "viewer" in query
        else None,
        mixed="mixed" in query,
        step_s=float(query["step"]) if "step" in query else None,
        log=Path(folder) / f"{query['log']}.jsonl" if "log" in query else None,
    )
    SCENARIOS[query.get("scenario", "none")](page)
    if "keep" in query:
        _keep_decisions(page, Path(folder) / f"{query['keep']}.json")
    return page.desk


def _hostile(page: FakeDeskPage) -> None:
    markup = "<img src=x onerror=\"document.body.dataset.hacked='yes'\"> {{ 7 * 7 }} <script>1</script>"
    page.cards[1] |= {
        "title": markup,
        "image_prompt": markup,
        "represents": markup,
        "note": markup,
        "decision": "regenerate",
    }
    page.cards[2] |= {
        "title": "المنارة في الشتاء",
        "image_prompt": "منارة على صخرة سوداء، ضباب، كاميرا بطيئة",
    }
    page.cards[3] |= {"title": "long", "image_prompt": "unbroken" * 1250}
    page.comments[1] = [sample_comment(10, 1, markup, author=markup)]


def _troubled(page: FakeDeskPage) -> None:
    page.extra["worker_alive"] = False
    page.extra["oddities"] = [
        {"file": "production.json", "path": "$.segments[1]", "message": "Two keys hold the prompt."}
    ]
    page.cards[1]["task"] = sample_task(
        "t9", "failed", 40, "The engine ran out of memory. Nothing was changed."
    )
    page.cards[2]["prompt_conflict"] = {"prompt": "A grey harbour", "image_prompt": "A red harbour"}
    page.cards[3] |= {"version": None, "n_versions": 0}
    page.versions[3] = []


def _refusing(page: FakeDeskPage) -> None:
    page.refuse_next = "decide"


def _refusing_prompts(page: FakeDeskPage) -> None:
    page.refuse_next = "save_prompt"


def _lost(page: FakeDeskPage) -> None:
    page.versions[1][-1]["fault"] = "missing"


def _rival(event: str, **data: object) -> Scenario:
    def start(page: FakeDeskPage) -> None:
        page.rival_after = {"event": event, **data}

    return start


def _edited(page: FakeDeskPage) -> None:
    page.edit_prompt(1, "image_prompt", "A grey harbour at dusk, calm sea")
    page.edit_prompt(1, "image_prompt", "A grey harbour at dawn, gulls", "outside")
    page.edit_prompt(1, "motion_prompt", "drift left, slowly")


def _gone(page: FakeDeskPage) -> None:
    page.extra["gone"] = [1]


SCENARIOS: dict[str, Scenario] = {
    "lost": _lost,
    "none": lambda page: None,
    "hostile": _hostile,
    "troubled": _troubled,
    "refusing": _refusing,
    "refusing-prompts": _refusing_prompts,
    "rival-while-typing": _rival("save_draft"),
    "rival-while-saving": _rival("save_prompt"),
    "rival-while-regenerating": _rival("regenerate"),
    "rival-in-the-sheet": _rival("price", engine="script"),
    "edited": _edited,
    "gone": _gone,
    "two-approvals": make_two_needed,
    "unapproved-keyframe": make_keyframes_unapproved,
    "outdated": make_outdated,
    "outdated-changing": make_outdated_and_changing,
}


def _keep_decisions(page: FakeDeskPage, path: Path) -> None:
    # A reload gets a new kernel, so what a database would hold is in a file.
    if path.exists():
        for number, card in json.loads(path.read_text(encoding="utf-8")).items():
            page.cards[int(number)] = card
    tell = page.change

    def keep(segment_id: int, **fields: object) -> None:
        tell(segment_id, **fields)
        path.write_text(json.dumps(page.cards), encoding="utf-8")

    page.change = keep  # type: ignore[method-assign]


@dataclass
class DeskServer:
    """A running server with the desk's notebook."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def address(self, **query: object) -> str:
        """Return the desk's address with this query."""
        return f"http://127.0.0.1:{self.port}/voila/render/desk.ipynb?{urlencode(query)}"

    def asked(self, log: str, event: str) -> list[dict[str, Any]]:
        """Return the payloads of one event that the page with this log was asked, oldest first."""
        path = self.folder / f"{log}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [data for name, data in map(json.loads, lines) if name == event]

    def asked_times(self, count: int, log: str, event: str) -> list[dict[str, Any]]:
        """Return what ``asked`` does, once there are that many: a change is shown before it is sent."""
        ends_at = time.monotonic() + _ANSWER_S
        while len(self.asked(log, event)) < count and time.monotonic() < ends_at:
            time.sleep(0.02)
        return self.asked(log, event)

    def stop(self) -> None:
        """End the server, and with it its kernels."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def start_desk_server(folder: Path) -> DeskServer:
    """Write the notebook and its stills into the folder and serve them."""
    pages = folder / "pages"
    _write_stills(pages / "media")
    _write_notebook(pages / "desk.ipynb", folder)
    port = _free_port()
    arguments = [
        "-m", "voila", str(pages), f"--port={port}", "--no-browser", "--Voila.ip=127.0.0.1",
        "--VoilaConfiguration.file_allowlist=.*",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "IPYTHONDIR": str(folder / "ipython")}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    server = DeskServer(folder, port, process)
    _wait_until_up(server)
    return server


def _write_stills(folder: Path) -> None:
    folder.mkdir(parents=True)
    for n in range(N_STILLS):
        dark = Image.linear_gradient("L").resize((640, 360))
        color = Image.new("RGB", (640, 360), ((n * 53) % 200 + 40, (n * 97) % 180 + 40, 150))
        Image.composite(color, Image.new("RGB", (640, 360), (12, 12, 16)), dark).save(folder / f"{n}.jpg")


def _write_notebook(path: Path, folder: Path) -> None:
    code = f"from tests.widgets.harness import show_desk\nshow_desk({str(folder)!r})"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(server: DeskServer) -> None:
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
