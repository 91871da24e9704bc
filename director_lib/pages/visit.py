"""Who is looking at this page, and with which parameters: told by the server, never by the browser.

The server gives a fresh kernel its visit in the variable ``DIRECTOR_REQUEST``; a kernel that was started
ahead of its visitor is told later, through :func:`bind` and :func:`begin`. Outside the server (JupyterLab,
papermill) there is no visit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from director_lib.domain.people import Actor, Role
from director_lib.errors import IllegalMoveError

_VARIABLE = "DIRECTOR_REQUEST"


@dataclass(frozen=True, slots=True)
class Visit:
    """One opening of one page.

    Attributes:
        actor: The signed-in person; the server vouches for it.
        params: Query and path parameters, untrusted text ("stream", "segment", …).
        path: The path in the address bar.
    """

    actor: Actor
    params: Mapping[str, str] = field(default_factory=dict)
    path: str = ""


class _Door:
    """What this kernel knows about its visitor, who may go from page to page."""

    def __init__(self) -> None:
        self.visit: Visit | None = None
        self.waiting: list[Callable[[Visit], None]] = []


_door = _Door()


def hosted() -> bool:
    """Tell whether the server runs this kernel: then a page shows nothing until it has a visit."""
    return "VOILA_SERVER_URL" in os.environ


def current() -> Visit | None:
    """Return the visit, or None: not told yet (see :func:`when_bound`) or not :func:`hosted`."""
    if _door.visit is None and hosted():
        # The variable is taken out so that no child process inherits it.
        text = os.environ.pop(_VARIABLE, None)
        if text:
            _door.visit = _parse(text)
    return _door.visit


def when_bound(callback: Callable[[Visit], None]) -> None:
    """Call back with the visit: at once when it is known, else when :func:`bind` told it, in :func:`begin`.

    Outside the server the callback is never called; ask :func:`hosted` first and use the local actor.
    """
    visit = current()
    if visit is not None:
        callback(visit)
    else:
        _door.waiting.append(callback)


def bind(json_text: str) -> None:
    """Tell this kernel its visit; only the server calls this, over its own signed channel.

    It is quick: the server answers the browser as soon as the kernel has taken the visit.

    Raises:
        IllegalMoveError: The kernel has a visit already.
        ValueError: The text is not a visit.
    """
    if current() is not None:
        raise IllegalMoveError("This page's visit", "bound", "bound again")
    _door.visit = _parse(json_text)


def move_on(params: Mapping[str, str], path: str) -> None:
    """Note that the visitor, who stays the same, is on another page now.

    Raises:
        IllegalMoveError: There is no visitor yet.
    """
    if _door.visit is None:
        raise IllegalMoveError("This page's visit", "not bound", "moved")
    _door.visit = replace(_door.visit, params=params, path=path)


def begin() -> None:
    """Call back everybody who waits for the visit; does nothing while there is none."""
    visit = current()
    if visit is None:
        return
    callbacks, _door.waiting = _door.waiting, []
    for callback in callbacks:
        callback(visit)


def _parse(text: str) -> Visit:
    facts = json.loads(text)
    actor = facts["actor"]
    return Visit(
        actor=Actor(str(actor["username"]), Role(actor["role"]), str(actor.get("display_name", ""))),
        params={str(name): str(value) for name, value in facts.get("params", {}).items()},
        path=str(facts.get("path", "")),
    )
