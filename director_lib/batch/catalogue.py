"""Finding batch notebooks and reading what parameters they take."""

from __future__ import annotations

import ast
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director_lib.errors import InputError, NotFoundError, UnknownParameterError

_PACKAGE = Path(__file__).resolve().parent.parent
_TAG = "parameters"


@dataclass(frozen=True, slots=True)
class BatchNotebook:
    """A notebook as it is on disk now.

    Attributes:
        path: Absolute.
        sha256: Digest of the file's bytes.
        parameters: Names that its parameters cell assigns, in order.
    """

    path: Path
    sha256: str
    parameters: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

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
        notebook: A path, or the name of one of the product's batch notebooks ("stream_report").

    Raises:
        NotFoundError: There is no such notebook.
        InputError: The file is not a notebook.
    """
    path = _find(notebook)
    content = path.read_bytes()
    try:
        cells = json.loads(content)["cells"]
        sources = [_source(cell) for cell in cells if _is_parameters(cell)]
        names = [name for source in sources for name in _assigned(ast.parse(source).body)]
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise InputError(f"{path} is not a notebook that can be run: {error}.") from error
    return BatchNotebook(path, hashlib.sha256(content).hexdigest(), tuple(dict.fromkeys(names)))


def notebooks_folders() -> list[Path]:
    """Return where the product's notebooks may be, first choice first."""
    given = os.environ.get("DIRECTOR_NOTEBOOKS_DIR")
    return [Path(given)] if given else [_PACKAGE.parent / "notebooks", _PACKAGE / "notebooks"]


def _find(notebook: Path | str) -> Path:
    given = Path(notebook)
    named = [
        folder / "batch" / f"{given.name.removesuffix('.ipynb')}.ipynb" for folder in notebooks_folders()
    ]
    candidates = [given, *(named if given.parent == Path() else [])]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    raise NotFoundError("notebook", notebook)


def _is_parameters(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and _TAG in cell.get("metadata", {}).get("tags", [])


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _assigned(statements: Iterable[ast.stmt]) -> list[str]:
    names = []
    for statement in statements:
        targets = (
            statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        )
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names
