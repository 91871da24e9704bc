"""What the desk of a long stream costs: transfer, nodes, scripting, frames, memory, and the others' wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

import psutil
from playwright.sync_api import BrowserContext, CDPSession, Page

from benchmarks.browser import close_page, open_browser, open_profile, sign_in
from benchmarks.pages import PATIENCE_MS, SCREEN, open_ready
from benchmarks.relay import counting_relay
from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import PASSWORD, USERNAME, make_settings, open_studio, running, wait_for_server

N_SEGMENTS = 1_000
FEW_DECISIONS = 50
MANY_DECISIONS = 500
N_WIDE = 24
WIDE = (2_560, 1_440)
KEYS = 20
WHEEL_PX = 160
WHEELS = 120
FRAME_MS = 16.0
REST_S = 0.3
"""A person looks at a still for longer than this before the next key."""

_SIZE = f"{N_SEGMENTS:,} segments"
_HERE = Path(__file__).parent


def measure_desk(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure the review desk of a thousand segments in a warm browser profile."""
    settings = make_settings(home)
    tell(f"taking in {N_SEGMENTS:,} stills, and {N_WIDE} large ones")
    write_stream(settings.streams_root, "long", N_SEGMENTS, with_stills=True)
    write_stream(settings.streams_root, "wide", N_WIDE, with_stills=True, still_px=WIDE)
    open_studio(settings)
    with running(settings, "server") as process:
        wait_for_server(settings, process)
        with (
            counting_relay(settings.port) as (url, counter),
            open_profile(home / "profile", SCREEN) as context,
        ):
            _prepare(context, url)
            address = f"{url}/s/long/keyframes"
            tell("opening, pressing keys, scrolling")
            found = [_measure_transfer(context, address, counter.take, runs)]
            page = open_ready(context, address)[0]
            found += [_measure_scripting(page), *_measure_scrolling(page, runs), _measure_kernel(process.pid)]
            close_page(page)
            found.append(_measure_next_still(context, f"{url}/s/wide/keyframes"))
            tell(f"deciding {MANY_DECISIONS} times")
            found.append(_measure_heap(context, address))
        tell("two browsers on one stream")
        return [*found, _measure_other_browser(f"http://{settings.host}:{settings.port}", runs)]


def _prepare(context: BrowserContext, url: str) -> None:
    context.set_default_timeout(PATIENCE_MS)
    for script in ("probes.js", "desk.js"):
        context.add_init_script((_HERE / script).read_text(encoding="utf-8"))
    page = context.new_page()
    sign_in(page, url, USERNAME, PASSWORD)
    close_page(page)


def _measure_transfer(
    context: BrowserContext, address: str, take_bytes: Callable[[], int], runs: int
) -> Measurement:
    kilobytes = []
    for _ in range(runs + 1):
        take_bytes()
        page = open_ready(context, address)[0]
        page.wait_for_timeout(1_000)
        kilobytes.append(take_bytes() / 1_000)
        close_page(page)
    # The first one fills the cache.
    return Measurement("transfer", _SIZE, kilobytes[1:], limit=1_000.0, unit="kB")


def _measure_scripting(page: Page) -> Measurement:
    """Sum what the page's scripts take, on the processor, from a key to the second frame after it."""
    session = _metrics_of(page)
    page.get_by_test_id("segment-card").first.click()
    spent = []
    for press in range(KEYS):
        page.wait_for_timeout(REST_S * 1_000)
        before = _scripting_ms(session)
        page.keyboard.press("n" if press % 2 else "Space")
        page.evaluate("() => window.benchFrames(2)")
        spent.append(_scripting_ms(session) - before)
    return Measurement("key, scripting", _SIZE, spent, limit=FRAME_MS, by_median=True)


