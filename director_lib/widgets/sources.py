"""Puts a component's source together: its ``.vue`` with the text of the ``.mjs`` modules it imports.

The browser compiles each component on its own and cannot reach our files. So each module that a component
imports (``import { a, b } from "./words.mjs";``), itself or through another one, is put once at the beginning
of its script, as a function whose result the importers take apart.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[\w./-]+\.mjs)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)
_SCRIPT = re.compile(r"^<script>\n", re.MULTILINE)


@cache
def component_source(path: Path) -> str:
    """Return a ``.vue`` file's text with its modules put in place.

    Raises:
        FileNotFoundError: The component or a module that it imports does not exist.
    """
    modules: dict[Path, str] = {}
    text = _linked(path.read_text(encoding="utf-8"), path.parent, modules)
    definitions = "".join(modules.values())
    return _SCRIPT.sub(lambda tag: tag.group() + definitions, text, count=1)


def components_in(folder: Path, *, but: str = "") -> dict[str, str]:
    """Return the components of a folder by their tag: ``word_diff.vue`` is ``dl-word-diff``.

    Args:
        folder: Where the ``.vue`` files are.
        but: Name of a file to leave out, usually the screen's own.
    """
    files = sorted(path for path in folder.glob("*.vue") if path.name != but)
    return {"dl-" + path.stem.replace("_", "-"): component_source(path) for path in files}


def _linked(text: str, folder: Path, modules: dict[Path, str]) -> str:
    """Replace a text's imports, and add what they name to ``modules``, each after what it needs."""

    def take_apart(found: re.Match[str]) -> str:
        target = (folder / found.group(2)).resolve()
        if target not in modules:
            body = _linked(target.read_text(encoding="utf-8"), target.parent, modules)
            modules[target] = _as_function(body, _name(target))
        return f"const {{{found.group(1)}}} = {_name(target)};"

    return _IMPORT.sub(take_apart, text)


def _as_function(body: str, name: str) -> str:
    exported = ", ".join(_EXPORT.findall(body))
    return f"const {name} = (() => {{\n{_EXPORT.sub('', body)}return {{ {exported} }};\n}})();\n"


def _name(path: Path) -> str:
    return f"module_{path.parent.name}_{path.stem}"
