"""The variants page without a browser, and the command that tells the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from director_lib.cli import app
from director_lib.cli.variants import read_arms
from director_lib.domain.variant_arm import Arm
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.metrics.paired_frames import VARIANTS
from director_lib.pages.variants import VariantsPage
from director_lib.workbench import Workbench
from tests.workbench.conftest import director, open_as, stream_folder
from tests.workbench.repairing import finish

__all__ = ["director", "open_as", "stream_folder"]


@pytest.fixture
def received(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> tuple[VariantsPage, list[Any]]:
    page, told = VariantsPage(), []
    monkeypatch.setattr(page.screen, "push", lambda method, payload: told.append((method, payload)))
    page.open(director, "")
    return page, told


def choose(director: Workbench, segment_id: int, winner: int = 1) -> None:
    """Let two engines be compared, and pick one of them."""
    arms = [Arm(), Arm(engine="google", model="gemini-3-pro-image")]
    made = director.tasks.generate("film", Kind.KEYFRAME, [segment_id], arms=arms, blind=True)
    versions = [finish(director, task) for task in made.queued]
    [found, *_] = director.variants.of("film", segment_id, Kind.KEYFRAME)
    director.variants.pick(found.id, versions[winner].id)


def test_an_empty_studio_says_that_nobody_chose_yet(received: tuple[VariantsPage, list[Any]]) -> None:
    _, told = received
    [(method, load)] = told
    assert (method, load["found"]["n_sets"], load["stream_id"]) == ("load", 0, "")
    assert [table["said"].startswith("No data yet") for table in load["found"]["tables"]] == [True] * 4
    assert [one["id"] for one in load["streams"]] == ["film"]


def test_a_choice_is_told_with_its_interval_and_that_it_is_not_enough(
    received: tuple[VariantsPage, list[Any]], director: Workbench
) -> None:
    page, told = received
    choose(director, 3)
    page.refresh()
    found = told[-1][1]["found"] if told[-1][0] == "patch" else page._found
    engines = found["tables"][0]
    assert (found["n_sets"], found["n_blind"], engines["key"]) == (1, 1, "engine")
    assert engines["said"] == "Not enough choices yet of the 2 that met: 1, and at least 5 are needed."
    assert {row["item"]: row["wins"] for row in engines["rows"]} == {"google": 1.0, "local": 0.0}
    [choice] = found["choices"]
    assert (choice["segment_id"], choice["made_by"], choice["blind"]) == (3, "google · double/1", True)
    assert json.loads(json.dumps(found)) == found
    n_told = len(told)
    page.refresh()
    assert all("found" not in payload for _, payload in told[n_told:])


def test_one_streams_choices_alone_are_told_when_asked_for(
    received: tuple[VariantsPage, list[Any]], director: Workbench
) -> None:
    page, told = received
    choose(director, 3)
    page.screen._handle_event(
        None, {"event": "choose_stream", "data": {"request_id": "r1", "stream_id": "other"}}, []
    )
    reply = next(payload for method, payload in reversed(told) if method == "reply")
    assert (reply["ok"], reply["found"]["n_sets"]) == (True, 0)


def test_the_analyst_gets_the_documented_frame(director: Workbench) -> None:
    choose(director, 3)
    frame = director.insight.variants()
    assert {name: str(frame[name].dtype) for name in frame} == VARIANTS.columns
    assert (len(frame), frame["won"].sum(), set(frame["blind"])) == (2, 1.0, {True})
    assert director.insight.variants("other").empty


def test_the_command_line_says_the_same(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(director, 3)
    monkeypatch.setattr(Workbench, "open", lambda: director)
    told = CliRunner().invoke(app, ["metrics", "variants", "--json"])
    assert json.loads(told.stdout) == director.insight.paired().payload()
    plain = CliRunner().invoke(app, ["metrics", "variants", "film"]).stdout
    assert "1 choices, 1 of them blind" in plain
    assert "Not enough choices yet" in plain


def test_how_versions_differ_is_read_from_the_command_line(director: Workbench) -> None:
    director.presets.add("sea fog", "lighting", "soft sea fog")
    arms = read_arms(director, ["", "engine=google; model=fine; preset=Sea Fog", "prompt=a lake = calm"])
    assert arms == (
        Arm(),
        Arm("google", "fine", None, "sea fog", "soft sea fog"),
        Arm(prompt="a lake = calm"),
    )
    for wrong in ("engine", "size=3", "engine="):
        with pytest.raises(InputError, match="does not say how"):
            read_arms(director, [wrong])
    with pytest.raises(InputError, match="no preset"):
        read_arms(director, ["preset=rain"])
