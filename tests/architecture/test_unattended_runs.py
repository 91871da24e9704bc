"""A run of the suite comes to its end, whatever a test does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
_HANGS_WHEN_TRIED_AGAIN = """
import time, pytest
tries = []
@pytest.mark.flaky(reruns=1)
def test_the_first():
    tries.append(1)
    if len(tries) == 1:
        raise AssertionError("not yet")
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
def test_the_second():
    pass
"""
_HANGS_WHEN_PUT_AWAY = """
import time, pytest
@pytest.fixture
def thing():
    yield
    time.sleep(60)
def test_the_first(thing):
    pass
def test_the_second():
    pass
"""


def run(folder: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a module of tests with the plugin alone."""
    (folder / "test_hanging.py").write_text(source)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.unattended", "-q", *options, str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": str(CHECKOUT)},
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize("source", [_HANGS_WHEN_TRIED_AGAIN, _HANGS_WHEN_PUT_AWAY])
def test_a_test_that_hangs_ends_its_process_and_the_others_are_run(tmp_path: Path, source: str) -> None:
    done = run(tmp_path, source, "-p", "no:randomly", "-n", "1", "--hangs-after-s", "1")
    assert "1 failed" in done.stdout
    assert "passed" in done.stdout
    assert "test_hanging.py::test_the_first: worker 'gw0' crashed" in done.stderr
    assert "in test_the_first" in done.stderr or "in thing" in done.stderr


def test_what_fails_is_named_before_the_run_ends(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_it():\n    assert 1 == 2\n")
    assert "test_hanging.py::test_it: assert 1 == 2" in done.stderr
