"""Opening the review desk, approving on it, and progress that arrives on it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, ViewportSize

from benchmarks.browser import close_page, open_profile, sign_in
from benchmarks.queue import LONG_QUEUE, fill_queue
from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import PASSWORD, USERNAME, make_settings, open_studio, running, wait_for_server
from director_lib.config import Settings
from director_lib.domain.task import PRIORITY_SINGLE, Task
from director_lib.domain.version import Kind
from director_lib.store import tasks as task_rows
from director_lib.workbench import Workbench

SCREEN: ViewportSize = {"width": 1440, "height": 900}
PATIENCE_MS = 60_000
REST_S = 5.0
REST_BEFORE_MOVE_MS = 1_000
OPEN_BEFORE_MS = {10: 470.0, 50: 870.0, 200: 2_300.0, 1_000: 11_300.0}
APPROVE_BEFORE_MS = {10: 430.0, 50: 700.0, 200: 2_000.0, 1_000: 23_500.0}
OPEN_LIMIT_MS = {50: 800.0, 1_000: 1_200.0}
DURABLE_LIMIT_MS = 100.0
PROGRESS_BEFORE_MS = 1_000.0
PROGRESS_SEGMENTS = 50
_AS_FAST = 1.1
"""How much slower a page may be and still count as fast as before: what runs differ by anyway."""

_PROBES = (Path(__file__).parent / "probes.js").read_text


def measure_pages(
    home: Path, sizes: Sequence[int], runs: int, tell: Callable[[str], None]
) -> list[Measurement]:
    """Measure the review desk for streams of these sizes, in a warm browser profile."""
    settings = make_settings(home)
    for size in {*sizes, PROGRESS_SEGMENTS}:
        write_stream(settings.streams_root, _stream_id(size), size, with_stills=True)
    tell("taking in the streams' files")
    open_studio(settings)
    found = []
    with running(settings, "server") as process, open_profile(home / "profile", SCREEN) as context:
        url = wait_for_server(settings, process)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_PROBES(encoding="utf-8"))
        first = context.new_page()
        sign_in(first, url, USERNAME, PASSWORD)
        close_page(first)
        for size in sizes:
            tell(f"review desk with {size} segments")
            found += _measure_desk(context, url, settings, size, runs)
        tell("progress on the review desk")
        found.append(_measure_progress(context, url, settings, runs * 2))
        tell(f"review desk beside {LONG_QUEUE:,} queued tasks")
        found.append(_measure_beside_queue(context, url, settings, runs))
    return found


def _measure_desk(
    context: BrowserContext, url: str, settings: Settings, size: int, runs: int
) -> list[Measurement]:
    address = f"{url}/s/{_stream_id(size)}/keyframes"
    opened = _open_again_and_again(context, address, runs)
    page, _ = open_ready(context, address)
    approved = [_approve(page, settings.database_file) for _ in range(min(runs, size - 1))]
    moved = [_move(page, "videos" if n % 2 == 0 else "keyframes") for n in range(2 * runs)]
    close_page(page)
    label = f"{size:,} segments"
    return [
        Measurement(
            "page open", label, opened, OPEN_BEFORE_MS.get(size), OPEN_LIMIT_MS.get(size), by_median=True
        ),
        Measurement("to the next checkpoint", label, moved, limit=OPEN_LIMIT_MS.get(size), by_median=True),
        Measurement(
            "approve, on the screen", label, [shown for shown, _ in approved], APPROVE_BEFORE_MS.get(size)
        ),
        Measurement(
            "approve, durable",
            label,
            [durable for _, durable in approved],
            limit=DURABLE_LIMIT_MS,
            by_median=True,
        ),
    ]


def _measure_beside_queue(context: BrowserContext, url: str, settings: Settings, runs: int) -> Measurement:
    """Open a desk without and with a long queue of other streams' tasks; nobody works on it."""
    address = f"{url}/s/{_stream_id(PROGRESS_SEGMENTS)}/keyframes"
    without = _open_again_and_again(context, address, runs)
    fill_queue(settings, LONG_QUEUE)
    beside = _open_again_and_again(context, address, runs)
    size = f"{PROGRESS_SEGMENTS} segments, {LONG_QUEUE:,} queued"
    return Measurement("page open", size, beside, limit=_AS_FAST * max(without))


