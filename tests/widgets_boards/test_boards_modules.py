from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

SUITES = ("rows.test.mjs", "spec.test.mjs", "tasks.test.mjs", "timeline.test.mjs")


@pytest.mark.parametrize("suite", SUITES)
def test_the_boards_modules_pass_their_own_tests(suite: str) -> None:
    # The node that comes with the browser driver, so that none has to be installed.
    node, _ = compute_driver_executable()
    run = subprocess.run(
        [node, "--test", str(Path(__file__).with_name(suite))],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]
