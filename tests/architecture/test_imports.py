from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture import import_probe
from tests.architecture.sources import CHECKOUT, write

LIBRARY = CHECKOUT / "director_lib"
WIDGET_LIBRARIES = {"ipywidgets", "ipyvue", "ipyvuetify"}


def probe(package: Path, folder: Path, *prefixes: str) -> dict[str, Any]:
    """Import in a fresh process with an empty home and working folder and none of the product's settings."""
    empty = folder / "empty"
    empty.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIRECTOR_")}
    environment |= {"HOME": str(empty), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, import_probe.__file__, str(package), *prefixes]
    result = subprocess.run(command, capture_output=True, text=True, cwd=empty, env=environment, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def effects(left: dict[str, Any]) -> dict[str, Any]:
    """Keep what an import must not leave behind."""
    return {name: value for name, value in left.items() if value and name not in {"modules", "loaded"}}


def test_importing_any_module_has_no_side_effect(tmp_path: Path) -> None:
    left = probe(LIBRARY, tmp_path)
    assert "director_lib.domain.review" in left["modules"]
    assert effects(left) == {}


@pytest.mark.parametrize("package", ["tasks", "cli", "workbench", "intake"])
def test_the_worker_and_the_command_line_never_load_widgets(tmp_path: Path, package: str) -> None:
    left = probe(LIBRARY, tmp_path, f"director_lib.{package}")
    assert left["modules"], f"director_lib.{package} has no modules"
    assert not WIDGET_LIBRARIES & set(left["loaded"])


def test_a_command_does_not_wait_for_what_it_does_not_use(tmp_path: Path) -> None:
    left = probe(LIBRARY, tmp_path, "director_lib.cli")
    assert not {"pandas", "alembic", "papermill", "nbconvert", "IPython", "altair"} & set(left["loaded"])


def test_a_page_opens_without_the_libraries_that_learn(tmp_path: Path) -> None:
    left = probe(LIBRARY, tmp_path, "director_lib.pages", "director_lib.advice")
    assert "director_lib.advice.suggesting" in left["modules"]
    assert not {"sklearn", "scipy", "statsmodels"} & set(left["loaded"])


def test_the_metrics_page_opens_without_what_computes_and_draws(tmp_path: Path) -> None:
    left = probe(LIBRARY, tmp_path, "director_lib.pages.metrics")
    assert left["modules"] == ["director_lib.pages.metrics"]
    assert not {"pandas", "numpy", "scipy", "altair", "vl_convert", "pyarrow"} & set(left["loaded"])


def test_the_domain_loads_nothing_but_the_standard_library(tmp_path: Path) -> None:
    left = probe(LIBRARY, tmp_path, "director_lib.domain", "director_lib.errors")
    assert set(left["loaded"]) - set(sys.stdlib_module_names) == {"director_lib"}


@pytest.mark.parametrize(
    ("statement", "effect"),
    [
        ("from pathlib import Path; Path('cache.db').write_text('')", "files"),
        ("from pathlib import Path; (Path.home() / 'settings').mkdir()", "files"),
        (
            "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
            "threads",
        ),
        ("import subprocess; child = subprocess.Popen(['sleep', '9'])", "children"),
        ("import socket; server = socket.create_server(('127.0.0.1', 0))", "sockets"),
        ("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)", "signals"),
        ("import logging; logging.basicConfig()", "log_handlers"),
        ("import os; os.environ['DIRECTOR_PORT'] = '1'", "environment"),
    ],
)
def test_a_side_effect_at_import_is_found(tmp_path: Path, statement: str, effect: str) -> None:
    ends_its_children = "import atexit\natexit.register(lambda: 'child' in globals() and child.kill())\n"
    write(tmp_path, "sample/__init__.py", "")
    write(tmp_path, "sample/eager.py", f"{ends_its_children}{statement}\n")
    assert effect in effects(probe(tmp_path / "sample", tmp_path))


def test_a_module_that_loads_widgets_is_found(tmp_path: Path) -> None:
    write(tmp_path, "sample/__init__.py", "")
    write(tmp_path, "sample/worker.py", "import ipywidgets\n")
    assert "ipywidgets" in probe(tmp_path / "sample", tmp_path, "sample.worker")["loaded"]
