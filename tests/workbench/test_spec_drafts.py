from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.spec_state import StateOrigin
from director_lib.domain.story_match import find_differences
from director_lib.errors import ConfigError, EngineError, InputError, RuleError, StreamFileError
from director_lib.workbench import Workbench
from tests.workbench.conftest import TickingClock

STORY = "The lighthouse stood above the sea.\n\nAn old keeper lit the lamp. Nobody came.\n\nThen winter came."


@pytest.fixture
def folder(settings: Settings) -> Path:
    made = settings.streams_root / "fresh"
    made.mkdir(parents=True)
    form = {"title": "Fresh", "language": "en", "story": STORY, "customer": {"name": "Zsófi Secret"}}
    (made / "input.json").write_text(json.dumps(form))
    return made


@pytest.fixture
def workbench(settings: Settings, folder: Path) -> Iterator[Workbench]:
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR), TickingClock()) as opened:
        yield opened


def with_program(workbench: Workbench, folder: Path, body: str) -> None:
    path = folder.parent.parent / "write_spec.py"
    path.write_text(f"import json, sys\nstory = json.load(sys.stdin)\n{body}\n")
    settings = workbench.studio.settings
    command = shlex.join([sys.executable, str(path)])
    object.__setattr__(workbench.studio, "settings", settings.model_copy(update={"spec_command": command}))


def test_a_first_spec_is_written_and_undo_takes_the_file_away_again(
    workbench: Workbench, folder: Path
) -> None:
    workbench.specs.draft("fresh")
    made = workbench.streams.get("fresh")
    assert made.segments
    assert find_differences(made) == []
    assert not made.oddities
    assert workbench.specs.states("fresh")[0].origin is StateOrigin.DRAFTED
    assert [one.code for one in workbench.specs.lint("fresh") if one.severity.value == "error"] == []
    workbench.reviews.undo()
    assert not (folder / "production.json").exists()
    workbench.reviews.redo()
    assert workbench.streams.get("fresh").segments == made.segments


def test_segments_are_only_replaced_when_that_is_asked_for(workbench: Workbench, folder: Path) -> None:
    spec = {"stream_id": "fresh", "mine": {"kept": 1.5}, "segments": [{"id": 1, "image_prompt": "x"}]}
    (folder / "production.json").write_text(json.dumps(spec))
    with pytest.raises(RuleError, match="already"):
        workbench.specs.draft("fresh")
    workbench.specs.draft("fresh", replace_spec=True)
    assert json.loads((folder / "production.json").read_text())["mine"] == {"kept": 1.5}
    workbench.reviews.undo()
    assert json.loads((folder / "production.json").read_text()) == spec


def test_without_a_story_there_is_nothing_to_write_from(workbench: Workbench, folder: Path) -> None:
    (folder / "input.json").write_text("{}")
    with pytest.raises(RuleError, match="no story"):
        workbench.specs.draft("fresh")


def test_the_studios_own_program_writes_the_spec_and_never_hears_of_the_customer(
    workbench: Workbench, folder: Path
) -> None:
    body = (
        "assert 'Secret' not in json.dumps(story, ensure_ascii=False)\n"
        "print(json.dumps({'segments': [{'id': 1, 'image_prompt': story['text'][:14]}]}))"
    )
    with_program(workbench, folder, body)
    workbench.specs.draft("fresh", engine="command")
    assert workbench.streams.get("fresh").get_segment(1).image_prompt == "The lighthouse"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"segments": []},
        {"segments": "none"},
        {"segments": [{"id": 1}, {"id": 1}]},
        {"segments": [{"id": 1}], "sections": [{"id": "a", "segment_ids": [7]}]},
    ],
    ids=["empty", "no segment", "no list", "repeated", "unknown"],
)
def test_an_answer_that_is_no_spec_changes_nothing(
    workbench: Workbench, folder: Path, answer: dict[str, object]
) -> None:
    with_program(workbench, folder, f"print({json.dumps(json.dumps(answer))})")
    with pytest.raises(EngineError, match="Nothing was changed"):
        workbench.specs.draft("fresh", engine="command")
    assert not (folder / "production.json").exists()


def test_engines_that_cannot_write_say_why(workbench: Workbench) -> None:
    with pytest.raises(ConfigError, match="DIRECTOR_SPEC_COMMAND"):
        workbench.specs.draft("fresh", engine="command")
    with pytest.raises(InputError, match="no spec engine"):
        workbench.specs.draft("fresh", engine="magic")


def test_a_broken_file_is_never_overwritten(workbench: Workbench, folder: Path) -> None:
    (folder / "production.json").write_text('{"segments": [')
    with pytest.raises(StreamFileError):
        workbench.specs.draft("fresh", replace_spec=True)
    assert (folder / "production.json").read_text() == '{"segments": ['
