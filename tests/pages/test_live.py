"""When a page is pushed what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from director_lib.pages import live
from director_lib.store.database import Database
from tests.server.own_loop import run_in_own_loop

# Looked up before the tests of other pages stop every loop.
_start = live.LiveLoop.start


class ChangedOnce:
    """A database in which something is committed once."""

    def __init__(self) -> None:
        self.changes = [True]

    @contextmanager
    def watch(self) -> Iterator[ChangedOnce]:
        """Watch it."""
        yield self

    def has_changed(self) -> bool:
        """Tell of the commit, once."""
        return self.changes.pop() if self.changes else False


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, _no_watching: None) -> None:
    monkeypatch.setattr(live.LiveLoop, "start", _start)
    monkeypatch.setattr(live, "POLL_S", 0.001)


async def until(is_so: Any) -> None:
    while not is_so():
        await asyncio.sleep(0.001)


def loop_of(pushes: list[str]) -> live.LiveLoop:
    return live.LiveLoop(cast(Database, ChangedOnce()), lambda: pushes.append("push"))


def test_what_others_do_is_pushed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "QUIET_S", 1000.0)
    monkeypatch.setattr(live, "MOST_QUIET_S", 1000.0)

    async def watch() -> list[str]:
        pushes: list[str] = []
        loop = loop_of(pushes)
        loop.start()
        await until(lambda: pushes)
        loop.stop()
        return pushes

    assert run_in_own_loop(watch()) == ["push"]


def test_quick_actions_do_not_wait_for_the_push_of_those_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "QUIET_S", 1000.0)
    monkeypatch.setattr(live, "MOST_QUIET_S", 1000.0)

    async def watch() -> tuple[list[str], list[str]]:
        pushes: list[str] = []
        loop = loop_of(pushes)
        loop.note_answer()
        loop.start()
        await asyncio.sleep(0.1)
        held = [*pushes]
        monkeypatch.setattr(live, "MOST_QUIET_S", 0.0)
        await until(lambda: pushes)
        loop.stop()
        return held, pushes

    assert run_in_own_loop(watch()) == ([], ["push"])


def test_it_is_pushed_once_the_actions_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "QUIET_S", 0.0)
    monkeypatch.setattr(live, "MOST_QUIET_S", 1000.0)

    async def watch() -> list[str]:
        pushes: list[str] = []
        loop = loop_of(pushes)
        loop.note_answer()
        loop.start()
        await until(lambda: pushes)
        loop.stop()
        return pushes

    assert run_in_own_loop(watch()) == ["push"]


def test_files_are_looked_at_once_the_actions_pause_and_now_and_then_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "FILES_EVERY_S", 0.0)
    monkeypatch.setattr(live, "QUIET_S", 1000.0)
    monkeypatch.setattr(live, "MOST_UNSEEN_S", 1000.0)

    async def watch() -> list[int]:
        looks: list[int] = []
        loop = live.LiveLoop(cast(Database, ChangedOnce()), lambda: None, lambda: looks.append(1))
        loop.note_answer()
        loop.start()
        await asyncio.sleep(0.1)
        counts = [len(looks)]
        monkeypatch.setattr(live, "MOST_UNSEEN_S", 0.02)
        await until(lambda: looks)
        loop.note_answer()
        monkeypatch.setattr(live, "MOST_UNSEEN_S", 1000.0)
        monkeypatch.setattr(live, "QUIET_S", 0.0)
        looks.clear()
        await until(lambda: len(looks) > 1)
        loop.stop()
        return counts

    assert run_in_own_loop(watch()) == [0]
