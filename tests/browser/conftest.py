"""A whole studio as people use it: `director up` with server and worker, and a real browser."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Actor, Role
from director_lib.workbench import Workbench
from tests.ports import free_port

PASSWORD = "correct horse battery"
N_SEGMENTS = 8
STREAMS = ("film", "undo", "reload", "edit", "made", "cancel", "counted", "still", "elsewhere")


@dataclass
class LiveStudio:
    """A running `director up` and where its data is."""

    settings: Settings
    process: subprocess.Popen[str]
    base_url: str
    link: str
    log: Path

    def workbench(self) -> Workbench:
        """Open the same studio from this process, as the director."""
        return Workbench.open(self.settings, Actor("dora", Role.DIRECTOR))

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


def write_stream(
    root: Path, stream_id: str, n_segments: int = N_SEGMENTS, n_stills: int | None = None
) -> Path:
    """Write a stream in the short dialect; the first ``n_stills`` segments have stills."""
    folder = root / stream_id
    (folder / "keyframes").mkdir(parents=True)
    segments = [
        {
            "id": number,
            "title": f"Part {number}",
            "image_prompt": f"A calm sea at dawn, part {number}, a small boat far out",
            "motion_prompt": "slow push in",
            "duration": 1,
        }
        for number in range(1, n_segments + 1)
    ]
    spec = {
        "stream": {"id": stream_id, "title": f"The film {stream_id}", "language": "en"},
        "visual_direction": {"color_palette": {"night": "#0b1020", "dawn": "#ffb066"}},
        "segments": segments,
        "sections": [],
        "production_settings": {"dimensions": "640x360"},
    }
    (folder / "production.json").write_text(json.dumps(spec, indent=2, ensure_ascii=False) + "\n")
    for number in range(1, (n_segments if n_stills is None else n_stills) + 1):
        still = Image.new("RGB", (640, 360), (20 * number % 255, 60, 120))
        ImageDraw.Draw(still).text((20, 20), f"{stream_id} {number}", fill="white", font_size=40)
        still.save(folder / "keyframes" / f"segment_{number}_keyframe.png")
    return folder


def start_studio(settings: Settings, log: Path, port: int | None = None) -> LiveStudio:
    """Start `director up` and wait until it prints its sign-in link."""
    port = port or free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTOR_")},
        **settings.environment(),
        "DIRECTOR_PORT": str(port),
    }
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "director_lib.cli", "up", "--no-browser", "--port", str(port)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    link = _wait_for_link(process, log)
    return LiveStudio(settings, process, f"http://localhost:{port}", link, log)


def _wait_for_link(process: subprocess.Popen[str], log: Path) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        links = re.findall(r"http://localhost:\d+/login\?token=\S+", log.read_text())
        if links:
            return str(links[-1])
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the studio did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio with streams of stills, shared by one module's tests."""
    home = tmp_path_factory.mktemp("studio")
    settings = load_settings(home=home, local_pace_s=3.0, _env_file=None)
    for stream_id in STREAMS:
        write_stream(settings.streams_root, stream_id)
    write_stream(settings.streams_root, "empty", 3, 0)
    (settings.streams_root / "broken").mkdir()
    (settings.streams_root / "broken" / "production.json").write_text('{"stream": {"id": "broken"')
    studio = start_studio(settings, home / "up.log")
    yield studio
    studio.stop()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, live: LiveStudio) -> Iterator[BrowserContext]:
    """A browser that signed in by the link; kept for the module, so that its cache is warm."""
    context = browser.new_context(base_url=live.base_url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(live.link)
    page.wait_for_selector("[data-testid=page-streams]")
    page.close(run_before_unload=True)
    yield context
    context.close()


@pytest.fixture
def open_page(signed_in: BrowserContext, live: LiveStudio) -> Iterator[Callable[[str, str], Page]]:
    """Open an address, wait for its page; afterwards insist on no console error and no foreign request."""
    pages: list[Page] = []
    faults: list[str] = []

    def open_one(path: str, name: str) -> Page:
        page = signed_in.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: _note_foreign(request.url, live.base_url, faults))
        pages.append(page)
        page.goto(path)
        page.wait_for_selector(f"[data-testid=page-{name}]")
        return page

    yield open_one
    for page in pages:
        page.close(run_before_unload=True)
    assert faults == []


def _note_foreign(url: str, base_url: str, faults: list[str]) -> None:
    if not url.startswith((base_url, base_url.replace("http", "ws"), "data:", "blob:")):
        faults.append(f"foreign request to {url}")
