from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.workbench import Workbench
from tests.cli.test_commands import Run, run
from tests.workbench.conftest import TickingClock, stream_folder
from tests.workbench.repairing import ask, current, judge, make

__all__ = ["run", "stream_folder"]


@pytest.fixture
def filmed(settings: Settings, stream_folder: Path) -> Iterator[Workbench]:
    """Segment 1 has an approved still and a clip made from it."""
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR), TickingClock()) as workbench:
        workbench.streams.scan("film")
        judge(workbench, make(workbench))
        make(workbench, Kind.VIDEO)
        yield workbench


def test_the_plan_is_printed_with_reasons_and_price_and_changes_nothing(
    run: Run, filmed: Workbench, stream_folder: Path
) -> None:
    assert run("streams", "repair", "film").stdout == "film is up to date.\n"
    ask(stream_folder, motion_prompt="pan left")
    result = run("streams", "repair", "film")
    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "segment 1: make the video version 1 anew, $0.00",
        "  The motion prompt has changed since this clip was made.",
        "1 step, about $0.00; now: about $0.00.",
    ]
    assert filmed.tasks.list(limit=1)[0].is_open is False


def test_applying_queues_and_restores_and_tells_programs(
    run: Run, filmed: Workbench, stream_folder: Path
) -> None:
    first = current(filmed)
    ask(stream_folder, image_prompt="a lake")
    make(filmed)
    ask(stream_folder, image_prompt="a sea, part 1", motion_prompt="pan left")
    told = json.loads(run("streams", "repair", "film", "--apply", "--json").stdout)
    assert [(step["kind"], step["action"], step["not_now"]) for step in told["steps"]] == [
        ("keyframe", "restore", None),
        ("video", "regenerate", None),
    ]
    assert told["done"]["restored"] == [first.id]
    assert len(told["done"]["queued"]) == 1
    assert current(filmed).id == first.id


def test_what_is_approved_needs_leave(run: Run, filmed: Workbench, stream_folder: Path) -> None:
    ask(stream_folder, image_prompt="a lake")
    refused = run("streams", "repair", "film", "--apply")
    assert refused.returncode == 1
    assert "its keyframe is approved" in refused.stderr
    done = run("streams", "repair", "film", "--apply", "--replace-approved")
    assert done.returncode == 0
    assert "make the keyframe version 2 (approved) anew" in done.stdout
    assert "1 queued, 0 restored, 1 left for later" in done.stdout
