"""The bar on a terminal that shows how far a run is."""

from __future__ import annotations

import sys
from typing import Any, Self

_FORMAT = "{desc} {percentage:3.0f} % |{bar:24}| {elapsed}"
_LONGEST = 60


class Bar:
    """Moves with the cells of a notebook, and within a cell with what that says of itself.

    Nothing is written where standard error is no terminal: what a schedule mails stays readable.
    """

    def __init__(self, name: str, *, is_shown: bool) -> None:
        self._name = name
        self._is_shown = is_shown and sys.stderr.isatty()
        self._drawn: Any = None

    def __enter__(self) -> Self:
        """Draw it."""
        if self._is_shown:
            from tqdm import tqdm  # type: ignore[import-untyped]

            self._drawn = tqdm(total=100, desc=self._name, bar_format=_FORMAT, leave=False)
        return self

    def __exit__(self, *_exception: object) -> None:
        """Take it away."""
        if self._drawn is not None:
            self._drawn.close()

    def move(self, share: float, words: str = "") -> None:
        """Show that a share of the work, 0 to 1, is done, and what is being done."""
        if self._drawn is None:
            return
        if words:
            self._drawn.set_description_str(f"{self._name}: {words}"[:_LONGEST], refresh=False)
        self._drawn.n = max(self._drawn.n, round(100 * share))
        self._drawn.refresh()
