"""The data dictionary: every frame with its columns, every metric with its definition, read from the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director_lib.metrics.column_meanings import find_meaning
from director_lib.metrics.frames import FrameSchema

_PACKAGE = Path(__file__).parent
# what shows numbers, keeps them or prepares them defines none
_OTHERS = re.compile(
    r"(__init__|board\w*|cards|chart\w*|column_meanings|count_\w+|dictionary|findings|frames|summary|tables|words|"
    r"\w*_frames|\w*_words)"
)
_SECTION = re.compile(r"^(Args|Returns|Raises|Attributes|Yields):$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column of a frame: its name, its dtype in pandas, and what it means ("" when nobody says)."""

    name: str
    dtype: str
    meaning: str


@dataclass(frozen=True, slots=True)
class DescribedFrame:
    """A frame: what one row is, and its columns in their order."""

    name: str
    words: str
    columns: tuple[DescribedColumn, ...]


@dataclass(frozen=True, slots=True)
class DescribedMetric:
    """A function that computes something.

    Attributes:
        name: As one imports it, from ``director_lib.metrics``: "approval.first_pass_approval".
        words: Its definition.
        returns: What comes out; "" when its definition says it.
    """

    name: str
    call: str
    words: str
    returns: str


def describe_frames() -> list[DescribedFrame]:
    """Return every frame that is documented, those of ``metrics.frames`` first."""
    modules = ["frames", *sorted(path.stem for path in _PACKAGE.glob("*_frames.py"))]
    return [frame for module in modules for frame in _frames_of(module)]


def describe_metrics() -> list[DescribedMetric]:
    """Return every public function that computes from frames or numbers, by module and in its order."""
    files = (path for path in sorted(_PACKAGE.glob("*.py")) if not _OTHERS.fullmatch(path.stem))
    return [metric for path in files for metric in _metrics_of(path)]


def _frames_of(module_name: str) -> Iterator[DescribedFrame]:
    module = importlib.import_module(f"director_lib.metrics.{module_name}")
    words = _words_after_names(Path(str(module.__file__)))
    for name, value in vars(module).items():
        if isinstance(value, FrameSchema) and name in words:
            columns = (
                DescribedColumn(column, dtype, find_meaning(value.name, column) or "")
                for column, dtype in value.columns.items()
            )
            yield DescribedFrame(value.name, words[name], tuple(columns))


def _words_after_names(path: Path) -> dict[str, str]:
    """Map each name that a module assigns to the text that stands below it."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    told = {}
    for statement, after in zip(body, body[1:], strict=False):
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if isinstance(statement, ast.Assign) and is_text and isinstance(statement.targets[0], ast.Name):
            told[statement.targets[0].id] = _flat(str(after.value.value))  # type: ignore[attr-defined]
    return told


def _metrics_of(path: Path) -> Iterator[DescribedMetric]:
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(statement, ast.FunctionDef) or statement.name.startswith("_"):
            continue
        parts = _sections(inspect.cleandoc(ast.get_docstring(statement) or ""))
        name = f"{path.stem}.{statement.name}"
        yield DescribedMetric(name, _call(statement), parts.get("", ""), parts.get("Returns", ""))


def _call(function: ast.FunctionDef) -> str:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args)]
    named = [f"{argument.arg}=" for argument in given.kwonlyargs]
    return f"{function.name}({', '.join([*names, *named])})"


def _sections(docstring: str) -> dict[str, str]:
    """Map a docstring's sections to their texts; what comes first has no name."""
    pieces = _SECTION.split(docstring)
    named: dict[str, Any] = {"": _flat(pieces[0])}
    for title, text in zip(pieces[1::2], pieces[2::2], strict=True):
        named[title] = _flat(text)
    return named


def _flat(text: str) -> str:
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(part for part in paragraphs if part)
