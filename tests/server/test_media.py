"""Version files and thumbnails over a real server."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest
from PIL import Image

from director_lib.media.files import VersionFiles
from director_lib.server.media import attachment
from tests.server.live_server import LiveServer

SIZE = 4096


@pytest.fixture(scope="module")
def clip(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a stored file of 4096 known bytes."""
    source = tmp_path_factory.mktemp("clip") / "clip.mp4"
    source.write_bytes(bytes(number % 251 for number in range(SIZE)))
    stored = VersionFiles(server.settings.media_dir).add(source, ".mp4")
    return f"/media/file/{stored.sha256}.mp4"


@pytest.fixture(scope="module")
def still(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a stored picture."""
    source = tmp_path_factory.mktemp("still") / "still.png"
    Image.new("RGB", (1600, 900), "teal").save(source)
    stored = VersionFiles(server.settings.media_dir).add(source, ".png")
    return f"{stored.sha256}.png"


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        (None, 200, 0, SIZE),
        ("bytes=0-99", 206, 0, 100),
        ("bytes=100-", 206, 100, SIZE),
        ("bytes=-50", 206, SIZE - 50, SIZE),
        ("bytes=4000-9999", 206, 4000, SIZE),
        ("bytes=0-1,5-9", 200, 0, SIZE),
        ("lines=1-2", 200, 0, SIZE),
    ],
)
def test_a_range_is_sent_as_asked(
    ann: httpx.Client, clip: str, asked: str | None, status: int, start: int, end: int
) -> None:
    answer = ann.get(clip, headers={"Range": asked} if asked else {})
    assert answer.status_code == status
    assert answer.content == bytes(number % 251 for number in range(SIZE))[start:end]
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"


def test_a_range_beyond_the_end_is_refused_with_the_size(ann: httpx.Client, clip: str) -> None:
    answer = ann.get(clip, headers={"Range": "bytes=9999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


def test_a_browser_keeps_a_file_and_asks_by_its_tag(ann: httpx.Client, clip: str) -> None:
    head = ann.head(clip)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(SIZE)
    assert head.headers["content-type"] == "video/mp4"
    assert head.headers["accept-ranges"] == "bytes"
    assert head.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "sandbox" in head.headers["content-security-policy"]
    assert head.headers["x-content-type-options"] == "nosniff"
    again = ann.get(clip, headers={"If-None-Match": head.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_thumbnail_is_made_when_asked_for(ann: httpx.Client, still: str) -> None:
    answer = ann.get(f"/media/thumb/320/{still}")
    assert answer.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (320, 180))
    assert ann.get(f"/media/thumb/640/{still}").headers["etag"] != answer.headers["etag"]
    assert ann.get(f"/media/thumb/333/{still}").status_code == 404


def test_nobody_sees_a_file_without_signing_in(server: LiveServer, clip: str, still: str) -> None:
    with server.browser() as stranger:
        for address in (clip, f"/media/file/{still}", f"/media/thumb/320/{still}"):
            for answer in (stranger.get(address), stranger.head(address)):
                assert answer.status_code == 302
                assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize(
    "address",
    [
        "/media/file/" + "0" * 64 + ".mp4",
        "/media/thumb/320/" + "0" * 64 + ".png",
        "/media/file/" + "0" * 63 + ".mp4",
        "/media/file/" + "0" * 64,
        "/media/file/" + "0" * 64 + ".p%2fg",
        "/media/thumb/../" + "0" * 64 + ".png",
    ],
)
def test_what_is_not_stored_is_not_found(ann: httpx.Client, address: str) -> None:
    assert ann.get(address).status_code == 404


def test_a_picture_that_is_damaged_is_not_found_and_logged(
    server: LiveServer, ann: httpx.Client, tmp_path: Path
) -> None:
    source = tmp_path / "broken.png"
    source.write_bytes(b"no picture")
    stored = VersionFiles(server.settings.media_dir).add(source, ".png")
    assert ann.get(f"/media/thumb/320/{stored.sha256}.png").status_code == 404
    server.wait_for_log("refused media", "invalid_media", "user ann")


def test_a_download_is_saved_under_the_name_asked_for(ann: httpx.Client, clip: str) -> None:
    answer = ann.get(clip, params={"download": "Der Film – 1.mp4"})
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment")
    assert disposition.endswith("filename*=UTF-8''Der%20Film%20%E2%80%93%201.mp4")


def test_a_download_keeps_ranges_and_its_tag(ann: httpx.Client, clip: str) -> None:
    whole, plain = ann.get(clip, params={"download": "film_video_007_v3.mp4"}), ann.head(clip)
    part = ann.get(clip, params={"download": "film_video_007_v3.mp4"}, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    for answer in (whole, part):
        assert 'attachment; filename="film_video_007_v3.mp4"' in answer.headers["content-disposition"]
        assert answer.headers["etag"] == plain.headers["etag"]
    assert "content-disposition" not in plain.headers


def test_a_download_asks_who_it_is_for(server: LiveServer, clip: str) -> None:
    with server.browser() as stranger:
        answer = stranger.get(clip, params={"download": "film.mp4"})
    assert (answer.status_code, answer.headers["location"].startswith("/login")) == (302, True)


@pytest.mark.parametrize("wanted", ["setup.exe", "page.html", "film.mp4.scr", ""])
def test_a_link_cannot_make_another_kind_of_file_of_a_version(
    ann: httpx.Client, clip: str, wanted: str
) -> None:
    disposition = ann.get(clip, params={"download": wanted}).headers["content-disposition"]
    assert disposition.endswith(".mp4")
    assert '.mp4";' in disposition


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        (".png", "image/png"),
        (".jpg", "image/jpeg"),
        (".webp", "image/webp"),
        (".mp4", "video/mp4"),
        (".webm", "video/webm"),
        (".mov", "video/quicktime"),
        (".exe", "application/octet-stream"),
    ],
)
def test_a_file_is_sent_as_what_it_is(
    server: LiveServer, ann: httpx.Client, tmp_path: Path, ending: str, content_type: str
) -> None:
    source = tmp_path / "file"
    source.write_bytes(f"a file {ending}".encode())
    stored = VersionFiles(server.settings.media_dir).add(source, ending)
    answer = ann.get(f"/media/file/{stored.sha256}{ending}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a";\r\nX-Evil: 1', "a_X-Evil_ 1"),
        ("", "file"),
        ("...", "file"),
        ("x" * 400, "x" * 150),
    ],
)
def test_no_name_becomes_a_path_or_a_header(name: str, saved_as: str) -> None:
    header = attachment(name)
    assert f'filename="{saved_as}"' in header
    assert "\n" not in header
    assert "\r" not in header
