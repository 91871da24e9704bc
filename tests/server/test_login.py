"""Signing in and out of a real server."""

from __future__ import annotations

import httpx
import pytest

from tests.server.live_server import PASSWORD, LiveServer, sign_in


def cookie_line(answer: httpx.Response, name: str) -> str:
    return next(line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}="))


def test_nobody_is_sent_to_the_form_and_back_to_the_page_afterwards(server: LiveServer) -> None:
    with server.browser() as client:
        sent = client.get("/s/film/keyframes?segment=7")
        assert sent.status_code == 302
        assert sent.headers["location"].startswith("/login?next=")
        form = client.get(sent.headers["location"])
        assert 'data-testid="login-form"' in form.text
        assert 'value="/s/film/keyframes?segment=7"' in form.text
        back = sign_in(client, "ann", PASSWORD, next="/s/film/keyframes?segment=7")
        assert (back.status_code, back.headers["location"]) == (302, "/s/film/keyframes?segment=7")
        cookie = cookie_line(back, "director_session")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie


def test_a_foreign_place_is_not_gone_to_after_signing_in(server: LiveServer) -> None:
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        with server.browser() as client:
            answer = sign_in(client, "ann", PASSWORD, next=place)
            assert answer.headers["location"] == "/"


def test_a_form_without_its_token_is_refused(server: LiveServer) -> None:
    with server.browser() as client:
        client.get("/login")
        answer = client.post("/login", data={"username": "ann", "password": PASSWORD})
        assert answer.status_code == 403
        assert "director_session" not in client.cookies
        assert 'data-testid="error-page"' in answer.text


def test_five_wrong_passwords_make_one_wait_and_the_right_one_too(server: LiveServer) -> None:
    server.people.add("slow", "viewer", PASSWORD)
    with server.browser(address="127.0.0.77") as client:
        for _ in range(5):
            wrong = sign_in(client, "slow", "not the password")
            assert wrong.status_code == 401
            assert "wrong" in wrong.text
            assert PASSWORD not in wrong.text
        blocked = sign_in(client, "slow", PASSWORD)
        assert blocked.status_code == 429
        assert 0 < int(blocked.headers["retry-after"]) <= 300
        assert "director_session" not in client.cookies
        # From there nobody else gets in either, and the user from nowhere; all others do.
        assert sign_in(client, "bob", PASSWORD).status_code == 429
    with server.browser() as elsewhere:
        assert sign_in(elsewhere, "slow", PASSWORD).status_code == 429
        assert sign_in(elsewhere, "bob", PASSWORD).status_code == 302
    server.wait_for_log("refused sign-in", "slow", "127.0.0.77")


@pytest.fixture
def link(server: LiveServer) -> str:
    return f"/login?token={server.people.make_sign_in_link_token('bob')}"


DIRECT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}


def test_a_clicked_link_signs_in_at_once_and_only_once(server: LiveServer, link: str) -> None:
    with server.browser() as client:
        entered = client.get(link, headers=DIRECT)
        assert (entered.status_code, entered.headers["location"]) == (302, "/")
        assert client.get("/session").json()["username"] == "bob"
        assert client.get(link, headers=DIRECT).status_code == 302
    with server.browser() as other:
        assert other.get(link, headers=DIRECT).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{}, {**DIRECT, "Sec-Purpose": "prefetch"}, {**DIRECT, "Sec-Fetch-Site": "cross-site"}],
    ids=["preview", "prefetch", "click on a foreign page"],
)
def test_a_preview_does_not_use_a_link_up(server: LiveServer, link: str, headers: dict[str, str]) -> None:
    with server.browser() as client:
        preview = client.get(link, headers=headers)
        assert 'data-testid="link-form"' in preview.text
        assert "director_session" not in client.cookies
        form = {"token": link.partition("=")[2], "_xsrf": client.cookies["_xsrf"]}
        assert client.post("/login", data=form).status_code == 302
        assert client.get("/session").json()["username"] == "bob"


def test_signing_out_takes_a_press_and_ends_the_session(server: LiveServer) -> None:
    with server.browser("ann") as client:
        stolen = dict(client.cookies)
        asked = client.get("/logout")
        assert 'data-testid="logout-form"' in asked.text
        assert client.get("/session").status_code == 200
        assert client.post("/logout").status_code == 403
        answer = client.post("/logout", data={"_xsrf": client.cookies["_xsrf"]})
        assert answer.headers["location"] == "/login"
        assert "director_session" not in client.cookies
    with server.browser() as thief:
        thief.cookies.update(stolen)
        assert thief.get("/session").status_code == 401


def test_every_page_carries_the_security_headers(server: LiveServer, ann: httpx.Client) -> None:
    with server.browser() as client:
        answers = [
            client.get("/login"),
            client.get("/nothing"),
            ann.get("/logout"),
            ann.get("/s/film/videos"),
        ]
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "'unsafe-inline'" not in answer.headers["content-security-policy"].partition("script-src")[2]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "TornadoServer" not in answer.headers.get("server", "")
