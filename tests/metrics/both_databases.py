"""For modules in which everything has to hold on both databases: they import the fixture."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """One database after the other."""
    return str(request.param)
