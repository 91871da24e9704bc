from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "suite",
    [
        "modules.test.mjs",
        "frames.test.mjs",
        "boards.test.mjs",
        "keys.test.mjs",
        "talk.test.mjs",
        "making.test.mjs",
        "advice.test.mjs",
    ],
)
def test_the_browsers_modules_pass_their_own_tests(suite: str) -> None:
    # The node that comes with the browser driver, so that none has to be installed.
    node, _ = compute_driver_executable()
    run = subprocess.run([node, "--test", str(HERE / suite)], capture_output=True, text=True, timeout=90)
    assert run.returncode == 0, run.stdout[-4000:]
