"""A fake Replicate on this machine, engines that know only it, and orders to place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.remote import Order
from director_lib.engines.replicate import ReplicateEngine, ReplicateOptions
from tests.engines.fakes.replicate.media import picture_bytes
from tests.engines.fakes.replicate.server import run_fake
from tests.engines.fakes.replicate.state import FakeReplicate

MakeEngine = Callable[..., ReplicateEngine]
MakeOrder = Callable[..., Order]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def fake() -> Iterator[FakeReplicate]:
    with run_fake(FakeReplicate()) as running:
        yield running


@pytest.fixture
def make_engine(fake: FakeReplicate) -> MakeEngine:
    """Build an engine that orders clips and stills at the fake; give what differs by name."""

    def make(**fields: Any) -> ReplicateEngine:
        plain = ReplicateOptions(
            token=fake.token,
            base_url=fake.address,
            image_model="black-forest-labs/flux-1.1-pro",
            answer_timeout_s=20.0,
        )
        return ReplicateEngine(replace(plain, **fields))

    return make


@pytest.fixture
def engine(make_engine: MakeEngine) -> ReplicateEngine:
    return make_engine()


@pytest.fixture
def impatient(make_engine: MakeEngine) -> ReplicateEngine:
    """An engine that soon stops waiting for an answer."""
    return make_engine(answer_timeout_s=0.5)


@pytest.fixture
def keyframe(tmp_path: Path) -> Path:
    path = tmp_path / "segment-007.png"
    path.write_bytes(picture_bytes())
    return path


@pytest.fixture
def clip_order(keyframe: Path) -> MakeOrder:
    """Build an order for a clip; give what differs of its request by name."""

    def make(tag: str = "task-1:1", **fields: Any) -> Order:
        plain: dict[str, Any] = {
            "stream_id": "lighthouse",
            "segment_id": 7,
            "kind": Kind.VIDEO,
            "engine": "replicate",
            "image_prompt": "a lighthouse at dusk",
            "motion_prompt": "slow push in",
            "seed": 42,
        }
        placed_at = fields.pop("placed_at", datetime.now(UTC))
        picture = fields.pop("keyframe", keyframe)
        return Order(tag, GenerationRequest(**(plain | fields)), placed_at, picture)

    return make


@pytest.fixture
def still_order() -> MakeOrder:
    """Build an order for a still; give what differs of its request by name."""

    def make(tag: str = "task-2:1", references: tuple[Path, ...] = (), **fields: Any) -> Order:
        plain: dict[str, Any] = {
            "stream_id": "lighthouse",
            "segment_id": 7,
            "kind": Kind.KEYFRAME,
            "engine": "replicate",
            "image_prompt": "a lighthouse at dusk",
            "seed": 42,
        }
        placed_at = fields.pop("placed_at", datetime.now(UTC))
        return Order(tag, GenerationRequest(**(plain | fields)), placed_at, None, references)

    return make


@pytest.fixture
def finish(fake: FakeReplicate, engine: ReplicateEngine, clip_order: MakeOrder) -> Callable[..., str]:
    """Order a clip and let it end as told; returns its id."""

    def run(status: str = "succeeded", **fields: Any) -> str:
        remote_id = engine.submit(clip_order())
        fake.end(remote_id, status, **fields)
        return remote_id

    return run
