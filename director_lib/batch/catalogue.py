"""Finding batch notebooks and analysts' tours, and reading what parameters they take."""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director_lib.domain.people import Action
from director_lib.errors import InputError, NotFoundError, UnknownParameterError

_PACKAGE = Path(__file__).resolve().parent.parent
_TAG = "parameters"
BATCHES, TOURS = "batch", "analysis"


@dataclass(frozen=True, slots=True)
class BatchNotebook:
    """A notebook as it is on disk now.

    Attributes:
        path: Absolute.
        sha256: Digest of the file's bytes.
        title: Its first heading.
        defaults: What its parameters cell assigns, in order.
    """

    path: Path
    sha256: str
    title: str
    defaults: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names that its parameters cell assigns, in order."""
        return tuple(self.defaults)

    @property
    def is_tour(self) -> bool:
        """Whether it is one of the product's tours for analysts, which only look."""
        return any(self.path.parent == (folder / TOURS).resolve() for folder in notebooks_folders())

    @property
    def action(self) -> Action:
        """What running it needs permission for."""
        return Action.ANALYSE if self.is_tour else Action.RUN_BATCH

    def check(self, values: Mapping[str, Any]) -> None:
        """Refuse values that the notebook would not use or could not be given.

        Raises:
            UnknownParameterError: A name is not assigned in the parameters cell.
            InputError: A value is no JSON value.
        """
        for name, value in values.items():
            if name not in self.parameters:
                raise UnknownParameterError(self.path.name, name, list(self.parameters))
            try:
                json.dumps(value, allow_nan=False)
            except (TypeError, ValueError) as error:
                raise InputError(f"The value of “{name}” cannot be given to a notebook: {error}.") from error


def open_notebook(notebook: Path | str) -> BatchNotebook:
    """Read a notebook.

    Args:
        notebook: A path, or the name of one of the product's batch notebooks ("stream_report") or tours
            ("quality").

    Raises:
        NotFoundError: There is no such notebook.
        InputError: The file is not a notebook.
    """
    path = _find(notebook)
    content = path.read_bytes()
    try:
        cells = json.loads(content)["cells"]
        sources = [_source(cell) for cell in cells if _is_parameters(cell)]
        defaults = {name: value for source in sources for name, value in _assigned(ast.parse(source).body)}
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise InputError(f"{path} is not a notebook that can be run: {error}.") from error
    return BatchNotebook(path, hashlib.sha256(content).hexdigest(), _title(cells) or path.stem, defaults)


def list_notebooks() -> list[BatchNotebook]:
    """Return the product's batch notebooks by name, then its tours for analysts."""
    found = next((folder for folder in notebooks_folders() if (folder / BATCHES).is_dir()), None)
    if found is None:
        return []
    return [
        open_notebook(path) for part in (BATCHES, TOURS) for path in sorted((found / part).glob("*.ipynb"))
    ]


def notebooks_folders() -> list[Path]:
    """Return where the product's notebooks may be, first choice first."""
    given = os.environ.get("DIRECTOR_NOTEBOOKS_DIR")
    return [Path(given)] if given else [_PACKAGE.parent / "notebooks", _PACKAGE / "notebooks"]


def _find(notebook: Path | str) -> Path:
    given = Path(notebook)
    file_name = f"{given.name.removesuffix('.ipynb')}.ipynb"
    named = [folder / part / file_name for folder in notebooks_folders() for part in (BATCHES, TOURS)]
    candidates = [given, *(named if given.parent == Path() else [])]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    raise NotFoundError("notebook", notebook)


def _is_parameters(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and _TAG in cell.get("metadata", {}).get("tags", [])


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _title(cells: Iterable[Mapping[str, Any]]) -> str:
    for cell in cells:
        for line in _source(cell).splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("# "):
                return line.removeprefix("# ").strip()
    return ""


def _assigned(statements: Iterable[ast.stmt]) -> Iterator[tuple[str, Any]]:
    """Give every name that is assigned, with its value; None when that has to be computed."""
    for statement in statements:
        if isinstance(statement, ast.Assign):
            targets: list[ast.expr] = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id, _literal(statement.value)


def _literal(value: ast.expr | None) -> Any:
    try:
        return None if value is None else ast.literal_eval(value)
    except ValueError:
        return None
