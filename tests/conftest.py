"""What every test gets: a clean environment, its own studio, and no network beyond this machine."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from director_lib.config import Settings, load_settings
from director_lib.store.database import open_database
from tests.patience import PATIENCE_S
from tests.postgres import Cluster, running_cluster

pytest_plugins = ("tests.unattended",)
# The first is the second's engine without windows and tabs, which no test looks at, at a third of its work.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# How long an example takes says how busy the machine is; that is what benchmarks are for.
# A run that decides over a change tries the same examples each time; everywhere else they are new ones.
hypothesis.settings.register_profile("suite", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("suite")
# Nor is how soon a page shows something; what has to be quick is measured there, too.
expect.set_options(timeout=PATIENCE_S * 1000)
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


_SLOW = ("browser", "cli", "drills", "server", "tasks", "widgets", "widgets_boards")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take long, whatever their order, so that no process ends with one alone.

    They are also those of real browsers, workers and servers, which a busy machine may keep waiting: one that
    fails is tried a second time, and the summary names it.
    """
    items.sort(key=lambda item: item.path.parent.name not in _SLOW)
    for item in items:
        if item.path.parent.name in _SLOW:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("DIRECTOR_", "VOILA_")) or name in ("GOOGLE_AI_API_KEY", "REPLICATE_API_TOKEN"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _no_foreign_network() -> Iterator[None]:
    connect = socket.socket.connect

    def loopback_only(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise OSError(f"a test tried to reach {address[0]}; tests stay on this machine")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", loopback_only)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _patient_pages() -> Iterator[None]:
    new_context = Browser.new_context

    def new_patient_context(self: Browser, **options: Any) -> BrowserContext:
        context = new_context(self, **options)
        context.set_default_timeout(PATIENCE_S * 1000)
        return context

    patch = pytest.MonkeyPatch()
    patch.setattr(Browser, "new_context", new_patient_context)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the machine's own browser where there is one, and keep it off the net.

    A process has one browser for all its tests, so that these are the same everywhere.
    """
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    launch: dict[str, Any] = {"args": _BROWSER_FLAGS, "headless": True}
    return launch | ({"executable_path": found} if found else {})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty place for one studio's data."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL server for all tests of a process that need one."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def database_kind() -> str:
    """Which database a studio is on; what has to hold on PostgreSQL, too, is asked ``on_both_databases``."""
    return "sqlite"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A review database without rows: thousands of tests need one, and a copy takes no time."""
    path = tmp_path_factory.mktemp("empty") / "review.db"
    open_database(path).close()
    return path


@pytest.fixture
def settings(
    home: Path, database_kind: str, empty_database: Path, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Settings of a studio of its own, with an engine that takes no longer than it must."""
    made = load_settings(home=home, local_pace_s=0.0, _env_file=None)
    if database_kind == "sqlite":
        made.database_file.parent.mkdir(parents=True)
        shutil.copyfile(empty_database, made.database_file)
        yield made
        return
    cluster: Cluster = request.getfixturevalue("postgresql")
    with cluster.fresh() as url:
        yield made.model_copy(update={"database_url": url})
