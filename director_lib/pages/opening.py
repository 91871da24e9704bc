"""Showing a page at once, and starting it when the server says who is looking."""

from __future__ import annotations

import logging
from collections.abc import Callable

from IPython.display import display

from director_lib.domain.people import Actor
from director_lib.errors import DirectorError
from director_lib.pages import guard, visit
from director_lib.widgets.base import Screen
from director_lib.workbench import Workbench

_log = logging.getLogger(__name__)

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
    display(screen)
    if visit.hosted():
        visit.when_bound(lambda visitor: _start(screen, start, visitor.actor, dict(visitor.params)))
        return
    given = {name: value for name, value in parameters.items() if value is not None}
    _start(screen, start, None, given)


def _start(screen: Screen, start: Start, actor: Actor | None, parameters: dict[str, str]) -> None:
    try:
        start(Workbench.open(actor=actor), parameters)
    except DirectorError as error:
        _log.warning("a page cannot be opened (%s): %s", error.code, error)
        screen.fail(error.user_message)
