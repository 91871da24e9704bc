"""One small demo studio for all tests that only look at it, and sizes that are painted in no time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from director_lib.config import Settings, load_settings
from director_lib.demo.build import ensure_demo
from director_lib.demo.paintings import PictureSize
from director_lib.domain.people import Actor, Role
from director_lib.workbench import Workbench

SMALL = PictureSize(width=96, height=64, duration_s=0.5, fps=8)
NOW = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a studio that holds the demo."""
    settings = load_settings(home=tmp_path_factory.mktemp("demo-studio"), _env_file=None)
    ensure_demo(settings, progress=[].append, size=SMALL, now=NOW)
    return settings


@pytest.fixture
def settings(home: Path) -> Settings:
    """Settings of a studio that has nothing yet, not even its folder."""
    return load_settings(home=home, local_pace_s=0.0, _env_file=None)


@pytest.fixture
def own_settings(demo_settings: Settings, settings: Settings) -> Settings:
    """Settings of a studio with its own copy of the demo, to be changed at will."""
    shutil.copytree(demo_settings.home, settings.home)
    return settings


@pytest.fixture(scope="session")
def demo(demo_settings: Settings) -> Iterator[Workbench]:
    """The studio that holds the demo, opened by its director; not to be changed."""
    with Workbench.open(demo_settings, Actor("dora", Role.DIRECTOR), clock=lambda: NOW) as workbench:
        yield workbench
