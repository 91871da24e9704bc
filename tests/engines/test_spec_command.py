from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path

import psutil
import pytest

from director_lib.engines.spec_command import LARGEST_BYTES, run_spec_command
from director_lib.errors import ConfigError, EngineError

STORY = {"stream": {"id": "film"}, "text": "Volt egyszer."}


def program(folder: Path, body: str) -> str:
    path = folder / "write_spec.py"
    path.write_text(f"import json, os, sys, time\n{body}\n", encoding="utf-8")
    return shlex.join([sys.executable, str(path)])


def test_the_program_reads_the_story_and_what_it_prints_is_the_spec(tmp_path: Path) -> None:
    command = program(tmp_path, "print(json.dumps({'heard': json.load(sys.stdin)}))")
    assert run_spec_command(command, STORY, timeout_s=60) == {"heard": STORY}


def test_the_program_never_gets_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_AI_API_KEY", "AIza-secret")
    command = program(tmp_path, "print(json.dumps({'key': os.environ.get('GOOGLE_AI_API_KEY')}))")
    assert run_spec_command(command, STORY, timeout_s=60) == {"key": None}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("sys.exit('no model today')", "no model today"),
        ("print('Sure! Here is your spec')", "Here is your spec"),
        ("print('[1, 2]')", "no object"),
        (f"print('x' * {LARGEST_BYTES + 10})", "more than"),
        ("sys.stdout.buffer.write(b'\\xff\\xfe')", "no JSON"),
    ],
)
def test_what_is_no_spec_is_refused_with_what_the_program_said(tmp_path: Path, body: str, told: str) -> None:
    with pytest.raises(EngineError, match=told):
        run_spec_command(program(tmp_path, body), STORY, timeout_s=60)


def test_a_program_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "child.pid"
    body = (
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(mark)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)"
    )
    with pytest.raises(EngineError, match="longer than"):
        run_spec_command(program(tmp_path, body), STORY, timeout_s=3)
    pid = int(mark.read_text())
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("command", ["", "/nowhere/at-all --x"])
def test_a_program_that_is_not_there_is_a_wrong_setting(command: str) -> None:
    with pytest.raises(ConfigError, match="DIRECTOR_SPEC_COMMAND"):
        run_spec_command(command, STORY, timeout_s=5)


def test_the_story_is_handed_over_as_utf_8(tmp_path: Path) -> None:
    command = program(tmp_path, "print(json.dumps({'raw': sys.stdin.buffer.read().decode('utf-8')}))")
    raw = run_spec_command(command, {"text": "őű"}, timeout_s=60)["raw"]
    assert json.loads(raw) == {"text": "őű"}
