"""A fake of Google, engines that talk to it, and requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.google import GoogleImageEngine, GoogleOptions, GoogleVideoEngine
from director_lib.engines.protocol import EngineResult
from director_lib.engines.remote import Order
from tests.engines.fakes.google.media import picture
from tests.engines.fakes.google.server import GOOD_KEY, GoogleServer

MakeOptions = Callable[..., GoogleOptions]
MakeOrder = Callable[..., Order]
Draw = Callable[..., EngineResult]
PlaceOrder = Callable[..., object]


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    """A fake of Google that serves until the test is over."""
    server = GoogleServer()
    yield server
    server.close()


@pytest.fixture
def make_options(google: GoogleServer) -> MakeOptions:
    """Options that lead to the fake; give what matters by name."""

    def make(key: str = GOOD_KEY, **fields: Any) -> GoogleOptions:
        names = ("image_timeout_s", "submit_timeout_s", "call_timeout_s", "download_timeout_s")
        waits = dict.fromkeys(names, 20.0)
        return GoogleOptions(api_key=SecretStr(key), **({"base_url": google.url} | waits | fields))

    return make


@pytest.fixture
def images(make_options: MakeOptions) -> GoogleImageEngine:
    """The engine for stills."""
    return GoogleImageEngine(make_options())


@pytest.fixture
def videos(make_options: MakeOptions) -> GoogleVideoEngine:
    """The engine for clips."""
    return GoogleVideoEngine(make_options())


@pytest.fixture
def make_still_request() -> Callable[..., GenerationRequest]:
    """A request for a still."""

    def make(prompt: str = "a lighthouse at dusk", **fields: Any) -> GenerationRequest:
        plain: dict[str, Any] = {
            "stream_id": "lighthouse",
            "segment_id": 3,
            "kind": Kind.KEYFRAME,
            "engine": "google",
            "seed": 7,
        }
        return GenerationRequest(image_prompt=prompt, **(plain | fields))

    return make


@pytest.fixture
def draw(
    images: GoogleImageEngine, make_still_request: Callable[..., GenerationRequest], tmp_path: Path
) -> Draw:
    """Have a still drawn into ``drawn``."""

    def run(
        engine: GoogleImageEngine = images, *, references: tuple[Path, ...] = (), **fields: Any
    ) -> EngineResult:
        folder = tmp_path / "drawn"
        folder.mkdir(exist_ok=True)
        return engine.generate(
            make_still_request(**fields), folder, progress=lambda phase, percent: None, references=references
        )

    return run


@pytest.fixture
def make_order(make_still_request: Callable[..., GenerationRequest], tmp_path: Path) -> MakeOrder:
    """An order for a clip, with a keyframe."""

    def make(*, references: tuple[Path, ...] = (), **fields: Any) -> Order:
        keyframe = tmp_path / "keyframe.png"
        keyframe.write_bytes(picture())
        plain = {"kind": Kind.VIDEO, "motion_prompt": "slow push in", "duration_s": 5.0}
        return Order(
            "attempt-1",
            make_still_request(**(plain | fields)),
            datetime(2026, 11, 21, 8, tzinfo=UTC),
            keyframe,
            references,
        )

    return make


@pytest.fixture
def reference_files(tmp_path: Path) -> tuple[Path, Path]:
    """Two reference pictures of different formats."""
    first, second = tmp_path / "who.png", tmp_path / "where.jpg"
    first.write_bytes(picture())
    second.write_bytes(picture("JPEG"))
    return first, second


@pytest.fixture
def job(videos: GoogleVideoEngine, make_order: MakeOrder) -> str:
    """The id of a job that runs."""
    return videos.submit(make_order())


@pytest.fixture(params=["picture", "clip"])
def place(
    request: pytest.FixtureRequest, draw: Draw, make_order: MakeOrder, make_options: MakeOptions
) -> PlaceOrder:
    """Order a picture or a clip with these options."""

    def run(**fields: object) -> object:
        options: GoogleOptions = make_options(**fields)
        if request.param == "picture":
            return draw(GoogleImageEngine(options))
        return GoogleVideoEngine(options).submit(make_order())

    return run


@pytest.fixture(params=["picture", "clip"])
def place_words(
    request: pytest.FixtureRequest, draw: Draw, videos: GoogleVideoEngine, make_order: MakeOrder
) -> PlaceOrder:
    """Order a picture or a clip with this prompt."""

    def run(words: str) -> object:
        if request.param == "picture":
            return draw(prompt=words)
        return videos.submit(make_order(motion_prompt=words))

    return run
