"""When kernels end without being asked to: left pages, ended sessions, changed roles."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.domain.people import Actor, Role
from director_lib.server import kernels as kernels_module
from director_lib.server.identity import as_user
from director_lib.server.kernels import DirectorKernelManager, Owner
from director_lib.server.live import PageHub, Sweeper
from tests.server.own_loop import run_in_own_loop

ANN = Actor("ann", Role.DIRECTOR)
BOB = Actor("bob", Role.VIEWER)


class Kernels(DirectorKernelManager):
    """Kernels without processes."""

    def __init__(self, owned: dict[str, Owner]) -> None:
        super().__init__()
        self.ended: list[str] = []
        self.connected: set[str] = set()
        for kernel_id, owner in owned.items():
            self.own(kernel_id, owner)

    def is_connected(self, kernel_id: str) -> bool:
        return kernel_id in self.connected

    async def end(self, kernel_id: str) -> None:
        self.ended.append(kernel_id)
        self._owners.pop(kernel_id)


class Socket:
    """A page's channel that keeps what it was told."""

    def __init__(self, actor: Actor, session: str) -> None:
        self.current_user = as_user(actor, session)
        self.told: list[dict[str, Any]] = []

    def tell(self, message: dict[str, Any]) -> None:
        self.told.append(message)


@pytest.fixture
def kernels() -> Kernels:
    return Kernels({"a": Owner(ANN, "s1"), "b": Owner(ANN, "s2"), "c": Owner(BOB, "s3")})


def sweep(kernels: Kernels, hub: PageHub, living: dict[str, Actor]) -> None:
    async def current(session: str) -> Actor | None:
        return living.get(session)

    async def once() -> None:
        await Sweeper(kernels, hub, current).sweep()

    run_in_own_loop(once())


def test_pages_of_an_ended_session_are_told_and_lose_their_kernels(kernels: Kernels) -> None:
    hub = PageHub()
    mine, others = Socket(ANN, "s1"), Socket(ANN, "s2")
    for socket in (mine, others):
        hub.add(socket)  # type: ignore[arg-type]
    sweep(kernels, hub, {"s2": ANN, "s3": BOB})
    assert kernels.ended == ["a"]
    assert mine.told == [{"signed_out": True}]
    assert others.told == []


def test_another_role_ends_the_pages_that_were_told_the_old_one(kernels: Kernels) -> None:
    sweep(kernels, PageHub(), {"s1": ANN, "s2": ANN, "s3": Actor("bob", Role.ADMIN)})
    assert kernels.ended == ["c"]


def test_only_pages_that_nobody_has_open_are_ended(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    kernels.connected = {"a", "b"}
    run_in_own_loop(kernels.end_abandoned())
    assert kernels.ended == []
    monkeypatch.setattr(kernels_module, "NEVER_CONNECTED_S", -1.0)
    kernels.connected = {"a"}
    run_in_own_loop(kernels.end_abandoned())
    assert kernels.ended == ["c"], "b was connected a moment ago and may come back"
    monkeypatch.setattr(kernels_module, "DISCONNECTED_S", -1.0)
    kernels.connected = set()
    run_in_own_loop(kernels.end_abandoned())
    assert sorted(kernels.ended) == ["a", "b", "c"]


def test_a_gone_kernel_is_told_to_its_owner_only() -> None:
    hub = PageHub()
    mine, others = Socket(ANN, "s1"), Socket(BOB, "s3")
    for socket in (mine, others):
        hub.add(socket)  # type: ignore[arg-type]
    hub.tell_gone("a", Owner(ANN, "s1"))
    hub.discard(mine)  # type: ignore[arg-type]
    hub.tell_gone("b", Owner(ANN, "s1"))
    assert mine.told == [{"gone": "a"}]
    assert others.told == []
