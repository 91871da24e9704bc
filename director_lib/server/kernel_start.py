"""What every page's kernel does before its notebook's first cell.

A forked kernel inherits libraries that were imported where no kernel was; what they do on import only inside
a kernel is made up for here.
"""

from __future__ import annotations

import importlib

import ipywidgets
from ipywidgets.widgets import widget as widget_module


def prepare() -> None:
    """Lock the kernel against its browser and connect inherited widgets; harmless in a kernel not forked."""
    importlib.import_module("director_lib.pages.guard").install()
    ipywidgets.register_comm_target()
    for widget in list(widget_module._instances.values()):
        _reopen(widget)


def _reopen(widget: ipywidgets.Widget) -> None:
    """Give a widget that was made before the fork (ipyvue keeps a few) a channel of this kernel."""
    widget_module._instances.pop(widget.model_id, None)
    widget.comm = None
    widget.open()
