"""The kernels behind open pages: who owns each, what it is told, when it ends."""

from __future__ import annotations

import asyncio
import logging
import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import zmq
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ApiPath
from traitlets import Bool, List, Unicode

from director_lib.domain.people import Actor
from director_lib.server.kernel_env import VISIT_VARIABLE

_log = logging.getLogger("director.server")

# A page that never connects was closed while loading; one that lost its connection may be a sleeping laptop.
NEVER_CONNECTED_S = 120.0
DISCONNECTED_S = 900.0
_BIND_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose page a kernel is behind.

    Attributes:
        session: Digest of the session that opened the page.
    """

    actor: Actor
    session: str


class DirectorKernelManager(AsyncMappingKernelManager):
    """Starts kernels for pages only, each for one person.

    Attributes:
        environment: What every kernel's process is told; set by the host before the first kernel.
        on_gone: Called with a kernel's id and owner when it has ended, for whatever reason.
    """

    # Neither is configurable: the firewall lets fewer kinds through than this list, and a traceback
    # never reaches a browser.
    allowed_message_types = List(
        Unicode(), ["comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"]
    )
    allow_tracebacks = Bool(False)

    def __init__(self, **kwargs: Any) -> None:
        # Voilà passes its own, longer list.
        kwargs.pop("allowed_message_types", None)
        super().__init__(**kwargs)
        self.environment: Mapping[str, str] = {}
        self.on_gone: Callable[[str, Owner | None], None] = lambda _kernel_id, _owner: None
        self._owners: dict[str, Owner] = {}
        self._seen_connected: dict[str, float] = {}
        self._started: dict[str, float] = {}

    async def start_kernel(  # type: ignore[override]
        self, *, kernel_id: str | None = None, path: str | None = None, **kwargs: Any
    ) -> str:
        """Start a kernel with the host's environment; of the caller's, only the visit is taken over."""
        visit = (kwargs.pop("env", None) or {}).get(VISIT_VARIABLE)
        env = {**self.environment, **({VISIT_VARIABLE: visit} if visit else {})}
        folder = None if path is None else ApiPath(path)
        started: str = await super().start_kernel(kernel_id=kernel_id, path=folder, env=env, **kwargs)
        self._started[started] = time.monotonic()
        return started

    def own(self, kernel_id: str, owner: Owner) -> None:
        """Give a kernel to a person, for good."""
        self._owners[kernel_id] = owner
        self._started[kernel_id] = time.monotonic()

    def is_owner(self, kernel_id: str, username: str) -> bool:
        """Tell whether the kernel exists and is behind a page of this person."""
        owner = self._owners.get(kernel_id)
        return kernel_id in self and owner is not None and owner.actor.username == username

    def owners(self) -> dict[str, Owner]:
        """Return the owner of every kernel that has one, by kernel id."""
        return dict(self._owners)

    async def tell_visit(self, kernel_id: str, visit: str) -> bool:
        """Tell a kernel that was started ahead who visits it; return whether it took it.

        The message goes over the kernel's own signed channel; no browser can send its like. A second one lets
        the page begin; nobody waits for it, so that the kernel reads while the browser loads.
        """
        if kernel_id not in self:
            return False
        client = self.get_kernel(kernel_id).client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        code = f"from director_lib.pages import visit as _visit; _visit.bind({visit!r})"
        try:
            request = client.execute(code, silent=True, store_history=False, allow_stdin=False)
            client.execute("_visit.begin(); del _visit", silent=True, store_history=False, allow_stdin=False)
            reply: Mapping[str, Any] = {}
            while reply.get("parent_header", {}).get("msg_id") != request:
                reply = await ensure_async(client.get_shell_msg(timeout=_BIND_TIMEOUT_S))
        except (queue.Empty, zmq.ZMQError, OSError, RuntimeError) as error:
            _log.warning("kernel %s could not be told its visit: %r", kernel_id, error)
            return False
        finally:
            client.stop_channels()
        return bool(reply["content"].get("status") == "ok")

    async def end(self, kernel_id: str) -> None:
        """End a kernel at once; one that is gone already is no error."""
        if kernel_id in self:
            await ensure_async(self.shutdown_kernel(kernel_id, now=True))

    async def end_session(self, session: str) -> None:
        """End every kernel that was opened by this session."""
        ids = [kernel_id for kernel_id, owner in self._owners.items() if owner.session == session]
        await asyncio.gather(*(self.end(kernel_id) for kernel_id in ids))

    async def end_abandoned(self) -> None:
        """End kernels whose page has been gone for long; browsers do not always say goodbye."""
        now = time.monotonic()
        for kernel_id in self._owners:
            if self.is_connected(kernel_id):
                self._seen_connected[kernel_id] = now
        for kernel_id in [kernel_id for kernel_id in self._owners if self._is_abandoned(kernel_id, now)]:
            _log.info("ending kernel %s: its page has been gone for long", kernel_id)
            await self.end(kernel_id)

    def is_connected(self, kernel_id: str) -> bool:
        """Tell whether a browser is connected to the kernel."""
        return bool(self._kernel_connections.get(kernel_id))

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended and tell its page."""
        self._seen_connected.pop(kernel_id, None)
        self._started.pop(kernel_id, None)
        owner = self._owners.pop(kernel_id, None)
        removed = super().remove_kernel(kernel_id)
        self.on_gone(kernel_id, owner)
        return removed

    def _is_abandoned(self, kernel_id: str, now: float) -> bool:
        if kernel_id in self._seen_connected:
            return now - self._seen_connected[kernel_id] > DISCONNECTED_S
        return now - self._started.get(kernel_id, now) > NEVER_CONNECTED_S
