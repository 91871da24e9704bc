"""Films' pages over a real server: for readers, and for people of the studio before readers get them."""

from __future__ import annotations

from pathlib import Path
from urllib.robotparser import RobotFileParser

import httpx
import pytest

from director_lib.delivery.deployment import switch_folder
from director_lib.delivery.site_builds import keep, staging
from director_lib.delivery.site_film import site_target
from tests.server.live_server import LiveServer

STREAM = "sited"


def build(server: LiveServer, text: str) -> str:
    target = site_target(server.settings, STREAM)
    with staging(target) as place:
        (place / "index.html").write_text(f"<!doctype html><p>{text}</p>")
        (place / "site.js").write_text("'use strict';")
        frame = place / "public" / "frames" / "segment_1" / "0001.webp"
        frame.parent.mkdir(parents=True)
        frame.write_bytes(bytes(range(200)))
        return keep(place, target, STREAM, {"high": 1}, ()).build_id


@pytest.fixture(scope="module")
def builds(server: LiveServer) -> tuple[str, str]:
    """A stream with two builds, of which readers see the first."""
    folder = server.settings.streams_root / STREAM
    folder.mkdir(parents=True)
    (folder / "production.json").write_text('{"stream": {"id": "sited"}, "segments": []}')
    shown, other = build(server, "one"), build(server, "two")
    switch_folder(site_target(server.settings, STREAM), shown)
    return shown, other


def test_readers_get_the_build_that_is_shown(ann: httpx.Client, builds: tuple[str, str]) -> None:
    page = ann.get(f"/site/{STREAM}/")
    assert page.status_code == 200
    assert "one" in page.text
    assert page.headers["content-type"] == "text/html; charset=UTF-8"
    assert page.headers["cache-control"] == "private, no-cache"
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    assert ann.get(f"/site/{STREAM}/site.js").headers["content-type"].startswith("text/javascript")
    assert ann.get(f"/site/{STREAM}").headers["location"] == f"/site/{STREAM}/"


def test_a_frame_is_kept_for_a_while_sent_in_ranges_and_asked_for_by_its_tag(
    ann: httpx.Client, builds: tuple[str, str]
) -> None:
    address = f"/site/{STREAM}/public/frames/segment_1/0001.webp"
    frame = ann.get(address)
    assert (frame.headers["content-type"], frame.headers["cache-control"]) == (
        "image/webp",
        "private, max-age=60",
    )
    assert ann.get(address, headers={"If-None-Match": frame.headers["etag"]}).status_code == 304
    part = ann.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    head = ann.head(address)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "200", b"")


def test_people_of_the_studio_see_any_build_before_readers_do(
    ann: httpx.Client, bob: httpx.Client, builds: tuple[str, str]
) -> None:
    for person in (ann, bob):
        page = person.get(f"/s/{STREAM}/preview/{builds[1]}/")
        assert "two" in page.text
    assert ann.get(f"/s/{STREAM}/preview/{builds[1]}/site.js").status_code == 200


def test_strangers_get_neither(server: LiveServer, builds: tuple[str, str]) -> None:
    with server.browser() as stranger:
        page = stranger.get(f"/site/{STREAM}/")
        assert page.status_code == 302
        assert "/login" in page.headers["location"]
        assert stranger.get(f"/site/{STREAM}/site.js").status_code == 403
        assert stranger.get(f"/s/{STREAM}/preview/{builds[0]}/").status_code in (302, 403)


@pytest.mark.parametrize(
    "path",
    [
        "site/nothing/",
        "site/sited/nothing.css",
        "site/sited/public/",
        "site/sited/%2e%2e/.sited.builds/index.html",
        "site/sited/..%2f..%2fdirector.db",
        "site/sited//etc/passwd",
        "site/sited/.hidden",
        "site/.sited.builds/index.html",
        "site/..%2fsites/index.html",
        "site/sited/index.html%00.png",
        "s/sited/preview/0000000000000000/",
        "s/nothing/preview/{other}/",
        "s/sited/preview/{other}/..%2f{shown}/index.html",
        "s/sited/preview/{other}.json/",
    ],
)
def test_nothing_else_is_there(ann: httpx.Client, builds: tuple[str, str], path: str) -> None:
    assert ann.get("/" + path.format(shown=builds[0], other=builds[1])).status_code == 404


def test_a_link_in_a_build_leads_nowhere(
    server: LiveServer, ann: httpx.Client, builds: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "secret.json").write_text("{}")
    inside = site_target(server.settings, STREAM) / "secret.json"
    inside.symlink_to(tmp_path / "secret.json")
    assert ann.get(f"/site/{STREAM}/secret.json").status_code == 404
    inside.unlink()


def test_search_engines_may_read_films_and_nothing_else(server: LiveServer) -> None:
    with server.browser() as stranger:
        told = stranger.get("/robots.txt")
    assert told.headers["content-type"] == "text/plain; charset=UTF-8"
    rules = RobotFileParser()
    rules.parse(told.text.splitlines())
    assert rules.can_fetch("*", "/site/film/")
    assert not rules.can_fetch("*", "/s/film/keyframes")
