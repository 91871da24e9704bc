"""The contract between a screen's Vue files and its Python class, and what a template must not do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.sources import Finding, find_files, relative

_WIDGETS = "director_lib/widgets"
_BUTTON = re.compile(r"<(button|v-btn)\b((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>")
_TEST_ID = re.compile(r"""(?:^|\s)(?::|v-bind:)?data-testid\s*=""")
_MENU = re.compile(r"<select\b((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>.*?</select>(\s*<svg\b)?", re.DOTALL)
_HAS_ARROW = re.compile(r"""(?:^|\s)class="[^"]*\bdl-select\b""")
_RAW_HTML = re.compile(r"\bv-html\b|\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|document\.write")
_ASKED = re.compile(r"""\bask\(\s*["'](\w+)["']""")


def _sources(root: Path) -> list[Path]:
    return [path for pattern in ("*.vue", "*.mjs") for path in find_files(root, pattern, _WIDGETS)]


def buttons_without_test_id(root: Path) -> list[Finding]:
    """Find buttons that a test could only reach by their words."""
    findings = []
    for path in find_files(root, "*.vue", _WIDGETS):
        text = path.read_text(encoding="utf-8")
        for match in _BUTTON.finditer(text):
            if not _TEST_ID.search(match.group(2)):
                line = text.count("\n", 0, match.start()) + 1
                findings.append(Finding(relative(path, root), line, f"<{match.group(1)}> has no data-testid"))
    return findings


def menus_without_arrow(root: Path) -> list[Finding]:
    """Find menus that look like a button: neither of the shared style nor with an arrow of their own."""
    findings = []
    for path in find_files(root, "*.vue", _WIDGETS):
        text = path.read_text(encoding="utf-8")
        for match in _MENU.finditer(text):
            if not match.group(2) and not _HAS_ARROW.search(match.group(1)):
                line = text.count("\n", 0, match.start()) + 1
                findings.append(Finding(relative(path, root), line, "<select> is no dl-select"))
    return findings


def raw_html(root: Path) -> list[Finding]:
    """Find places where text could become markup."""
    findings = []
    for path in _sources(root):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if match := _RAW_HTML.search(line):
                findings.append(
                    Finding(relative(path, root), number, f"{match.group()} turns data into markup")
                )
    return findings


def sources_in(folder: Path) -> str:
    """Join a folder's Vue files and modules."""
    paths = sorted([*folder.glob("*.vue"), *folder.glob("*.mjs")])
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def broken_contract(declared: Iterable[str], own: str, shared: str) -> list[str]:
    """Compare the events that a screen's class takes with those that its files send.

    Args:
        declared: The class's events.
        own: Text of the screen's own Vue files and modules.
        shared: Text of those that every screen uses.

    Returns:
        One sentence per difference, sorted.
    """
    events = set(declared)
    unknown = {name for name in _ASKED.findall(own) if name not in events}
    unused = {name for name in events if not re.search(rf"""["'.]{name}\b""", own + shared)}
    return sorted(
        [f"“{name}” is asked for and has no vue_{name}" for name in unknown]
        + [f"vue_{name} is never called" for name in unused]
    )
