"""What is to be chosen from blind is blind in every way out of the workbench, until it is chosen or shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from director_lib.cli import app
from director_lib.domain.export import ExportKind
from director_lib.domain.people import Role
from director_lib.domain.variant_arm import Arm
from director_lib.domain.version import Kind, Version
from director_lib.errors import PermissionDeniedError, RuleError
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.board_row_fields import TITLES
from director_lib.pages.task_rows import Window
from director_lib.pages.task_rows import read_board as read_queue
from director_lib.store.queue_order import list_queue
from director_lib.store.task_lines import add_line
from director_lib.workbench import Workbench
from director_lib.workbench.frame_files import FrameFiles
from director_lib.workbench.insight_board import read_board
from director_lib.workbench.insight_rows import RowsWanted, read_rows
from tests.workbench.conftest import OpenAs
from tests.workbench.repairing import finish

ARMS = (Arm(), Arm(engine="google", model="gemini-3-pro-image", prompt="an ochre cliff at dusk"))
TELLING = ("google", "gemini", "ochre", "double/1")


@pytest.fixture
def made(director: Workbench) -> list[Version]:
    """Two versions of the third still, made to be chosen from blind."""
    director.tasks.generate("film", Kind.KEYFRAME, [3], variants=2, arms=ARMS, blind=True)
    with director.studio.database.read() as connection:
        queued = list_queue(connection)
    return [finish(director, task) for task in queued]


def in_the_drawer(director: Workbench, _folder: Path) -> str:
    return json.dumps(read_queue(director, Window()).rows)


def in_lists_of_tasks(director: Workbench, _folder: Path) -> str:
    listed = director.tasks.list()
    waited = director.tasks.wait([task.id for task in listed])
    return repr([listed, waited, director.tasks.queue(), *(director.tasks.get(task.id) for task in listed)])


def in_the_history(director: Workbench, _folder: Path) -> str:
    found = director.versions.of_asset("film", 3, Kind.KEYFRAME)
    told = [director.versions.as_text(version.id) for version in found]
    return repr([found, told, director.versions.compare(found[0].id, found[-1].id)])


def in_rows_behind_numbers(director: Workbench, _folder: Path) -> str:
    wanted = (RowsWanted(what, BoardChoice()) for what in TITLES)
    return json.dumps([read_rows(director.studio, each, {}) for each in wanted])


def in_frames(director: Workbench, folder: Path) -> str:
    files = FrameFiles(director.insight)
    told = []
    for name in ("versions", "tasks", "reviews", "variants"):
        told.append(files.save(name, folder / f"{name}.csv").read_text())
        told.append(pd.read_parquet(files.save(name, folder / f"{name}.parquet")).to_string())
    return "".join(told)


def in_exports(director: Workbench, folder: Path) -> str:
    told = []
    for what, name in (("otio", "a.otio"), ("report", "a.html"), ("versions", "a.zip"), ("all", "b.zip")):
        file = director.exports.save("film", ExportKind(what), folder / name)
        told.append(file.read_bytes().decode("latin-1"))
    return "".join(told)


def in_numbers(director: Workbench, _folder: Path) -> str:
    board = read_board(director.studio, BoardChoice(), {})
    counts, summary = director.insight.counts(), director.insight.summary().payload()
    frames = (counts.cells, counts.durations, counts.failures)
    return json.dumps([board, summary]) + "".join(frame.to_string() for frame in frames)


WAYS = [
    in_the_drawer,
    in_lists_of_tasks,
    in_the_history,
    in_rows_behind_numbers,
    in_numbers,
    in_frames,
    in_exports,
]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_out_tells_how_a_hidden_version_was_made(
    way: Callable[[Workbench, Path], str], director: Workbench, made: list[Version], tmp_path: Path
) -> None:
    told = way(director, tmp_path)
    assert [word for word in TELLING if word in told] == []


@pytest.mark.parametrize("way", WAYS[:-1])
def test_when_it_is_chosen_every_way_tells_it_again(
    way: Callable[[Workbench, Path], str], director: Workbench, made: list[Version], tmp_path: Path
) -> None:
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    director.variants.pick(found.id, made[1].id)
    assert "google" in way(director, tmp_path)


def test_the_command_line_tells_it_neither(
    director: Workbench, made: list[Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in director.studio.settings.environment().items():
        monkeypatch.setenv(name, value)
    for words in (
        ("versions", "film", "3", "keyframe"),
        ("versions", "film", "3", "keyframe", "--json"),
        ("tasks", "list", "--json"),
        ("tasks", "show", made[1].provenance.task_id or "", "--json"),
        ("tasks", "queue", "--json"),
    ):
        result = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        assert [word for word in TELLING if word in result.output] == []


def test_what_its_program_said_is_not_told_either(director: Workbench, made: list[Version]) -> None:
    task_id = made[1].provenance.task_id or ""
    with director.studio.database.write() as connection:
        add_line(connection, task_id, "asking google", director.studio.clock())
    assert director.tasks.lines(task_id) == []
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    director.variants.lift(found.id)
    assert [line.text for line in director.tasks.lines(task_id)] == ["asking google"]


def test_its_file_which_names_its_maker_is_not_copied_before(
    director: Workbench, made: list[Version], tmp_path: Path
) -> None:
    with pytest.raises(RuleError, match="chosen from blind"):
        director.versions.save_copy(made[0], tmp_path / "copy.png")
    assert not (tmp_path / "copy.png").exists()
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    director.variants.tie(found.id)
    assert director.versions.save_copy(made[0], tmp_path).exists()


def test_prices_of_hidden_versions_still_add_up(director: Workbench, made: list[Version]) -> None:
    told = director.insight.versions()["cost_usd"].sum()
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    director.variants.lift(found.id)
    assert told == pytest.approx(director.insight.versions()["cost_usd"].sum())


def test_lifting_the_blindness_is_recorded_and_what_is_chosen_then_is_not_blind(
    director: Workbench, made: list[Version], tmp_path: Path
) -> None:
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    assert found.is_hidden
    assert not director.variants.lift(found.id).is_hidden
    assert "google" in in_the_history(director, tmp_path)
    newest = director.activity.page("film").events[0]
    assert (newest.verb, newest.actor) == ("lifted_blindness", "dora")
    director.variants.lift(found.id)
    director.variants.pick(found.id, made[0].id)
    assert not director.insight.variants()["blind"].any()


def test_who_only_looks_cannot_lift_it(open_as: OpenAs, director: Workbench, made: list[Version]) -> None:
    [found] = director.variants.of("film", 3, Kind.KEYFRAME)
    with pytest.raises(PermissionDeniedError):
        open_as("vera", Role.VIEWER).variants.lift(found.id)
    assert director.variants.get(found.id).is_hidden
