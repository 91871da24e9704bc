"""Starting kernels from the fork server, or in the ordinary way when it cannot."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from director_lib.server.kernel_env import VISIT_VARIABLE

_log = logging.getLogger("director.server")

_LAUNCHER = "ipykernel_launcher"
_FIRST_LINE = "from director_lib.server.kernel_start import prepare; prepare(); del prepare"
_REST_AFTER_FAILURE_S = 30.0
_END_S = 5.0


class ForkServerGoneError(Exception):
    """The fork server is not there; nothing was started."""


class ForkServer:
    """This process's link to its fork server: one child process, started on first use."""

    _shared: ForkServer | None = None
    _failed_at = float("-inf")

    def __init__(self, environment: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        single_threaded = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "director_lib.server.forkserver", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**environment, **single_threaded},
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self._socket = ours
        self._buffer = b""
        self._ids = itertools.count()
        self._answers: dict[int, asyncio.Future[int]] = {}
        self._statuses: dict[int, int] = {}
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[bool] = self._loop.create_future()
        self._loop.add_reader(ours, self._read)

    @classmethod
    async def shared(cls, environment: Mapping[str, str]) -> ForkServer:
        """Return the running fork server of this process, starting one when there is none.

        Raises:
            ForkServerGoneError: It cannot run here, or failed a moment ago.
        """
        if not hasattr(os, "pidfd_open"):
            raise ForkServerGoneError("this system has no process descriptors")
        server = cls._shared
        if server is None or server._process.poll() is not None:
            if time.monotonic() - cls._failed_at < _REST_AFTER_FAILURE_S:
                raise ForkServerGoneError("it ended a moment ago")
            server = cls._shared = cls(environment)
        await asyncio.shield(server._ready)
        return server

    @classmethod
    def close_shared(cls) -> None:
        """End the fork server, and with it the kernels forked from it; harmless when there is none."""
        server, cls._shared = cls._shared, None
        if server is not None:
            server._loop.remove_reader(server._socket)
            server._socket.close()
            try:
                server._process.wait(timeout=_END_S)
            except subprocess.TimeoutExpired:
                # It is still loading on a busy machine, has nothing to lose, and would be left behind.
                server._process.kill()
                server._process.wait()

    @property
    def pid(self) -> int:
        """The fork server's process id."""
        return self._process.pid

    async def spawn(self, argv: list[str], environment: Mapping[str, str], cwd: str) -> ForkedProcess:
        """Fork one kernel.

        Raises:
            ForkServerGoneError: The fork server ended instead.
        """
        request_id = next(self._ids)
        answer = self._answers[request_id] = self._loop.create_future()
        request = {"id": request_id, "argv": argv, "env": dict(environment), "cwd": cwd}
        try:
            await self._loop.sock_sendall(self._socket, json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise ForkServerGoneError("its socket is closed") from error
        return ForkedProcess(await answer, self._statuses)

    def _read(self) -> None:
        try:
            received = self._socket.recv(65536)
        except BlockingIOError:
            return
        except ConnectionResetError:
            received = b""
        if not received:
            self._lost()
            return
        *lines, self._buffer = (self._buffer + received).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def _hear(self, message: dict[str, Any]) -> None:
        if "exited" in message:
            self._statuses[message["exited"]] = message["status"]
        elif "pid" in message:
            answer = self._answers.pop(message["id"])
            if not answer.done():
                answer.set_result(message["pid"])
        elif not self._ready.done():
            self._ready.set_result(True)

    def _lost(self) -> None:
        self._loop.remove_reader(self._socket)
        ForkServer._failed_at = time.monotonic()
        # Collects the ended process; a moment later, for its socket closes before it has quite ended.
        self._loop.call_later(1.0, self._process.poll)
        waiters: list[asyncio.Future[Any]] = [self._ready, *self._answers.values()]
        for waiting in waiters:
            if not waiting.done():
                waiting.set_exception(ForkServerGoneError("it ended"))
                # Marks the exception as seen when nobody waits any more.
                waiting.exception()
        self._answers.clear()


class ForkedProcess:
    """A grandchild process with the part of Popen's interface that kernel managers use."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, statuses: dict[int, int]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._statuses = statuses
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._descriptor = -1
            self._end()

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs; -1 when the status was lost."""
        if self.returncode is None and select.select([self._descriptor], [], [], 0)[0]:
            os.close(self._descriptor)
            self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Return what :meth:`poll` returns; kernel managers call it only after the end."""
        return self.poll()

    def send_signal(self, signum: int) -> None:
        """Signal the kernel's process group while it lives; right after the fork it may not lead one yet."""
        if self.poll() is None:
            try:
                os.killpg(self.pid, signum)
            except ProcessLookupError:
                signal.pidfd_send_signal(self._descriptor, signum)

    def kill(self) -> None:
        """Kill it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _end(self) -> None:
        self.returncode = self._statuses.pop(self.pid, -1)


class ForkProvisioner(LocalProvisioner):
    """Launches Python kernels from the fork server; any other kernel, or when it is gone, as usual."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel's process and return its connection information."""
        if _LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        cmd = [*cmd, f"--IPKernelApp.exec_lines={_FIRST_LINE}"]
        try:
            await self._fork(cmd[cmd.index(_LAUNCHER) + 1 :], kwargs)
        except ForkServerGoneError as gone:
            _log.warning("the fork server is gone (%s): this kernel starts in the ordinary, slower way", gone)
            return await super().launch_kernel(cmd, **kwargs)
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel, never another process that got its id later."""
        if isinstance(self.process, ForkedProcess):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def _fork(self, argv: list[str], kwargs: dict[str, Any]) -> None:
        environment = {name: str(value) for name, value in kwargs["env"].items()}
        # The fork server outlives this visit and must not know it.
        server = await ForkServer.shared({k: v for k, v in environment.items() if k != VISIT_VARIABLE})
        cwd = str(kwargs.get("cwd") or ".")
        leash = f"--IPKernelApp.parent_handle={server.pid}"
        process: Any = await server.spawn([*argv, leash], environment, cwd)
        self.process, self.pid, self.pgid, self.cwd = process, process.pid, process.pid, cwd
