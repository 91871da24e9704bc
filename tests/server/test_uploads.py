"""Handing a story in over a real server."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from director_lib.domain.people import Actor, Role
from director_lib.errors import NotFoundError
from director_lib.streams.story_files import LARGEST_BYTES
from director_lib.workbench import Workbench
from tests.server.live_server import LiveServer


def hand_in(person: httpx.Client, data: bytes, **headers: str) -> httpx.Response:
    person.get("/login")  # sets the cookie that proves the request to be our page's
    token = person.cookies.get("_xsrf") or ""
    return person.post("/uploads", content=data, headers={"X-XSRFToken": token, **headers})


def kept(server: LiveServer) -> set[Path]:
    return {path for path in (server.settings.data_dir / "uploads").rglob("*") if path.is_file()}


def test_a_file_larger_than_other_requests_is_kept_for_whoever_sent_it(
    server: LiveServer, ann: httpx.Client
) -> None:
    data = bytes(range(256)) * 12_000
    answer = hand_in(ann, data)
    assert (answer.status_code, answer.json()["size_bytes"]) == (201, len(data))
    token = answer.json()["upload"]
    for username, is_owner in (("ann", True), ("cleo", False)):
        with Workbench.open(server.settings, Actor(username, Role.DIRECTOR)) as workbench:
            if is_owner:
                assert workbench.uploads.get(token) == data
            else:
                with pytest.raises(NotFoundError):
                    workbench.uploads.get(token)


def test_who_may_not_make_streams_hands_nothing_in(server: LiveServer, bob: httpx.Client) -> None:
    before = kept(server)
    answer = hand_in(bob, b"Once")
    assert answer.status_code == 403
    assert "make new streams" in answer.json()["message"]
    assert kept(server) == before


def test_strangers_and_foreign_pages_hand_nothing_in(server: LiveServer, ann: httpx.Client) -> None:
    before = kept(server)
    with server.browser() as stranger:
        stranger.get("/login")
        token = stranger.cookies.get("_xsrf") or ""
        answer = stranger.post("/uploads", content=b"Once", headers={"X-XSRFToken": token})
    assert answer.status_code in (302, 403)
    assert hand_in(ann, b"Once", **{"X-XSRFToken": "2|00000000|0000|0"}).status_code == 403
    assert ann.get("/uploads").status_code in (403, 405)
    assert kept(server) == before


def test_a_file_that_is_too_large_is_refused_before_it_arrives(server: LiveServer, ann: httpx.Client) -> None:
    before = kept(server)
    try:
        answer = hand_in(ann, b"x" * (LARGEST_BYTES + 1))
    except httpx.TransportError:
        pass  # the server closes the connection while the rest is still on its way
    else:
        assert answer.status_code == 413
    assert kept(server) == before
