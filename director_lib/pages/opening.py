"""Showing a page at once, and starting it when the server says who is looking."""

from __future__ import annotations

from collections.abc import Callable

from IPython.display import display

from director_lib.pages import guard, visit
from director_lib.widgets.base import Screen
from director_lib.workbench import Workbench

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
        visit.when_bound(lambda visitor: start(Workbench.open(actor=visitor.actor), dict(visitor.params)))
        return
    given = {name: value for name, value in parameters.items() if value is not None}
    start(Workbench.open(), given)
