"""Kernels that wait for a visitor: a convenience that may fail, and must never mix anybody up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from director_lib.server import pool as pool_module
from director_lib.server.pool import WarmPool
from tests.server.own_loop import run_in_own_loop


class Kernels:
    """Stands in for the kernels that a pool starts and ends."""

    def __init__(self) -> None:
        self.alive: set[str] = set()
        self.ended: list[str] = []
        self.fault: Exception | None = None

    async def render(self, name: str, kernel_id: str) -> str:
        self.alive.add(kernel_id)
        if self.fault is not None:
            raise self.fault
        return f"html of {name}"

    async def end(self, kernel_id: str) -> None:
        self.alive.discard(kernel_id)
        self.ended.append(kernel_id)


@pytest.fixture
def kernels() -> Kernels:
    return Kernels()


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pool_module, "_REFILL_AFTER_S", 0.0)
    path = tmp_path / "page.ipynb"
    path.write_text("{}")
    return path


def play(kernels: Kernels, notebook: Path, scene: Callable[[WarmPool], Awaitable[None]], *names: str) -> None:
    """Run a scene with a started pool, then close it."""

    async def run() -> None:
        pool = WarmPool(
            notebook.parent,
            names or ("page.ipynb",),
            render=kernels.render,
            end=kernels.end,
            is_alive=kernels.alive.__contains__,
        )
        pool.start()
        await settle()
        try:
            await scene(pool)
        finally:
            await pool.close()

    run_in_own_loop(run())


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_kernel_is_given_away_once_and_replaced(kernels: Kernels, notebook: Path) -> None:
    async def scene(pool: WarmPool) -> None:
        first = pool.take("page.ipynb")
        assert first is not None
        assert first.html == "html of page.ipynb"
        assert pool.take("page.ipynb") is None
        await settle()
        second = pool.take("page.ipynb")
        assert second is not None
        assert second.kernel_id != first.kernel_id

    play(kernels, notebook, scene)


def test_a_dead_or_outdated_kernel_is_not_given_away(kernels: Kernels, notebook: Path) -> None:
    async def scene(pool: WarmPool) -> None:
        kernels.alive.clear()
        assert pool.take("page.ipynb") is None
        await settle()
        notebook.write_text('{"changed": true}')
        assert pool.take("page.ipynb") is None
        await settle()
        assert len(kernels.ended) == 2
        assert pool.take("page.ipynb") is not None

    play(kernels, notebook, scene)


def test_a_notebook_that_fails_leaves_no_kernel_and_is_tried_again_later(
    kernels: Kernels, notebook: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pool_module, "_REST_AFTER_FAILURE_S", 0.0)
    kernels.fault = RuntimeError("no luck")

    async def scene(pool: WarmPool) -> None:
        assert pool.take("page.ipynb") is None
        assert kernels.alive == set()
        kernels.fault = None
        await settle()
        assert pool.take("page.ipynb") is not None

    play(kernels, notebook, scene)
    assert "no kernel could be made ready for page.ipynb" in caplog.text


def test_notebooks_that_do_not_exist_are_left_out(kernels: Kernels, notebook: Path) -> None:
    async def scene(pool: WarmPool) -> None:
        assert pool.take("other.ipynb") is None

    play(kernels, notebook, scene, "other.ipynb")
    assert kernels.alive == set()
