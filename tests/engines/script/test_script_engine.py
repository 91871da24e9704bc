from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.script import ScriptEngine, ScriptOptions
from director_lib.errors import ConfigError, EngineError, OutcomeUnknownError
from tests.engines.script.programs import write_programs

Make = Callable[..., ScriptEngine]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    frame, video = write_programs(tmp_path)

    def made(**options: object) -> ScriptEngine:
        given = {"frame_command": frame, "video_command": video, "folder": tmp_path, **options}
        return ScriptEngine(ScriptOptions(**given))  # type: ignore[arg-type]

    return made


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def still(prompt: str, **changes: object) -> GenerationRequest:
    return GenerationRequest("film", 1, Kind.KEYFRAME, "script", prompt, **changes)  # type: ignore[arg-type]


def test_a_still_is_made_with_progress_and_its_price(make: Make, scratch: Path) -> None:
    told: list[tuple[str, float]] = []
    request = still("a harbour; $(rm -rf /)", negative_prompt="text")
    result = make().generate(request, scratch, keyframe=None, progress=lambda *news: told.append(news))
    with Image.open(result.path) as picture:
        assert picture.getpixel((0, 0)) == (len(request.image_prompt), 4, 9)
    assert (result.model, result.cost_usd) == ("script/generate_frame.py", 0.24)
    assert told[0] == ("starting", 0)
    assert ("drawing", 100.0) in told
    assert [percent for _, percent in told] == sorted(percent for _, percent in told)


def test_a_clip_is_made_from_its_keyframe(make: Make, scratch: Path, tmp_path: Path) -> None:
    keyframe = tmp_path / "keyframe.png"
    Image.new("RGB", (64, 36), "teal").save(keyframe)
    request = GenerationRequest("film", 1, Kind.VIDEO, "script", "x", motion_prompt="pan", duration_s=4.0)
    engine = make(video_usd_per_s=0.05)
    result = engine.generate(request, scratch, keyframe=keyframe, progress=lambda *_: None)
    assert result.path.suffix == ".mp4"
    assert result.params["remote_id"] == "clip-9"
    assert result.cost_usd == pytest.approx(0.2)


def test_a_jpeg_under_a_png_name_gets_its_own_ending(make: Make, scratch: Path) -> None:
    result = make().generate(still("jpeg please"), scratch, keyframe=None, progress=lambda *_: None)
    assert result.path.name == "still.jpg"


def test_a_file_is_success_whatever_the_exit_code(make: Make, scratch: Path) -> None:
    assert make().generate(still("fussy"), scratch, keyframe=None, progress=lambda *_: None).path.is_file()


@pytest.mark.parametrize(
    ("mode", "why"),
    [("refuse", "the provider said no"), ("empty", "no file"), ("garbage", "cannot be opened")],
)
def test_an_exit_code_of_0_without_a_picture_is_a_failure(
    make: Make, scratch: Path, mode: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_AI_API_KEY", "a-very-secret-key")
    with pytest.raises(EngineError, match=why) as caught:
        make().generate(still(mode), scratch, keyframe=None, progress=lambda *_: None)
    assert "a-very-secret-key" not in str(caught.value)
    assert not any("a-very-secret-key" in path.read_text() for path in scratch.glob("*.log"))


def test_a_program_that_takes_too_long_is_ended_with_its_children(
    make: Make, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = tmp_path / "pids"
    monkeypatch.setenv("PIDS", str(pids))
    with pytest.raises(OutcomeUnknownError, match="job-7"):
        make(timeout_s=3.0).generate(still("linger"), scratch, keyframe=None, progress=lambda *_: None)
    for pid in map(int, pids.read_text().split()):
        until_s = time.monotonic() + 10
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until_s
            time.sleep(0.02)


def test_a_kind_without_a_program_names_the_setting(scratch: Path) -> None:
    engine = ScriptEngine(ScriptOptions())
    assert engine.capabilities().kinds == frozenset()
    with pytest.raises(ConfigError, match="DIRECTOR_SCRIPT_FRAME_COMMAND"):
        engine.generate(still("x"), scratch, keyframe=None, progress=lambda *_: None)


def test_a_program_that_is_not_there_is_named(scratch: Path) -> None:
    engine = ScriptEngine(ScriptOptions(frame_command="no-such-program {output}"))
    with pytest.raises(ConfigError, match="no-such-program"):
        engine.generate(still("x"), scratch, keyframe=None, progress=lambda *_: None)


def test_programs_are_paid_unless_they_cost_nothing() -> None:
    command = f"{sys.executable} x.py {{output}}"
    assert ScriptEngine(ScriptOptions(command)).capabilities().is_paid
    free = ScriptOptions(command, frame_usd=0.0, video_usd_per_s=0.0)
    assert not ScriptEngine(free).capabilities().is_paid
