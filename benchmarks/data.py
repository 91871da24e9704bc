"""What opening a stream and listing all of them costs before anything is drawn."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.boards import measure_boards
from benchmarks.history import record_history, write_frames
from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import make_settings
from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.pages.desk_state import read_desk
from director_lib.workbench import Workbench

N_SEGMENTS = 1_000
N_VERSIONS = 5
"""Of each still, and of each clip: ten of each segment."""
N_STREAMS = 100
N_FRAMES = 140_000
SHORT_SEGMENTS = 12
SHORT_VERSIONS = 3
ACTOR = Actor("dora", Role.DIRECTOR)


def measure_data(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure the data layer alone: with everything in memory, and in a process that has read nothing yet."""
    return [
        *_measure_opening(home / "long", runs, tell),
        *_measure_list(home / "many", runs, tell),
        *measure_boards(home / "boards", runs, tell),
    ]


def _measure_opening(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    settings = make_settings(home)
    tell(f"recording {N_SEGMENTS:,} segments of {N_VERSIONS} stills and {N_VERSIONS} clips each")
    write_stream(settings.streams_root, "long", N_SEGMENTS, with_stills=False)
    with Workbench.open(settings, ACTOR) as workbench, workbench.studio.database.write() as connection:
        record_history(connection, "long", N_SEGMENTS, N_VERSIONS)
    tell("opening the stream")
    warm, cold = _time(settings, _open_stream, runs)
    label = f"{N_SEGMENTS:,} segments × {2 * N_VERSIONS} versions"
    return [
        Measurement("stream's data", label, warm),
        Measurement("stream's data, first time", label, cold),
    ]


def _measure_list(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    settings = make_settings(home)
    tell(f"recording {N_STREAMS} streams, and {N_FRAMES:,} frame files beside them")
    for number in range(N_STREAMS):
        stream_id = f"film-{number:03}"
        write_stream(settings.streams_root, stream_id, SHORT_SEGMENTS, with_stills=False)
        write_frames(settings.streams_root / stream_id, N_FRAMES // N_STREAMS, SHORT_SEGMENTS)
    with Workbench.open(settings, ACTOR) as workbench, workbench.studio.database.write() as connection:
        for number in range(N_STREAMS):
            record_history(connection, f"film-{number:03}", SHORT_SEGMENTS, SHORT_VERSIONS)
    tell("listing the streams")
    warm, cold = _time(settings, _list_streams, runs)
    label = f"{N_STREAMS} streams, {N_FRAMES:,} frames"
    return [
        Measurement("list of streams", label, warm),
        Measurement("list of streams, first time", label, cold),
    ]


def _time(
    settings: Settings, action: Callable[[Workbench], None], runs: int
) -> tuple[list[float], list[float]]:
    """Time an action in one workbench that does it again and again, and in a new workbench each time."""
    with Workbench.open(settings, ACTOR) as workbench:
        action(workbench)
        warm = [_once(workbench, action) for _ in range(2 * runs)]
    cold = []
    for _ in range(runs):
        with Workbench.open(settings, ACTOR) as workbench:
            cold.append(_once(workbench, action))
    return warm, cold


def _once(workbench: Workbench, action: Callable[[Workbench], None]) -> float:
    started = time.perf_counter()
    action(workbench)
    return (time.perf_counter() - started) * 1000


def _open_stream(workbench: Workbench) -> None:
    """Read everything that the review desk shows: a card for each segment, the rail, what is out of date."""
    desk = read_desk(workbench, workbench.streams.get("long"), Kind.KEYFRAME)
    n_approved = sum(card["decision"] == "approved" for card in desk.cards.values())
    if not 0 < n_approved < N_SEGMENTS or {card["n_versions"] for card in desk.cards.values()} != {
        N_VERSIONS
    }:
        raise RuntimeError(f"{n_approved} of {len(desk.cards)} are approved: this is not what was recorded")


def _list_streams(workbench: Workbench) -> None:
    overviews = workbench.streams.overviews()
    if len(overviews) != N_STREAMS or not all(overview.approved for overview in overviews):
        raise RuntimeError(f"{len(overviews)} streams are listed, not {N_STREAMS} with their approvals")
