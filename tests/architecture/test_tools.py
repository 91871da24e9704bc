"""The linters' rules stand in pyproject.toml; here each one that matters is shown to turn red."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import CHECKOUT, write

PYPROJECT = CHECKOUT / "pyproject.toml"
LAYERS = {
    name: ""
    for name in (
        "cli", "demo", "server", "pages", "batch", "widgets", "workbench", "tasks", "intake", "streams",
        "store", "media", "delivery", "engines", "metrics", "advice", "domain",
    )
}  # fmt: skip


def run_tool(*command: str, cwd: Path) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, cwd=cwd, check=False, timeout=100
    )
    return result.returncode, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("DTZ005", "import datetime\n\nNOW = datetime.datetime.now()\n"),
        ("DTZ003", "import datetime\n\nNOW = datetime.datetime.utcnow()\n"),
        ("DTZ001", "import datetime\n\nDAY = datetime.datetime(2026, 1, 2)\n"),
        ("BLE001", "try:\n    x = 1\nexcept Exception:\n    x = 2\n"),
        ("S110", "try:\n    x = 1\nexcept Exception:\n    pass\n"),
        ("T201", "print(1)\n"),
        ("S602", "import subprocess\n\nsubprocess.run('ls', shell=True)\n"),
        ("ERA001", "# x = compute(1)\n"),
        ("PLR0913", "def f(a, b, c, d, e, f, g):\n    return a\n"),
        ("PTH123", "x = open('a')\n"),
        ("D103", "def show():\n    return 1\n"),
        ("E501", f"x = '{'y' * 110}'\n"),
        ("C901", "def f(x):\n" + "".join(f"    if x == {n}:\n        return {n}\n" for n in range(11))),
    ],
)
def test_the_linter_refuses(tmp_path: Path, rule: str, source: str) -> None:
    sample = write(tmp_path, "director_lib/sample.py", source)
    command = ("-m", "ruff", "check", "--no-cache", "--output-format=concise", "--config", str(PYPROJECT))
    code, output = run_tool(*command, str(sample), cwd=tmp_path)
    assert code == 1
    assert rule in output


def test_the_type_checker_is_strict(tmp_path: Path) -> None:
    write(tmp_path, "sample.py", "def f(x):\n    return x\n")
    code, output = run_tool("-m", "mypy", "--config-file", str(PYPROJECT), "sample.py", cwd=tmp_path)
    assert code == 1
    assert "Function is missing a type annotation" in output


def contracts_of(root: Path, **modules: str) -> tuple[int, str]:
    """Judge a sample library with the project's own contracts."""
    (root / "pyproject.toml").write_bytes(PYPROJECT.read_bytes())
    for name in (
        "__init__",
        "archive_settings",
        "config",
        "errors",
        "limits",
        "logs",
        "site_settings",
        "work_hours",
    ):
        write(root, f"director_lib/{name}.py", "")
    for name, source in (LAYERS | modules).items():
        write(root, f"director_lib/{name}/__init__.py", source)
    code = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    )
    return run_tool("-c", code, "--no-cache", "--no-logo", cwd=root)


def test_a_library_without_imports_keeps_the_contracts(tmp_path: Path) -> None:
    code, output = contracts_of(tmp_path)
    assert code == 0, output


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("domain", "import director_lib.store"),
        ("store", "import director_lib.media"),
        ("workbench", "import director_lib.pages"),
        ("widgets", "import director_lib.workbench"),
        ("widgets", "import director_lib.store"),
        ("pages", "import director_lib.server"),
        ("domain", "import sqlalchemy"),
        ("domain", "def late():\n    import pandas"),
        ("tasks", "import ipywidgets"),
        ("cli", "import director_lib.widgets"),
        ("workbench", "import dbos"),
        ("newcomer", ""),
    ],
)
def test_an_import_that_points_the_wrong_way_is_found(tmp_path: Path, package: str, source: str) -> None:
    code, output = contracts_of(tmp_path, **{package: source})
    assert code == 1, output
    assert "BROKEN" in output or "not listed" in output or "exhaustive" in output.lower()


def test_every_exception_to_a_lint_rule_has_its_reason() -> None:
    lines = PYPROJECT.read_text(encoding="utf-8").splitlines()
    codes = set(tomllib.loads("\n".join(lines))["tool"]["ruff"]["lint"]["ignore"])
    bare = [line for line in lines if any(f'"{code}",' in line for code in codes) and " # " not in line]
    assert bare == []
