"""Errors are declared in one place, and every one is caught at the program's outer edges only."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.sources import Finding, find_files, relative

OUTER_EDGES = (
    "director_lib/tasks/",
    "director_lib/pages/opening.py",
    "director_lib/widgets/base.py",
    "director_lib/server/",
    "director_lib/cli/",
)
ERRORS = "director_lib/errors.py"
_EVERYTHING = frozenset({"Exception", "BaseException"})


def swallowed_errors(root: Path) -> list[Finding]:
    """Find handlers of every error away from the outer edges, unless they raise it again."""
    findings = []
    for path in find_files(root, "*.py", "director_lib"):
        name = relative(path, root)
        if name.startswith(OUTER_EDGES):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and _catches_everything(node) and not _raises_again(node):
                findings.append(Finding(name, node.lineno, "catches every error; only the outer edges may"))
    return findings


def scattered_errors(root: Path) -> list[Finding]:
    """Find kinds of our own errors that are declared away from the tree in errors.py."""
    ours = {name for name, _ in _classes(root / ERRORS)} | {"DirectorError"}
    return [
        Finding(relative(path, root), node.lineno, f"{name} belongs in {ERRORS}, where the tree is drawn")
        for path in find_files(root, "*.py", "director_lib")
        if relative(path, root) != ERRORS
        for name, node in _classes(path)
        if any(isinstance(base, ast.Name) and base.id in ours for base in node.bases)
    ]


def _classes(path: Path) -> list[tuple[str, ast.ClassDef]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(node.name, node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in _EVERYTHING for kind in kinds)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None
