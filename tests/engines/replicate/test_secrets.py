"""The token shows nowhere, and importing the engine loads none of its libraries."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from director_lib.engines.replicate import ReplicateEngine
from director_lib.errors import DirectorError
from tests.engines.fakes.replicate.state import FakeReplicate
from tests.engines.replicate.conftest import MakeEngine, MakeOrder

# what the model takes is known by heart
_SURVIVED = {("model", fault) for fault in ("500", "reset_before", "reset_after", "garbage")}


def test_options_and_engine_do_not_show_the_token(engine: ReplicateEngine, fake: FakeReplicate) -> None:
    for thing in (engine, engine.options):
        assert fake.token not in f"{thing!r}{thing}"


@pytest.mark.parametrize("fault", ["echo", "401", "422", "500", "reset_before", "reset_after", "garbage"])
@pytest.mark.parametrize("endpoint", ["model", "upload", "create"])
def test_no_error_or_log_shows_the_token(
    engine: ReplicateEngine,
    fake: FakeReplicate,
    clip_order: MakeOrder,
    caplog: pytest.LogCaptureFixture,
    endpoint: str,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.faults[endpoint] = [fault]
    if (endpoint, fault) in _SURVIVED:
        engine.submit(clip_order())
    else:
        with pytest.raises(DirectorError) as caught:
            engine.submit(clip_order())
        assert fake.token not in "".join(traceback.format_exception(caught.value))
    assert fake.token not in caplog.text


def test_a_token_that_no_header_can_carry_is_not_shown(
    make_engine: MakeEngine, clip_order: MakeOrder
) -> None:
    token = "r8_{}\nx".format("precious")
    with pytest.raises(DirectorError) as caught:
        make_engine(token=token).submit(clip_order())
    assert "precious" not in "".join(traceback.format_exception(caught.value))


def test_the_list_of_a_stranger_is_not_followed_with_the_token(
    engine: ReplicateEngine, fake: FakeReplicate, clip_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.page_size = 1
    order = clip_order()
    remote_id = engine.submit(order)
    engine.submit(clip_order("another:1"))
    fake.address = "https://stranger.invalid"
    assert engine.find_orphan(order) == remote_id


def test_importing_the_engine_loads_no_library() -> None:
    program = (
        "import sys, director_lib.engines.replicate\n"
        "print(sorted({'httpx', 'av', 'PIL', 'numpy', 'pydantic', 'replicate'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root
    )
    assert run.stdout.strip() == "[]"
