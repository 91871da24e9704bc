"""Screens compiled ahead of time: one module per screen, made of its ``.vue`` files by ``make assets``.

A page then opens without loading a compiler and running it on some thirty components. The manifest names
the digest of every file that a module was made of; as soon as one differs, the screen is compiled by the
browser again, so that an edited ``.vue`` file is shown at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from ipyvue.esm import define_module
from ipyvue.Template import Template

_WIDGETS = Path(__file__).parent
_SERVED = "DIRECTOR_SCREENS_URL"
_ENDINGS = {".vue", ".mjs"}


def find_module(main: Path, built: Path = _WIDGETS / "built") -> Path | None:
    """Find the module that a screen was compiled into.

    Args:
        main: The screen's own ``.vue`` file, in the folder of its components.
        built: Where the modules and their manifest are.

    Returns:
        The module's path, or None when there is none or it was made of other sources than these.
    """
    module, manifest = built / f"{main.stem}.mjs", built / "manifest.json"
    if not module.is_file() or not manifest.is_file():
        return None
    made = json.loads(manifest.read_text(encoding="utf-8")).get(main.stem)
    return module if made == describe(main.parent, module) else None


def describe(folder: Path, module: Path) -> dict[str, Any]:
    """Return what the manifest should tell about a screen's module: its digest and those of its sources.

    Args:
        folder: Where the screen's components are.
        module: The compiled module.
    """
    frame = _WIDGETS / "frame"
    files = [path for place in (frame, folder) for path in place.iterdir() if path.suffix in _ENDINGS]
    sources = {f"{path.parent.name}/{path.name}": _sha256(path) for path in files}
    theme = {"theme.css": _sha256(_WIDGETS / "theme.css")}
    return {"module_sha256": _sha256(module), "sources": sources | theme}


@cache
def precompiled_template(module: Path) -> Template:
    """Give a module to the browser, once per kernel, and return the template that shows what it exports.

    A browser keeps every module that it was ever given, so a screen that is shown again takes the same.
    Under the server the browser fetches the module from there; elsewhere it is sent the text.
    """
    name = f"director-{module.stem}-{_kernel_mark()}"
    served = os.environ.get(_SERVED)
    if served:
        define_module(name, url=f"{served}/{module.name}?{_sha256(module)[:12]}", dependencies=[])
    else:
        define_module(name, module, dependencies=[])
    return Template(esm_module=name)


@cache
def _kernel_mark() -> str:
    # Two notebooks in one JupyterLab tab would take a module of the same name from each other.
    return secrets.token_hex(4)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
