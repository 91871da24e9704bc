"""Every number of the metrics page, from a hundred thousand decisions."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.report import Measurement
from benchmarks.streams import write_stream
from benchmarks.studio import make_settings, open_studio
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind, Origin
from director_lib.store import tables
from director_lib.workbench import Workbench

N_DECISIONS = 100_000
N_STREAMS = 40
N_SEGMENTS = 800
FIRST_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
PASS_RATE = 0.62

Row = dict[str, Any]


def measure_metrics(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure the summary over everything, and over one stream."""
    settings = make_settings(home)
    for number in range(N_STREAMS):
        write_stream(settings.streams_root, f"metrics-{number}", N_SEGMENTS, with_stills=False)
    open_studio(settings)
    tell(f"recording {N_DECISIONS:,} decisions")
    with Workbench.open(settings) as workbench:
        _record(workbench)
        tell("computing the metrics")
        whole = [_time(workbench.insight.summary) for _ in range(runs)]
        one = [_time(lambda: workbench.insight.summary("metrics-0")) for _ in range(runs)]
    label = f"{N_DECISIONS:,} decisions"
    return [
        Measurement("metrics, everything", label, whole),
        Measurement("metrics, one stream", label, one),
    ]


def _time(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _record(workbench: Workbench) -> None:
    rows = list(_history())
    with workbench.studio.database.write() as connection:
        streams = [
            {"id": f"metrics-{n}", "title": f"Stream {n}", "first_seen_at": FIRST_DAY}
            for n in range(N_STREAMS)
        ]
        connection.execute(tables.streams.insert(), streams)
        connection.execute(tables.assets.insert(), [asset for asset, _, _ in rows if asset])
        connection.execute(tables.versions.insert(), [version for _, version, _ in rows])
        connection.execute(tables.decisions.insert(), [decision for _, _, decision in rows])
        newest = sa.select(sa.func.max(tables.versions.c.id)).where(
            tables.versions.c.asset_id == tables.assets.c.id
        )
        connection.execute(tables.assets.update().values(current_version_id=newest.scalar_subquery()))


def _history() -> Iterator[tuple[Row | None, Row, Row]]:
    """Give asset (with its first version only), version and decision, in the order of the decisions."""
    chance = random.Random(20261121)
    asset_id = version_id = 0
    while version_id < N_DECISIONS:
        asset_id, number, passed = asset_id + 1, 0, False
        while not passed and version_id < N_DECISIONS and number < 6:
            version_id, number = version_id + 1, number + 1
            passed = chance.random() < PASS_RATE
            made_at = FIRST_DAY + timedelta(minutes=4.4 * version_id)
            asset = _asset(asset_id) if number == 1 else None
            yield (
                asset,
                _version(version_id, asset_id, number, made_at),
                _decision(version_id, asset_id, passed, made_at),
            )


def _asset(asset_id: int) -> Row:
    place = asset_id % (N_STREAMS * N_SEGMENTS * 2)
    kind = Kind.KEYFRAME if place % 2 else Kind.VIDEO
    stream, segment = divmod(place // 2, N_SEGMENTS)
    return {"id": asset_id, "stream_id": f"metrics-{stream}", "segment_id": segment + 1, "kind": kind.value}


def _version(version_id: int, asset_id: int, number: int, created_at: datetime) -> Row:
    return {
        "id": version_id,
        "asset_id": asset_id,
        "number": number,
        "sha256": f"{version_id:064x}",
        "extension": ".png",
        "size_bytes": 1,
        "origin": Origin.GENERATED.value,
        "image_prompt": "a harbour at dawn",
        "engine": "local",
        "model": "local-render/1",
        "cost_usd": 0.13,
        "created_at": created_at,
    }


def _decision(version_id: int, asset_id: int, passed: bool, made_at: datetime) -> Row:
    verdict = DecisionKind.APPROVED if passed else DecisionKind.ADJUST_PROMPT
    return {
        "asset_id": asset_id,
        "version_id": version_id,
        "sha256": f"{version_id:064x}",
        "decision": verdict.value,
        "actor": f"director-{version_id % 5}",
        "decided_at": made_at + timedelta(minutes=2),
    }
