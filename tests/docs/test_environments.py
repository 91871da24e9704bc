from __future__ import annotations

import os
import re
import tomllib

from tests.docs.documents import CHECKOUT


def test_conda_gets_its_packages_from_pyproject_only() -> None:
    text = (CHECKOUT / "environment.yml").read_text(encoding="utf-8")
    assert re.findall(r"^ +- (.+?):?$", text, re.MULTILINE) == [
        "conda-forge", "python>=3.11,<3.15", "make", "pip", "pip", "--editable .[dev]",
    ]  # fmt: skip


def test_conda_and_pyproject_agree_on_the_oldest_python() -> None:
    pyproject = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    oldest = pyproject["project"]["requires-python"]
    assert f"python{oldest}," in (CHECKOUT / "environment.yml").read_text(encoding="utf-8")


def test_continuous_integration_runs_what_a_person_runs() -> None:
    script = CHECKOUT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make --no-print-directory test" in script.read_text(encoding="utf-8")


def test_make_has_the_targets_that_others_rely_on() -> None:
    text = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    assert {"run", "test", "bench", "lint", "clean"} <= targets
