"""Where the guarded files are, and what a guard reports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
_PYTHON_TREES = ("director_lib", "benchmarks", "tests", "docs")
_UNTRACKED = frozenset({"__pycache__", ".ipynb_checkpoints", "results"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place that breaks a rule."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def find_files(root: Path, pattern: str, *trees: str) -> list[Path]:
    """List the files under the trees of a checkout that match, sorted; trees that do not exist have none."""
    found = (path for tree in trees for path in (root / tree).rglob(pattern))
    return sorted(path for path in found if path.is_file() and not _UNTRACKED & set(path.parts))


def python_files(root: Path) -> list[Path]:
    """List every Python file of the project."""
    return find_files(root, "*.py", *_PYTHON_TREES)


def is_migration(path: Path) -> bool:
    """Tell whether a file is a schema change, which is a record and not a module to read."""
    return "migrations" in path.parts


def relative(path: Path, root: Path) -> str:
    """Name a file as a person at the root would."""
    return path.relative_to(root).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def write(root: Path, name: str, text: str) -> Path:
    """Write one file of a sample project."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def lines_of(findings: list[Finding]) -> str:
    """Show findings one a line, for the message of a failed test."""
    return "\n".join(map(str, findings))
