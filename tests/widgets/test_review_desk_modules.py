from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_the_browsers_modules_pass_their_own_tests() -> None:
    node = shutil.which("node") or pytest.fail("node is needed for the tests of the browser's modules")
    run = subprocess.run(
        [node, "--test", str(HERE / "modules.test.mjs")], capture_output=True, text=True, timeout=90
    )
    assert run.returncode == 0, run.stdout[-4000:]
