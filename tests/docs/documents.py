"""Reading the project's own documents."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
README = CHECKOUT / "README.md"
DOCS = CHECKOUT / "docs"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def documents() -> list[Path]:
    """List every document that people read."""
    at_root = (README, CHECKOUT / "CONTRIBUTING.md", CHECKOUT / "CHANGELOG.md")
    return [*at_root, *sorted(DOCS.rglob("*.md"))]


def read(name: str) -> str:
    """Read one document of docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def first_cells(text: str) -> list[str]:
    """List the code in the first column of every table."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def rows(text: str) -> dict[str, list[str]]:
    """Map the code in the first column of every table to the cells after it."""
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in found}


def shell_lines(text: str) -> list[list[str]]:
    """Split the commands of every fenced sh block into words, comments left out."""
    blocks = [body for language, body in _FENCE.findall(text) if language in {"sh", "bash", "console"}]
    lines = (shlex.split(line, comments=True) for block in blocks for line in block.splitlines())
    return [words for words in lines if words]


def sections(text: str) -> dict[str, str]:
    """Map each second-level heading that is code to the text under it."""
    parts = re.split(r"^## `([^`]+)`\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def links(path: Path) -> list[str]:
    """List the targets of a document's links."""
    return _LINK.findall(path.read_text(encoding="utf-8"))
