"""What every address of the studio has in common: who asks, security headers, error pages worth reading."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from director_lib.server.refusals import log_refusal

if TYPE_CHECKING:
    from director_lib.server.host import Host

HOST_SETTING = "director_host"

_ERROR_TEXTS = {
    403: (
        "This is not yours to open",
        "Your role does not allow it, or the request did not come from our own page.",
    ),
    404: (
        "There is no such page",
        "The address may be mistyped, or the stream or page was moved. Nothing is lost.",
    ),
    405: ("That cannot be done here", "Nothing was changed. Go back and try it from the page itself."),
    429: ("Too many tries", "Wait a few minutes, then try again. Nothing was changed."),
    503: ("The workbench is busy", "Nothing was changed. Try again in a moment."),
}
_UNEXPECTED = (
    "Something went wrong on our side",
    "What was saved is safe. Try again; if it stays, tell an admin: the reason is in the server's log.",
)


class StudioHandler(JupyterHandler):
    """Base of every handler that answers a person's browser.

    Only signed-in people get in: the library sends anybody else to the sign-in page before a method is
    called, unless the method is marked ``allow_unauthenticated``.
    """

    @property
    def host(self) -> Host:
        """The host that this server runs."""
        host: Host = self.settings[HOST_SETTING]
        return host

    @property
    def nonce(self) -> str:
        """This response's mark on inline scripts and styles that are our own."""
        if not hasattr(self, "_nonce"):
            self._nonce = secrets.token_urlsafe(16)
        return self._nonce

    @property
    def content_security_policy(self) -> str:
        """Our own style and form only; a page with scripts widens it."""
        return (
            f"default-src 'none'; style-src 'nonce-{self.nonce}'; img-src data:; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def set_default_headers(self) -> None:
        """Set the security headers of every answer."""
        super().set_default_headers()
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    def show(self, template: str, **values: Any) -> None:
        """Finish with a page rendered from one of the host's templates."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(self.render_own(template, **values))

    def render_own(self, template: str, **values: Any) -> str:
        """Return one of the host's templates, rendered."""
        common = {"nonce": self.nonce, "base_url": self.base_url}
        return self.host.templates.get_template(template).render(**common, **values)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a designed page that tells nothing of the inside."""
        heading, text = _ERROR_TEXTS.get(status_code, _UNEXPECTED)
        self.show("error.html.j2", status=status_code, heading=heading, text=text)


class NowhereHandler(StudioHandler):
    """Every address that is not ours, whoever asks: upstream's own addresses are among them."""

    async def prepare(self, **_options: Any) -> None:
        """Refuse before anything else happens."""
        log_refusal("address", f"{self.request.method} {self.request.path}", self)
        raise web.HTTPError(HTTPStatus.NOT_FOUND)


class SessionHandler(StudioHandler):
    """``/session?kernel=<id>``: tells a page whether its session and its engine still live."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Answer 401 without a session, else whether the kernel is there and this person's."""
        if self.current_user is None:
            self.set_status(HTTPStatus.UNAUTHORIZED)
            self.finish({})
            return
        kernel_id = self.get_argument("kernel", "")
        is_there = self.host.kernels.is_owner(kernel_id, self.current_user.username)
        self.finish({"username": self.current_user.username, "kernel": is_there})


class GoodbyeHandler(StudioHandler):
    """``POST /voila/api/shutdown/<kernel>``: a page is being left."""

    async def post(self, kernel_id: str) -> None:
        """End the person's own kernel, if it still runs; anybody else's does not exist for them."""
        if kernel_id not in self.host.kernels:
            self.set_status(HTTPStatus.NO_CONTENT)
            self.finish()
            return
        if not self.host.kernels.is_owner(kernel_id, self.current_user.username):
            log_refusal("goodbye", f"kernel {kernel_id}", self)
            raise web.HTTPError(HTTPStatus.NOT_FOUND)
        await self.host.kernels.end(kernel_id)
        self.set_status(HTTPStatus.NO_CONTENT)
        self.finish()
