"""The open pages' own channel: a small websocket that tells a page when its engine or its session has ended.

A websocket and not an event stream, because a browser opens at most six plain connections to one server, and
each open tab would hold one of them.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.ioloop import PeriodicCallback
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from director_lib.domain.people import Actor
from director_lib.server.kernels import DirectorKernelManager, Owner

_log = logging.getLogger("director.server")

_SWEEP_EVERY_MS = 5_000


class PageHub:
    """Every open page's channel, by session."""

    def __init__(self) -> None:
        self._sockets: set[PageSocket] = set()

    def add(self, socket: PageSocket) -> None:
        """Begin to tell a page."""
        self._sockets.add(socket)

    def discard(self, socket: PageSocket) -> None:
        """Stop telling a page."""
        self._sockets.discard(socket)

    def sessions(self) -> dict[str, Actor]:
        """Return who is behind the open pages, by session digest, as they were when the page was opened."""
        return {socket.current_user.session: socket.current_user.actor for socket in self._sockets}

    def tell_gone(self, kernel_id: str, owner: Owner | None) -> None:
        """Tell the owner's pages that a kernel has ended."""
        if owner is not None:
            mine = (s for s in self._sockets if s.current_user.username == owner.actor.username)
            self._tell(mine, {"gone": kernel_id})

    def tell_signed_out(self, session: str) -> None:
        """Tell a session's pages that it has ended."""
        self._tell((s for s in self._sockets if s.current_user.session == session), {"signed_out": True})

    def _tell(self, sockets: Iterable[PageSocket], message: dict[str, Any]) -> None:
        for socket in list(sockets):
            socket.tell(message)


class PageSocket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """``/events?kernel=<id>``: server to page only."""

    def initialize(self, hub: PageHub, kernels: DirectorKernelManager) -> None:
        """Take the hub to join, and the kernels to ask."""
        self._hub = hub
        self._kernels = kernels

    def set_default_headers(self) -> None:
        """Send none of a page's headers: this is no page."""

    @ws_authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the channel for a signed-in person."""
        await super().get(*args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Join the hub; a page whose kernel is gone already learns it at once."""
        super().open(*args, **kwargs)
        self.set_nodelay(True)
        self._hub.add(self)
        kernel_id = self.get_argument("kernel", "")
        if kernel_id and not self._kernels.is_owner(kernel_id, self.current_user.username):
            self.tell({"gone": kernel_id})

    def tell(self, message: dict[str, Any]) -> None:
        """Send one message; a page that has just closed is no error."""
        try:
            self.write_message(json.dumps(message))
        except WebSocketClosedError:
            self._hub.discard(self)

    def on_message(self, message: str | bytes) -> None:
        """Ignore whatever a page sends."""

    def on_close(self) -> None:
        """Leave the hub."""
        self._hub.discard(self)


class Sweeper:
    """Looks every few seconds for sessions that ended in another process or by age, and for pages left.

    Args:
        kernels: The kernels to end.
        hub: The pages to tell.
        current_actor: Returns whom a session digest stands for now, or None.
    """

    def __init__(
        self,
        kernels: DirectorKernelManager,
        hub: PageHub,
        current_actor: Callable[[str], Awaitable[Actor | None]],
    ) -> None:
        self._kernels = kernels
        self._hub = hub
        self._current_actor = current_actor
        self._busy = asyncio.Lock()
        self._timer = PeriodicCallback(self.sweep, _SWEEP_EVERY_MS)

    def start(self) -> None:
        """Begin to look regularly."""
        self._timer.start()

    async def sweep(self) -> None:
        """Look once."""
        if self._busy.locked():
            return
        async with self._busy:
            opened_by = {o.session: o.actor for o in self._kernels.owners().values()} | self._hub.sessions()
            for session, actor in opened_by.items():
                now = await self._current_actor(session)
                # Another role ends the pages too: their kernels were told the old one.
                if now is None or now.role is not actor.role:
                    _log.info("the session of %s has ended", actor.username)
                    await self.end_session(session)
            await self._kernels.end_abandoned()

    async def end_session(self, session: str) -> None:
        """Tell a session's pages that it is over and end their kernels."""
        self._hub.tell_signed_out(session)
        await self._kernels.end_session(session)
