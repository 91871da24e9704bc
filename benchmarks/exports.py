"""What it takes to take two gigabytes out: through the real server, and the server's memory meanwhile."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes

import httpx
import psutil

from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import PASSWORD, USERNAME, make_settings, open_studio, running, wait_for_server
from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind, Origin
from director_lib.store.assets import ensure_asset
from director_lib.store.versions import NewVersion, add_version, set_current
from director_lib.workbench import Workbench

N_CLIPS = 20
CLIP_BYTES = 100 << 20
LIMIT_MB_PER_S = 300.0
LIMIT_MEMORY_MB = 100.0
_MB = 1e6
_FIELD = re.compile(r'name="_xsrf" value="([^"]+)"')


def measure_exports(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure the download of a stream's clips from the page cache."""
    settings = make_settings(home)
    write_stream(settings.streams_root, "large", N_CLIPS, with_stills=False)
    open_studio(settings)
    tell(f"writing {N_CLIPS} clips of {CLIP_BYTES >> 20} MB")
    with Workbench.open(settings, Actor(USERNAME, Role.DIRECTOR)) as workbench:
        for segment_id in range(1, N_CLIPS + 1):
            _add_clip(workbench, segment_id, home / "clip.mp4")
    times_ms, memory_mb = [], []
    with running(settings, "server") as server:
        url = wait_for_server(settings, server)
        with httpx.Client(base_url=url, timeout=60) as client:
            _sign_in(client)
            _take(client, psutil.Process(server.pid))
            for _ in range(runs):
                tell("taking the clips out")
                elapsed_s, grown_bytes = _take(client, psutil.Process(server.pid))
                times_ms.append(elapsed_s * 1000)
                memory_mb.append(grown_bytes / _MB)
    size_mb = N_CLIPS * CLIP_BYTES / _MB
    label = f"{size_mb / 1000:.1f} GB of clips"
    limit_ms = size_mb / LIMIT_MB_PER_S * 1000
    return [
        Measurement("export, as one ZIP", label, times_ms, limit=limit_ms),
        Measurement("export, server's memory", label, memory_mb, limit=LIMIT_MEMORY_MB, unit="MB"),
    ]


def _add_clip(workbench: Workbench, segment_id: int, source: Path) -> None:
    studio, now = workbench.studio, workbench.studio.clock()
    with source.open("wb") as file:
        for _ in range(CLIP_BYTES >> 20):
            file.write(token_bytes(1 << 20))
    stored = studio.files.add(source, ".mp4")
    source.unlink()
    with studio.database.write() as connection:
        asset_id = ensure_asset(connection, "large", segment_id, Kind.VIDEO, now=now)
        clip = NewVersion(stored.sha256, ".mp4", stored.size_bytes, Origin.GENERATED, now, duration_s=5.0)
        set_current(connection, asset_id, add_version(connection, asset_id, clip).id)


def _sign_in(client: httpx.Client) -> None:
    found = _FIELD.search(client.get("/login").text)
    assert found
    form = {"username": USERNAME, "password": PASSWORD, "_xsrf": found[1]}
    assert client.post("/login", data=form).status_code == httpx.codes.FOUND


def _take(client: httpx.Client, server: psutil.Process) -> tuple[float, int]:
    """Take the clips out once; returns the seconds, and by how much the server's memory grew."""
    stop, peaks = threading.Event(), [server.memory_info().rss]
    before = peaks[0]

    def watch() -> None:
        while not stop.wait(0.02):
            peaks.append(server.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        length, received = _receive(client)
    finally:
        elapsed_s = time.perf_counter() - began
        stop.set()
        watcher.join()
    assert received == length
    assert length > N_CLIPS * CLIP_BYTES
    return elapsed_s, max(peaks) - before


def _receive(client: httpx.Client) -> tuple[int, int]:
    """Receive with little work of one's own; returns the length that was told and the length that came."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port, timeout=60)
    connection.request("GET", "/export/large/videos", headers={"Cookie": cookies})
    answer = connection.getresponse()
    room, received = bytearray(1 << 20), 0
    while n_bytes := answer.readinto(room):
        received += n_bytes
    connection.close()
    return int(answer.headers["Content-Length"]), received
