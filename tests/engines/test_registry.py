"""Finding engines by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from director_lib.domain.version import Kind
from director_lib.engines.local import LocalEngine
from director_lib.engines.registry import engine_names, find_engine, get_engine
from director_lib.errors import InputError


def test_every_name_gives_an_engine_of_that_name() -> None:
    assert "local" in engine_names()
    assert [get_engine(name).name for name in engine_names()] == engine_names()


def test_an_unknown_engine_names_the_known_ones() -> None:
    assert find_engine("sora") is None
    with pytest.raises(InputError, match="“sora”.*Known engines: .*local"):
        get_engine("sora")


def test_the_pace_reaches_the_local_engine() -> None:
    engine = get_engine("local", pace_s=2.5)
    assert isinstance(engine, LocalEngine)
    assert engine.pace_s == 2.5


def test_the_local_engine_makes_both_kinds_for_nothing(make_request) -> None:
    engine = get_engine("local")
    assert engine.capabilities().kinds == frozenset(Kind)
    assert not engine.capabilities().is_paid
    assert engine.price_usd(make_request()) == 0.0


def test_asking_for_a_price_loads_no_picture_library() -> None:
    program = (
        "import sys\n"
        "from director_lib.engines.registry import get_engine\n"
        "from director_lib.domain.task import GenerationRequest\n"
        "from director_lib.domain.version import Kind\n"
        "request = GenerationRequest('s', 1, Kind.KEYFRAME, 'local', 'sea')\n"
        "assert get_engine('local').price_usd(request) == 0.0\n"
        "print(sorted({'numpy', 'av', 'PIL'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
