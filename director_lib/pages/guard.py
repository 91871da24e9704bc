"""The kernel's own lock: what a browser may do to the objects of a page.

The server's message filter is the first lock. This one stands behind it, in the kernel, and is
deliberately independent of it.
"""

from __future__ import annotations

import logging
from typing import Any

import ipywidgets
from ipyvue.VueTemplateWidget import Events

from director_lib.pages import visit

_log = logging.getLogger(__name__)
_MARK = "_director_guard"
# Every page's front end reports its colours through ipyvuetify; refusing that is not worth a line.
_EXPECTED = frozenset({"dark_jlab"})


class ServerAuthority:
    """Mixin for widgets: the browser may write only the traits tagged ``client=True``."""

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Apply what the browser may write of ``sync_data``; the rest is refused and logged."""
        super().set_state(allowed_state(self, sync_data))  # type: ignore[misc]


def allowed_state(widget: Any, sync_data: dict[str, Any]) -> dict[str, Any]:
    """Return the part of ``sync_data`` that the browser may write into ``widget``.

    Args:
        widget: Anything with traits.
        sync_data: Trait values by name, from the browser.
    """
    traits = widget.traits()
    allowed = {name: value for name, value in sync_data.items() if _is_clients(traits.get(name))}
    refused = sorted(str(name)[:60] for name in sync_data.keys() - allowed.keys() - _EXPECTED)
    if refused:
        _log.warning("refused to let the browser write %s of %s", refused, type(widget).__name__)
    return allowed


def install() -> None:
    """Close ipyvue's object protocol and, under the server, every trait that is not the browser's.

    In JupyterLab an analyst's own sliders keep working: there the reader owns the kernel anyway.
    Calling it again changes nothing.
    """
    if not hasattr(Events._handle_event, _MARK):
        setattr(_handle_event, _MARK, True)
        Events._handle_event = _handle_event
    if visit.hosted() and not hasattr(ipywidgets.Widget.set_state, _MARK):
        ipywidgets.Widget.set_state = _strict(ipywidgets.Widget.set_state)


def _handle_event(self: Any, _widget: Any, content: dict[str, Any], buffers: list[Any]) -> None:
    """Call a declared ``vue_*`` method; refuse object references, foreign modules and anything unknown."""
    event = content.get("event")
    declared = isinstance(event, str) and event in self.events and hasattr(type(self), f"vue_{event}")
    if not declared or not content.keys() <= {"event", "data"}:
        _log.warning("refused a widget message with %s for %s", sorted(content)[:6], type(self).__name__)
        return
    handler = getattr(self, f"vue_{event}")
    if buffers:
        handler(content.get("data", {}), buffers)
    else:
        handler(content.get("data", {}))


def _is_clients(trait: Any) -> bool:
    return trait is not None and bool(trait.metadata.get("client"))


def _strict(set_state: Any) -> Any:
    def strict_set_state(self: Any, sync_data: dict[str, Any]) -> None:
        set_state(self, allowed_state(self, sync_data))

    setattr(strict_set_state, _MARK, True)
    return strict_set_state