def _open_again_and_again(context: BrowserContext, address: str, runs: int) -> list[float]:
    close_page(open_ready(context, address)[0])
    opened = []
    for _ in range(runs):
        time.sleep(REST_S)
        page, ready_ms = open_ready(context, address)
        opened.append(ready_ms)
        close_page(page)
    return opened


def open_ready(context: BrowserContext, address: str) -> tuple[Page, float]:
    """Open a page; return it, and the milliseconds until it was ready to be used."""
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.benchReadyMs !== undefined")
    return page, float(page.evaluate("window.benchReadyMs"))


def _approve(page: Page, database: Path) -> tuple[float, float]:
    """Press Space once; return key → card and key → commit, in milliseconds."""
    watch = _CommitWatch(database)
    page.evaluate("() => { window.benchResult = window.benchApproval(); }")
    watch.start()
    page.keyboard.press("Space")
    result: dict[str, Any] = page.evaluate("() => window.benchResult")
    watch.join(timeout=PATIENCE_MS / 1000)
    return float(result["shownMs"]), watch.seen_at_ms - float(result["pressedAtMs"])


def _move(page: Page, checkpoint: str) -> float:
    """Go to another checkpoint's desk through the rail; return the milliseconds until it takes keys."""
    page.wait_for_timeout(REST_BEFORE_MOVE_MS)
    return float(page.evaluate("checkpoint => window.benchMove(checkpoint)", checkpoint))


class _CommitWatch(threading.Thread):
    """Sees, as another process would, when one more decision is committed."""

    def __init__(self, database: Path) -> None:
        super().__init__(daemon=True)
        self._connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._n_before = self._count()
        self.seen_at_ms = float("nan")

    def run(self) -> None:
        """Look every half millisecond."""
        while self._count() == self._n_before:
            time.sleep(0.0005)
        self.seen_at_ms = time.time() * 1000
        self._connection.close()

    def _count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM decisions").fetchone()[0])


def _measure_progress(context: BrowserContext, url: str, settings: Settings, runs: int) -> Measurement:
    stream_id = _stream_id(PROGRESS_SEGMENTS)
    task = _running_task(settings, stream_id)
    page, _ = open_ready(context, f"{url}/s/{stream_id}/keyframes?segment=1")
    page.wait_for_selector('[data-testid="task-progress"]', state="attached")
    latencies = []
    with Workbench.open(settings) as workbench:
        for run in range(runs):
            percent = 10 + run
            page.evaluate("(percent) => { window.benchResult = window.benchProgress(percent); }", percent)
            with workbench.studio.database.write() as connection:
                task_rows.report_progress(connection, task.id, "painting", percent)
            committed_at_ms = time.time() * 1000
            latencies.append(float(page.evaluate("() => window.benchResult")) - committed_at_ms)
            time.sleep(0.137)
    close_page(page)
    return Measurement("progress", f"{PROGRESS_SEGMENTS} segments", latencies, PROGRESS_BEFORE_MS)


def _running_task(settings: Settings, stream_id: str) -> Task:
    """Record a task that runs, as the worker would; no worker does."""
    with Workbench.open(settings) as workbench:
        now = workbench.studio.clock()
        request = workbench.tasks.request_for(workbench.streams.get(stream_id), 1, Kind.KEYFRAME)
        with workbench.studio.database.write() as connection:
            task = workbench.tasks.enqueue_in(connection, request, priority=PRIORITY_SINGLE)
            return task_rows.start(connection, task.id, now)


def _stream_id(size: int) -> str:
    return f"bench-{size}"
