from __future__ import annotations

import pytest

from director_lib.pages import streams
from director_lib.pages.live import LiveLoop


@pytest.fixture(autouse=True)
def _no_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    # A browser test of the same process may have left its own loop running; these tests refresh by hand.
    monkeypatch.setattr(LiveLoop, "start", lambda _self: None)
    monkeypatch.setattr(streams, "call_soon", lambda callback: callback())
