"""Signing in and out."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated

from director_lib.domain.addresses import safe_return_path
from director_lib.errors import RuleError
from director_lib.server.handlers import StudioHandler
from director_lib.server.identity import COOKIE
from director_lib.server.refusals import log_refusal
from director_lib.workbench.people import SESSION_LIFE, token_digest

_DIRECT = {"none", "same-origin"}


class LoginHandler(StudioHandler):
    """``/login``: the form, and one-time links.

    A link (``/login?token=…``) must sign in with one click, yet chat programs and mail scanners fetch links
    to preview them, and would use it up. A browser marks the navigation of a person who clicked or typed the
    address outside any web page (``Sec-Fetch-*``; sent to https and to localhost); only that redeems the link
    at once. Every other request, a click on a foreign web page among them, gets a page with one button that
    posts the token; so no foreign page can sign somebody in as somebody else either.
    """

    @allow_unauthenticated
    async def get(self) -> None:
        """Show the form, or take a link."""
        token = self.get_query_argument("token", "")
        if token and self._is_direct_navigation():
            await self._redeem(token)
        elif token:
            text = "This link signs you in once, in this browser."
            self._confirm("Welcome", text, button="Sign in", token=token)
        elif self.current_user:
            self.redirect(self._return_path())
        else:
            self._form()

    @allow_unauthenticated
    async def post(self) -> None:
        """Check a user name and password, or redeem a link."""
        token = self.get_body_argument("token", "")
        if token:
            await self._redeem(token)
            return
        username = self.get_body_argument("username", "").strip().lower()[:64]
        user_key, address_key = f"user {username}", f"address {self.request.remote_ip}"
        throttle = self.host.throttle
        wait_s = throttle.wait_s(user_key, address_key)
        if wait_s:
            log_refusal("sign-in", f"too many tries for {username}", self)
            self.set_status(HTTPStatus.TOO_MANY_REQUESTS)
            self.set_header("Retry-After", str(wait_s))
            self._form(username, f"Too many tries. Wait {-(-wait_s // 60)} min, then try again.")
            return
        throttle.begin(user_key, address_key)
        password = self.get_body_argument("password", "", strip=False)
        try:
            session = await self._run(self.host.people.sign_in, username, password)
        except RuleError as error:
            log_refusal("sign-in", f"wrong password for {username}", self)
            self.set_status(HTTPStatus.UNAUTHORIZED)
            self._form(username, error.user_message)
            return
        throttle.forgive(user_key, address_key)
        self._enter(session)

    async def _redeem(self, token: str) -> None:
        try:
            session = await self._run(self.host.people.redeem_link, token)
        except RuleError as error:
            if self.current_user:
                # A reloaded link is no reason to bother somebody who is in.
                self.redirect(self.base_url)
                return
            self.set_status(HTTPStatus.UNAUTHORIZED)
            self._form(problem=error.user_message)
            return
        self._enter(session)

    def _enter(self, session: str) -> None:
        self.set_cookie(
            COOKIE,
            session,
            expires_days=SESSION_LIFE.days,
            path=self.base_url,
            httponly=True,
            samesite="Lax",
            secure=self.host.settings.secure_cookies,
        )
        self.redirect(self._return_path())

    async def _run(self, check: Any, *arguments: str) -> str:
        # Hashing takes a tenth of a second and much memory: few at a time, and never on the event loop.
        session: str = await asyncio.get_running_loop().run_in_executor(
            self.host.password_threads, check, *arguments
        )
        return session

    def _return_path(self) -> str:
        return safe_return_path(self.get_argument("next", self.base_url))

    def _is_direct_navigation(self) -> bool:
        headers = self.request.headers
        is_prefetch = "prefetch" in headers.get("Sec-Purpose", "") + headers.get("Purpose", "")
        is_navigation = (
            headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
        )
        return is_navigation and headers.get("Sec-Fetch-Site") in _DIRECT and not is_prefetch

    def _form(self, username: str = "", problem: str = "") -> None:
        self.show(
            "login.html.j2",
            xsrf_token=self.xsrf_token.decode(),
            next_path=self._return_path(),
            username=username,
            problem=problem,
        )

    def _confirm(self, heading: str, text: str, *, button: str, token: str) -> None:
        self.show(
            "confirm.html.j2",
            heading=heading,
            text=text,
            button=button,
            token=token,
            action=f"{self.base_url}login",
            test_id="link-form",
            xsrf_token=self.xsrf_token.decode(),
        )


class LogoutHandler(StudioHandler):
    """``/logout``: a button, because a link or picture on a foreign page must not sign anybody out."""

    async def get(self) -> None:
        """Ask."""
        self.show(
            "confirm.html.j2",
            heading="Sign out?",
            text=f"You are signed in as {self.current_user.display_name}. Its open pages will end.",
            button="Sign out",
            token="",
            action=f"{self.base_url}logout",
            test_id="logout-form",
            xsrf_token=self.xsrf_token.decode(),
        )

    @allow_unauthenticated
    async def post(self) -> None:
        """End the session, its pages and their kernels."""
        token = self.get_cookie(COOKIE)
        if token:
            session = token_digest(token)
            await asyncio.get_running_loop().run_in_executor(None, self.host.people.sign_out, token)
            self.host.identity.forget(session)
            await self.host.sweeper.end_session(session)
        self.clear_cookie(COOKIE, path=self.base_url)
        self.redirect(f"{self.base_url}login")
