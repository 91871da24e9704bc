"""The screens and the use case that checks a choice of keys know the same actions and keys."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

from director_lib.domain.keymap import DEFAULT_KEYS, check_keys
from director_lib.widgets import frame

MODULE = Path(frame.__file__).parent / "key_actions.mjs"
PRINT = f'import {{ keysOf }} from "{MODULE.as_uri()}"; console.log(JSON.stringify(keysOf()));'


def test_the_screens_and_the_check_of_keys_agree() -> None:
    node, _ = compute_driver_executable()
    told = subprocess.run(
        [node, "--input-type=module", "-e", PRINT], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(told.stdout) == DEFAULT_KEYS


def test_the_usual_keys_are_a_choice_that_works() -> None:
    assert check_keys(dict(DEFAULT_KEYS)) == {}
