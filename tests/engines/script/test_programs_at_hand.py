"""Whether programs can be run at all, what they are expected to cost, and a picture to go by."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.catalog import check_model, models_of, references_taken, typical_request
from director_lib.engines.script import ScriptEngine, ScriptOptions
from director_lib.errors import ConfigError, InputError

_PROGRAM = """
import json, sys
from PIL import Image
Image.new("RGB", (8, 8)).save(sys.argv[1])
json.dump(sys.argv[2:], open("given.json", "w"))
"""


def engine_of(folder: Path, frame: str = "", video: str = "") -> ScriptEngine:
    return ScriptEngine(ScriptOptions(frame_command=frame, video_command=video, folder=folder))


def test_the_first_reference_reaches_the_program(tmp_path: Path) -> None:
    (tmp_path / "draw.py").write_text(_PROGRAM)
    engine = engine_of(tmp_path, f"{sys.executable} draw.py {{output}} [--like={{reference}}]")
    request = GenerationRequest("film", 1, Kind.KEYFRAME, "script", "a")
    made = tmp_path / "made"
    made.mkdir()
    for references, given in (((Path("/a.png"), Path("/b.png")), ["--like=/a.png"]), ((), [])):
        engine.generate(request, made, keyframe=None, progress=lambda *_: None, references=references)
        assert json.loads((tmp_path / "given.json").read_text()) == given


def test_a_reference_is_taken_by_a_command_that_names_it(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, "draw {output} {reference}", "film {output}")
    assert references_taken(engine, typical_request("script", Kind.KEYFRAME)) == 1
    assert references_taken(engine, typical_request("script", Kind.VIDEO)) == 0
    assert engine.capabilities().most_references == 1
    assert engine_of(tmp_path, "draw {output}").capabilities().most_references == 0


def test_a_program_has_a_price_and_no_models(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, "draw {output}")
    [still], [clip] = models_of(engine, Kind.KEYFRAME), models_of(engine, Kind.VIDEO)
    assert (still.name, still.usd, clip.usd) == ("", 0.24, 0.05)
    with pytest.raises(InputError, match="no models to choose from"):
        check_model(engine, Kind.KEYFRAME, "gemini")


def test_programs_that_are_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "draw.py").write_text("")
    own = tmp_path / "film"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    engine = engine_of(tmp_path, f"{sys.executable} draw.py {{output}}", "./film {output}")
    assert engine.check_access() == "draw.py and film can be run"
    assert engine_of(tmp_path).check_access() == "no program is set up"


def test_what_is_missing_or_not_executable_is_told(tmp_path: Path) -> None:
    (tmp_path / "film").write_text("#!/bin/sh\n")
    with pytest.raises(ConfigError, match="make the file executable"):
        engine_of(tmp_path, "./film {output}").check_access()
    with pytest.raises(ConfigError, match="“no-such-program-here”"):
        engine_of(tmp_path, "no-such-program-here {output}").check_access()
    with pytest.raises(ConfigError, match="script “gone.py”.*DIRECTOR_SCRIPT_DIR"):
        engine_of(tmp_path, f"{sys.executable} gone.py {{output}}").check_access()
    with pytest.raises(ConfigError, match="does not exist.*DIRECTOR_SCRIPT_DIR"):
        engine_of(tmp_path / "nowhere", f"{sys.executable} gone.py {{output}}").check_access()
