"""Words that must not be in the tree: foreign addresses, unfinished marks, tests that do not test."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.sources import Finding, find_files, relative

_FOREIGN = re.compile(
    r"https?://[\w.-]*(?:\bcdn\b|cdnjs|jsdelivr|unpkg|bootcdn|esm\.sh|skypack|gstatic\.com|fontawesome"
    r"|(?:fonts|ajax|storage)\.googleapis\.com)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK|NotImplementedError|coming soon|lorem ipsum|not implemented yet)\b"
)
_UNTESTED = re.compile(r"pytest\.(?:skip|mark\.skip|mark\.xfail|xfail|importorskip)|\bassert True\b")
_SHORTER_PATIENCE = re.compile(r"\bexpect\.set_options\(")
_SHIPPED = ("*.py", "*.vue", "*.mjs", "*.js", "*.css", "*.html", "*.j2", "*.svg", "*.json", "*.ipynb")


def _search(root: Path, pattern: re.Pattern[str], names: tuple[str, ...], *trees: str) -> list[Finding]:
    findings = []
    for path in sorted({path for name in names for path in find_files(root, name, *trees)}):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if match := pattern.search(line):
                findings.append(Finding(relative(path, root), number, f"“{match.group()}”"))
    return findings


def foreign_addresses(root: Path) -> list[Finding]:
    """Find addresses of content delivery networks in what is shipped: pages work offline."""
    return _search(root, _FOREIGN, _SHIPPED, "director_lib", "notebooks")


def unfinished_marks(root: Path) -> list[Finding]:
    """Find marks of unfinished work in what is shipped."""
    return _search(root, _UNFINISHED, _SHIPPED, "director_lib", "notebooks", "benchmarks")


def untested_tests(root: Path) -> list[Finding]:
    """Find tests that are left out or prove nothing."""
    return _search(root, _UNTESTED, ("*.py",), "tests")


def own_patience(root: Path) -> list[Finding]:
    """Find tests that change how long all tests wait; it would stay changed for those after them."""
    found = _search(root, _SHORTER_PATIENCE, ("*.py",), "tests")
    return [one for one in found if one.file != "tests/conftest.py"]
