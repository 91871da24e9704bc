"""A worker is killed while it places an order; another process, with only the order, finds what it left."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from director_lib.engines.replicate import ReplicateEngine
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeOrder

_PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.remote import Order
from director_lib.engines.replicate import ReplicateEngine, ReplicateOptions

address, token, tag, placed_at, keyframe = sys.argv[1:]
request = GenerationRequest(
    "lighthouse", 7, Kind.VIDEO, "replicate", "a lighthouse at dusk", "slow push in", seed=42
)
engine = ReplicateEngine(ReplicateOptions(token=token, base_url=address))
engine.submit(Order(tag, request, datetime.fromisoformat(placed_at), Path(keyframe)))
"""


def kill_when(process: subprocess.Popen[bytes], has_happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not has_happened():
        assert process.poll() is None, "the process ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait(10)


@pytest.mark.parametrize(
    ("endpoint", "n_orders"), [("upload", 0), ("create", 1)], ids=["after the upload", "after the order"]
)
def test_nothing_is_lost_or_ordered_twice_when_the_process_dies(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, endpoint: str, n_orders: int
) -> None:
    order = clip_order("task-1:1")
    fake.faults[endpoint] = ["hang"]
    arguments = [fake.address, fake.token, order.tag, order.placed_at.isoformat(), str(order.keyframe)]
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", _PROGRAM, *arguments], cwd=root) as process:
        done = fake.files if endpoint == "upload" else fake.predictions
        kill_when(process, lambda: bool(done))
    assert (len(fake.files), fake.n_created) == (1, n_orders)
    assert engine.find_orphan(order) == (fake.last["id"] if n_orders else None)
