"""Showing a page at once, and starting it when the server says who is looking."""

from __future__ import annotations

import logging
from collections.abc import Callable

from IPython.display import display

from director_lib.domain.people import Actor
from director_lib.errors import DirectorError
from director_lib.pages import guard, visit
from director_lib.pages.moving import Stage
from director_lib.widgets.base import Screen
from director_lib.workbench import Workbench

_log = logging.getLogger(__name__)
_UNEXPECTED = (
    "Something went wrong on our side. Nothing was changed and your drafts are kept. Try again; if it stays, "
    "tell an admin: the reason is in the server's log."
)

_stages: list[Stage] = []
"""The kernel's stage, once its first page is shown."""

Start = Callable[[Workbench, dict[str, str]], None]


def open_page(screen: Screen, start: Start, **parameters: str | None) -> None:
    """Display a screen and start it for its visitor.

    Under the server the visitor and the address's parameters come from the server alone, possibly after the
    notebook has run; without a visitor the page stays empty. In JupyterLab and papermill the local user acts.

    Args:
        screen: The page's widget.
        start: Called once with the visitor's workbench and the parameters.
        parameters: The notebook's own parameters; given ones win over the address's, except under the server.
    """
    guard.install()
    if visit.hosted():
        _show(screen)
        visit.when_bound(lambda visitor: _start_for(visitor, screen, start))
        return
    display(screen)
    given = {name: value for name, value in parameters.items() if value is not None}
    _start(screen, start, None, given)


def _show(screen: Screen) -> None:
    is_first = not _stages
    stage = _stages[0] if _stages else Stage()
    stage.show(screen)
    if is_first:
        _stages.append(stage)
        display(stage.box)


def _start_for(visitor: visit.Visit, screen: Screen, start: Start) -> None:
    try:
        _start(screen, start, visitor.actor, dict(visitor.params))
    except Exception:  # noqa: BLE001 - the edge: nobody waits for this call, so the page itself tells of it
        _log.exception("the page %s could not be opened", visitor.path)
        screen.fail(_UNEXPECTED)


def _start(screen: Screen, start: Start, actor: Actor | None, parameters: dict[str, str]) -> None:
    try:
        start(Workbench.open(actor=actor), parameters)
    except DirectorError as error:
        _log.warning("a page cannot be opened (%s): %s", error.code, error)
        screen.fail(error.user_message)
