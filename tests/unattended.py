"""A pytest plugin for runs that nobody watches: what fails is named at once, and what hangs is ended."""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

_HANGS_AFTER_S = 400
_IN_CHARGE = "PYTEST_XDIST_WORKER" not in os.environ
_stderr = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the guard's own test wait less long."""
    parser.addoption(
        "--hangs-after-s", type=float, default=_HANGS_AFTER_S, help="when a hanging process ends"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep the way to the screen, which is closed to tests."""
    assert sys.__stderr__ is not None
    config.stash[_stderr] = os.dup(sys.__stderr__.fileno())


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name what failed, for a run that is ended from outside never comes to its summary."""
    if report.outcome in ("failed", "rerun") and _IN_CHARGE:
        why = getattr(getattr(report.longrepr, "reprcrash", None), "message", "") or str(report.longrepr)
        first_line = why.strip().partition("\n")[0][:300]
        sys.stderr.write(f"\n{report.outcome} ({report.duration:.0f} s) {report.nodeid}: {first_line}\n")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Watch what makes a test's things."""
    with _watched(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Watch the test."""
    with _watched(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Watch what puts a test's things away."""
    with _watched(item):
        return (yield)


@contextmanager
def _watched(item: pytest.Item) -> Iterator[None]:
    """End the process when this takes far too long, and tell where each of its threads stood.

    The timeout of pytest-timeout comes first and costs one test only. It is not set for what a test needs
    before and after it, and cannot end what goes on waiting.
    """
    after_s = item.config.getoption("hangs_after_s")
    faulthandler.dump_traceback_later(after_s, file=item.config.stash[_stderr], exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
