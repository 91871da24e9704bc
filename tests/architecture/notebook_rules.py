"""The thin-notebook rule: a notebook names what to show; the library does the work."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from tests.architecture.sources import Finding, find_files, relative

CODE_CELLS = 6
CELL_LINES = 12
_FORBIDDEN: tuple[tuple[type[ast.AST], str], ...] = (
    (ast.FunctionDef, "defines a function"),
    (ast.AsyncFunctionDef, "defines a function"),
    (ast.ClassDef, "defines a class"),
    (ast.Lambda, "has a lambda"),
    (ast.For, "has a loop"),
    (ast.While, "has a loop"),
    (ast.ListComp, "has a loop"),
    (ast.SetComp, "has a loop"),
    (ast.DictComp, "has a loop"),
    (ast.GeneratorExp, "has a loop"),
    (ast.Try, "has a try"),
)
_ALLOWED_BY_FOLDER = {
    "notebooks": ("director_lib.pages",),
    "notebooks/batch": ("director_lib.batch",),
    "notebooks/analysis": ("director_lib", "pandas", "IPython.display"),
}


def notebooks(root: Path) -> list[Path]:
    """List the project's notebooks."""
    return find_files(root, "*.ipynb", "notebooks")


def thick_notebooks(root: Path) -> list[Finding]:
    """Find everything in the notebooks that belongs in the library, and what a notebook lacks."""
    return [finding for path in notebooks(root) for finding in _check_notebook(path, root)]


def _check_notebook(path: Path, root: Path) -> list[Finding]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [(number, cell) for number, cell in enumerate(cells, 1) if cell["cell_type"] == "code"]
    messages: list[tuple[int, str]] = []
    if not cells or cells[0]["cell_type"] != "markdown":
        messages.append((1, "the first cell is not its title"))
    if len(code) > CODE_CELLS:
        messages.append((len(cells), f"{len(code)} code cells; at most {CODE_CELLS}"))
    parameters = [cell for _, cell in code if "parameters" in cell["metadata"].get("tags", [])]
    folder = path.parent.relative_to(root).as_posix()
    if len(parameters) > 1 or (folder == "notebooks/batch" and not parameters):
        messages.append((1, f"{len(parameters)} cells tagged parameters; one is needed"))
    for number, cell in code:
        messages += [(number, message) for message in _check_cell(cell, folder)]
    return [Finding(relative(path, root), number, f"cell {number} {message}") for number, message in messages]


def _check_cell(cell: dict[str, Any], folder: str) -> list[str]:
    source = "".join(cell["source"])
    messages = ["has outputs"] if cell.get("outputs") else []
    if len(source.splitlines()) > CELL_LINES:
        messages.append(f"has {len(source.splitlines())} lines; at most {CELL_LINES}")
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return [*messages, "is not plain Python"]
    for node in ast.walk(tree):
        messages += [what for kind, what in _FORBIDDEN if isinstance(node, kind)]
        messages += [f"imports {name}" for name in _imports(node) if not _is_allowed(name, folder)]
    if "parameters" in cell["metadata"].get("tags", []) and not all(map(_is_literal, tree.body)):
        messages.append("is tagged parameters and holds more than literal assignments")
    return messages


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []


def _is_allowed(name: str, folder: str) -> bool:
    return any(
        name == allowed or name.startswith(f"{allowed}.") for allowed in _ALLOWED_BY_FOLDER.get(folder, ())
    )


def _is_literal(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    try:
        ast.literal_eval(statement.value)
    except ValueError:
        return False
    return True