def _metrics_of(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return session


def _scripting_ms(session: CDPSession) -> float:
    values = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(values["ScriptDuration"]) * 1_000


def _measure_scrolling(page: Page, runs: int) -> list[Measurement]:
    """Turn the wheel all the time and take the mean gap between frames, and the cards' nodes on the way."""
    gaps, nodes = [], [float(page.evaluate("() => window.benchCardNodes()"))]
    box: dict[str, float] = page.evaluate(
        "() => { const b = window.benchScroller().getBoundingClientRect(); return b.toJSON(); }"
    )
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for run in range(runs):
        page.evaluate("() => window.benchRecordFrames()")
        for _ in range(WHEELS):
            page.mouse.wheel(0, WHEEL_PX if run % 2 == 0 else -WHEEL_PX)
        gaps.append(fmean(page.evaluate("() => window.benchFrameGaps()")))
        nodes.append(float(page.evaluate("() => window.benchCardNodes()")))
    return [
        Measurement("scrolling, a frame each", _SIZE, gaps, limit=17.0, by_median=True),
        Measurement("nodes of cards", _SIZE, nodes, limit=300.0, unit="nodes"),
    ]


def _measure_kernel(server_pid: int) -> Measurement:
    """Weigh the heaviest kernel: the open page's; those that wait for a visitor have read no stream."""
    below = psutil.Process(server_pid).children(recursive=True)
    kernels = [one for one in below if one.ppid() != server_pid]
    megabytes = max(one.memory_full_info().pss for one in kernels) / 1e6
    return Measurement("kernel's memory (PSS)", _SIZE, [megabytes], limit=120.0, unit="MB")


def _measure_next_still(context: BrowserContext, address: str) -> Measurement:
    """Go on through large stills; what is not loaded when it is needed counts as half a second."""
    page = open_ready(context, f"{address}?segment=1")[0]
    page.get_by_test_id("segment-card").first.click()
    waits = []
    for _ in range(KEYS):
        page.wait_for_timeout(REST_S * 2_000)
        page.evaluate("() => { window.benchResult = window.benchNextStill(); }")
        page.keyboard.press("n")
        seen: dict[str, Any] = page.evaluate("() => window.benchResult")
        waits.append(float(seen["decodedMs"]) if seen["wasLoaded"] else 500.0)
    close_page(page)
    width, height = WIDE
    return Measurement(
        "next still, decoded", f"{width} × {height} pixels", waits, limit=FRAME_MS, by_median=True
    )


def _measure_heap(context: BrowserContext, address: str) -> Measurement:
    """Compare what the page's heap holds after many decisions with what it held after few."""
    page = open_ready(context, address)[0]
    page.get_by_test_id("segment-card").first.click()
    session = context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    _decide(page, FEW_DECISIONS)
    few = _heap_bytes(session)
    _decide(page, MANY_DECISIONS - FEW_DECISIONS)
    growth = 100 * (_heap_bytes(session) / few - 1)
    close_page(page)
    size = f"{few / 1e6:.0f} MB after {FEW_DECISIONS}, to {MANY_DECISIONS} decisions"
    return Measurement("page's heap, growth", size, [growth], limit=10.0, unit="%")


def _decide(page: Page, n_decisions: int) -> None:
    for _ in range(n_decisions):
        page.keyboard.press("Space")
        page.evaluate("() => window.benchFrames(3)")
    page.wait_for_timeout(5_000)


def _heap_bytes(session: CDPSession) -> float:
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"])


def _measure_other_browser(url: str, runs: int) -> Measurement:
    with open_browser() as browser:
        contexts = [browser.new_context(viewport=SCREEN), browser.new_context(viewport=SCREEN)]
        for context in contexts:
            _prepare(context, url)
        giver, watcher = (open_ready(context, f"{url}/s/wide/keyframes")[0] for context in contexts)
        waits = []
        for _ in range(min(2 * runs, N_WIDE - 1)):
            time.sleep(REST_S + 0.137)
            watcher.evaluate("() => { window.benchResult = window.benchVerdictSeen(); }")
            giver.evaluate("() => { window.benchResult = window.benchApproval(); }")
            giver.keyboard.press("Space")
            pressed_at_ms = float(giver.evaluate("() => window.benchResult")["pressedAtMs"])
            waits.append(float(watcher.evaluate("() => window.benchResult")) - pressed_at_ms)
        for page in (giver, watcher):
            close_page(page)
    return Measurement("a decision, to another browser", f"{N_WIDE} segments", waits, limit=250.0)
