"""Who a request comes from, and what jupyter-server may do for them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado import web

from director_lib.domain.people import Actor, Role
from director_lib.workbench.people import token_digest

if TYPE_CHECKING:
    from director_lib.server.host import Host

COOKIE = "director_session"

_TRUSTED_FOR_S = 2.0
_MANY_SESSIONS = 10_000


@dataclass
class DirectorUser(User):
    """A signed-in person, in jupyter-server's terms.

    Attributes:
        role: The role's name.
        session: Digest of the session token; the token itself stays in the cookie.
    """

    role: str = Role.VIEWER.value
    session: str = ""

    @property
    def actor(self) -> Actor:
        """The same person in the studio's terms."""
        return Actor(self.username, Role(self.role), self.display_name)


class DirectorIdentityProvider(IdentityProvider):
    """Identifies people by their session cookie, never by a token in an address or a header.

    It is also the way in for everything else: Voilà asks it for handlers when the web application exists, and
    it installs the whole host there. So ``voila notebooks/`` and ``director serve`` serve the same.
    """

    auth_enabled = True
    login_available = True
    token = ""
    need_token = False

    def __init__(self, **kwargs: Any) -> None:
        # Voilà passes a token and a login form of its own; neither has a place here.
        kwargs.pop("token", None)
        kwargs.pop("login_handler_class", None)
        super().__init__(**kwargs)
        self.host: Host | None = None
        self._known: dict[str, tuple[float, Actor | None]] = {}

    async def get_user(self, handler: web.RequestHandler) -> DirectorUser | None:
        """Return the signed-in person, or None."""
        token = handler.get_cookie(COOKIE)
        if not token or self.host is None:
            return None
        actor = await self._find_actor(token)
        return None if actor is None else as_user(actor, token_digest(token))

    def forget(self, session: str) -> None:
        """Ask the database again the next time this session is used."""
        self._known.pop(session, None)

    def is_token_authenticated(self, handler: web.RequestHandler) -> bool:
        """Tell that no request is exempt from the checks of origin and forgery."""
        return False

    def get_handlers(self) -> list[tuple[str, object]]:
        """Install the host into the Voilà application.

        Raises:
            ConfigError: The application lacks one of the classes that keep it closed.
        """
        from director_lib.server.install import install

        self.host = install(self.parent)
        return []

    async def _find_actor(self, token: str) -> Actor | None:
        assert self.host is not None
        session, now = token_digest(token), time.monotonic()
        known = self._known.get(session)
        if known is not None and known[0] > now:
            return known[1]
        loop = asyncio.get_running_loop()
        actor = await loop.run_in_executor(None, self.host.people.find_actor, token)
        if len(self._known) > _MANY_SESSIONS:
            self._known.clear()
        self._known[session] = (now + _TRUSTED_FOR_S, actor)
        return actor


class DirectorAuthorizer(Authorizer):
    """Allows a person their own kernel's model and websocket, and nothing else of jupyter-server."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        """Tell whether the request may go on."""
        kernel_id = handler.path_kwargs.get("kernel_id") or getattr(handler, "kernel_id", None)
        if resource != "kernels" or handler.request.method != "GET" or not kernel_id:
            return False
        return bool(handler.kernel_manager.is_owner(kernel_id, user.username))


def as_user(actor: Actor, session: str) -> DirectorUser:
    """Return the actor in jupyter-server's terms."""
    return DirectorUser(
        username=actor.username, display_name=actor.name, role=actor.role.value, session=session
    )
