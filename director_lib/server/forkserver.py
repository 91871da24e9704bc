"""The fork server: a process that imports everything once and forks kernels from itself in milliseconds.

Started by ``director_lib.server.provisioner`` with one end of a socket pair; it speaks lines of JSON:
``{"id", "argv", "env", "cwd"}`` in; ``{"ready"}``, ``{"id", "pid"}``, ``{"exited", "status"}`` out. It ends
when the socket closes. It opens no database, no socket and no event loop before forking, and refuses to fork
with threads alive, because a lock held by a thread would stay locked for ever in the child.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import logging
import os
import pkgutil
import select
import signal
import socket
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from director_lib.config import load_settings
from director_lib.logs import configure_logging

_log = logging.getLogger("director.forkserver")

LIBRARIES = (
    "numpy",
    "pandas",
    "sqlalchemy",
    "sqlalchemy.dialects.postgresql.psycopg",
    "director_lib.store.postgresql",
    "PIL.Image",
    "ipyvuetify",
    "director_lib.server.kernel_start",
)
# What ipykernel imports only when a kernel starts or runs its first cell.
_KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.comm",
    "ipykernel.iostream",
    "IPython.core.completer",
    "IPython.core.history",
    "IPython.core.magics",
    "jupyter_client.session",
    "zmq.eventloop.zmqstream",
)
_FORK_AWARE_THREADS = {"jemalloc_bg_thd"}
_PR_SET_PDEATHSIG = 1


def preload() -> None:
    """Import what pages need; a page module that cannot be imported yet is skipped and logged."""
    # Without a debugger a kernel starts sooner and is smaller; ipykernel copes with its absence.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in (*LIBRARIES, *_KERNEL_MODULES, *_page_modules()):
        try:
            importlib.import_module(name)
        except (ImportError, SyntaxError, AttributeError, NameError, TypeError) as error:
            _log.warning("not preloaded: %s (%r)", name, error)


def serve(control: socket.socket) -> None:
    """Fork a kernel for each request until the socket closes."""
    loose = [name for name in _thread_names() if name not in _FORK_AWARE_THREADS]
    if threading.active_count() != 1 or loose:
        _log.error("the fork server has threads and cannot fork safely: %s", loose)
        raise SystemExit(1)
    # Objects made so far are never examined again, so their pages stay shared with the children.
    gc.collect()
    gc.freeze()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write)
    _say(control, {"ready": True})
    _loop(control, wake_read, (wake_read, wake_write))


def _loop(control: socket.socket, wake_read: int, wake_fds: tuple[int, int]) -> None:
    pending = b""
    watched: list[Any] = [control, wake_read]
    while True:
        readable, _, _ = select.select(watched, [], [])
        if wake_read in readable:
            os.read(wake_read, 4096)
            _reap(control)
        if control in readable:
            received = _hear(control)
            if not received:
                return
            *lines, pending = (pending + received).split(b"\n")
            for line in lines:
                _fork(control, json.loads(line), wake_fds)


def _fork(control: socket.socket, request: dict[str, Any], wake_fds: tuple[int, int]) -> None:
    pid = os.fork()
    if pid:
        _say(control, {"id": request["id"], "pid": pid})
        return
    status = 1
    try:
        control.close()
        for descriptor in wake_fds:
            os.close(descriptor)
        _become_kernel(request)
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0
    finally:
        # Never return into the fork server's own loop, whatever happened.
        _flush_and_exit(status)


def _become_kernel(request: dict[str, Any]) -> None:
    """Turn this freshly forked process into a kernel; returns when the kernel has ended."""
    os.setsid()
    _die_with_parent()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"] or "/")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    # Unlike the standard library's, numpy's global generator is not reseeded by a fork.
    sys.modules["numpy"].random.seed()
    sys.argv = ["ipykernel_launcher", *request["argv"]]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(argv=request["argv"])


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _reap(control: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _say(control, {"exited": pid, "status": os.waitstatus_to_exitcode(status)})


def _hear(control: socket.socket) -> bytes:
    """Return what the server sent; nothing when it is gone, in whatever way it went."""
    try:
        return control.recv(1 << 20)
    except ConnectionResetError:
        return b""


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    try:
        control.sendall(json.dumps(message).encode() + b"\n")
    except OSError as error:
        # The server is gone; its kernels go with this process.
        raise SystemExit(0) from error


def _flush_and_exit(status: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _page_modules() -> list[str]:
    try:
        package: ModuleType = importlib.import_module("director_lib.pages")
    except ImportError:
        return []
    return [f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__)]


def _thread_names() -> list[str]:
    """Return the names of this process's other threads, native ones too."""
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        return []
    own = str(threading.get_native_id())
    return [(task / "comm").read_text().strip() for task in tasks.iterdir() if task.name != own]


def main() -> None:
    """Serve on the inherited socket whose descriptor is the first argument."""
    configure_logging(load_settings(), sys.stderr)
    control = socket.socket(fileno=int(sys.argv[1]))
    # Ctrl-C in a terminal reaches the whole group; ending is the server's decision: it closes the socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    preload()
    serve(control)


if __name__ == "__main__":
    main()
