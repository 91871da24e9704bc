"""Going from one page to another in the kernel that is there, instead of opening everything anew."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
from functools import cache
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ipywidgets import VBox

from director_lib.domain.addresses import find_page
from director_lib.pages import visit
from director_lib.pages.live import LiveLoop, running_loops
from director_lib.widgets.base import Screen

_FAREWELL_S = 3.0
_PAGE_CELL = re.compile(r"from director_lib\.pages import ([a-z_]+)\n+\1\.show\((?:stream)?\)")
_PARAMETERS_CELL = re.compile(r"stream = None|#.*")

Json = dict[str, Any]


class Stage:
    """Where a kernel's pages are shown, one at a time.

    Attributes:
        box: The widget that the notebook displays.
    """

    def __init__(self) -> None:
        self.box = VBox()

    def show(self, screen: Screen) -> None:
        """Show a screen in place of the one that is there, which goes when it has said its last words."""
        left, loops = self.box.children, running_loops()
        screen.when_asked_to_move(lambda data: self._move(screen, data))
        self.box.children = (screen,)
        if left:
            # What was unsaved in a field is sent while the field goes, and needs somebody who takes it.
            asyncio.get_running_loop().call_later(_FAREWELL_S, _close, left, loops)

    def _move(self, screen: Screen, data: Json) -> None:
        address = urlsplit(data["href"])
        path, query = unquote(address.path), dict(parse_qsl(address.query))
        page = find_page(path, query, visible_pages(Path.cwd()))
        if page is None or address.netloc:
            screen.push("moved", {"href": data["href"], "is_here": False})
            return
        name = PurePath(page.notebook).stem
        stream_id = page.params.get("stream")
        title = " · ".join(part for part in (name.capitalize(), stream_id, "Director") if part)
        screen.push("moved", {"href": data["href"], "is_here": True, "title": title})
        visit.move_on(page.params, path)
        importlib.import_module(f"director_lib.pages.{name}").show()


@cache
def visible_pages(folder: Path) -> frozenset[str]:
    """Return the names of the notebooks that show one page and nothing else.

    A notebook that somebody gave further cells has to be run, so it is not among them.
    """
    return frozenset(path.name for path in folder.glob("*.ipynb") if _shows_its_page_alone(path))


def _shows_its_page_alone(notebook: Path) -> bool:
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        codes = ["".join(cell["source"]).strip() for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if len(codes) != 2 or not _PARAMETERS_CELL.fullmatch(codes[0]):
        return False
    shown = _PAGE_CELL.fullmatch(codes[1])
    return shown is not None and shown[1] == notebook.stem


def _close(screens: tuple[Screen, ...], loops: frozenset[LiveLoop]) -> None:
    for loop in loops:
        loop.stop()
    for screen in screens:
        screen.close()
