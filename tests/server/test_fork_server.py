"""The end of the process that kernels are forked from."""

from __future__ import annotations

import os
import signal

import pytest

from director_lib.server import provisioner
from director_lib.server.provisioner import ForkServer
from tests.server.own_loop import run_in_own_loop


def test_a_fork_server_that_does_not_listen_yet_is_ended_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(provisioner, "_END_S", 0.05)
    monkeypatch.setattr(ForkServer, "_shared", None)

    async def end_one() -> int | None:
        server = ForkServer(dict(os.environ))
        # Stopped, it cannot hear that its socket is closed.
        os.kill(server.pid, signal.SIGSTOP)
        ForkServer._shared = server
        ForkServer.close_shared()
        return server._process.returncode

    assert run_in_own_loop(end_one()) == -signal.SIGKILL
