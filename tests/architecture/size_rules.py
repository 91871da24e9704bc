"""Size budgets and names: small files that say what they are about."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.sources import Finding, find_files, functions, is_migration, python_files, relative

MODULE_LINES = 300
FUNCTION_LINES = 50
COMPONENT_LINES = 300
VAGUE_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "shared", "tools"}
)
_COMPILED = "director_lib/widgets/built"
_NAMED_BASE = "director_lib/widgets/base.py"


def long_modules(root: Path) -> list[Finding]:
    """Find modules and components over their budget."""
    components = [
        path
        for pattern in ("*.vue", "*.mjs", "*.js")
        for path in find_files(root, pattern, "director_lib")
        if path.parent != root / _COMPILED
    ]
    modules = [path for path in python_files(root) if not is_migration(path)]
    budgets = [(path, MODULE_LINES) for path in modules] + [(path, COMPONENT_LINES) for path in components]
    findings = []
    for path, limit in budgets:
        n_lines = len(path.read_text(encoding="utf-8").splitlines())
        if n_lines > limit:
            findings.append(Finding(relative(path, root), n_lines, f"{n_lines} lines; at most {limit}"))
    return findings


def long_functions(root: Path) -> list[Finding]:
    """Find functions over their budget, decorators and docstring included."""
    findings = []
    for path in python_files(root):
        if is_migration(path):
            continue
        for function in functions(ast.parse(path.read_text(encoding="utf-8"))):
            n_lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if n_lines > FUNCTION_LINES:
                message = f"{function.name} has {n_lines} lines; at most {FUNCTION_LINES}"
                findings.append(Finding(relative(path, root), function.lineno, message))
    return findings


def vague_names(root: Path) -> list[Finding]:
    """Find modules and packages whose name says nothing."""
    findings = []
    for path in python_files(root):
        name = path.parent.name if path.name == "__init__.py" else path.stem
        if name in VAGUE_NAMES and relative(path, root) != _NAMED_BASE:
            findings.append(Finding(relative(path, root), 1, f"“{name}” says nothing; name what it is about"))
    return findings
