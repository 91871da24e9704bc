"""Stopping the intake dead at any of its steps, as a power cut would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from director_lib.intake import placing
from director_lib.media.files import VersionFiles
from director_lib.store.database import Database


class PowerCutError(BaseException):
    """Nothing in the product catches this."""


class PowerCut:
    """Cuts the power before or after the n-th step that leaves something behind."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._steps_left = -1
        self.was_cut = False

    def arm(self, n_steps: int) -> None:
        """Let so many steps pass, then cut."""
        self._steps_left, self.was_cut = n_steps, False
        self._monkeypatch.setattr(VersionFiles, "add", self._cutting(VersionFiles.add))
        self._monkeypatch.setattr(placing, "place_file", self._cutting(placing.place_file))
        write = Database.write

        @contextmanager
        def cutting_write(database: Database) -> Iterator[Any]:
            self._step()
            with write(database) as connection:
                yield connection
            self._step()

        self._monkeypatch.setattr(Database, "write", cutting_write)

    def disarm(self) -> None:
        """Let everything work again."""
        self._monkeypatch.undo()

    def _step(self) -> None:
        if self._steps_left == 0:
            self.was_cut = True
            raise PowerCutError
        self._steps_left -= 1

    def _cutting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*arguments: Any) -> Any:
            self._step()
            result = function(*arguments)
            self._step()
            return result

        return cut
