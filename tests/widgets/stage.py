"""A page that shows one screen after the other, so that a test needs no kernel of its own."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from ipywidgets import VBox, Widget

_LOOK_S = 0.02


def asked_query() -> dict[str, str]:
    """Return the query of the address that the screen was opened with."""
    return {name: values[0] for name, values in parse_qs(os.environ.get("QUERY_STRING", "")).items()}


def open_stage(show: str, folder: str) -> VBox:
    """Show what the page's own address asks for, and later whatever a test orders.

    Args:
        show: Module and function that return a screen when called with the folder.
    """
    module, _, function = show.partition(":")
    return _Stage(getattr(importlib.import_module(module), function), folder).box


class _Stage:
    def __init__(self, show: Callable[[str], Widget], folder: str) -> None:
        self._show = show
        self._folder = folder
        self._orders = Path(folder) / f"stage-{asked_query().get('stage', 'none')}.json"
        self._done = self._read()
        self.box = VBox([show(folder)])
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._orders.read_text()) if self._orders.exists() else {}
        return found

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            ordered = self._read()
            if ordered != self._done:
                self._done = ordered
                self._carry_out(ordered["query"])

    def _carry_out(self, query: dict[str, object] | None) -> None:
        before = self.box.children
        if query is None:
            self.box.children = ()
            for screen in before:
                screen.close()
            return
        os.environ["QUERY_STRING"] = urlencode(query)
        self.box.children = (self._show(self._folder),)
