"""What went wrong with the server of the tool before this one; each is impossible here, on a real server."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from director_lib.media.files import VersionFiles
from director_lib.server.app import find_user_warning
from tests.server.kernel_wire import connect_kernel, open_page
from tests.server.live_server import LiveServer

SIZE = 1000
BYTES = bytes(number % 251 for number in range(SIZE))
XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def address(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a stored file of 1,000 known bytes."""
    source = tmp_path_factory.mktemp("clip") / "clip.mp4"
    source.write_bytes(BYTES)
    stored = VersionFiles(server.settings.media_dir).add(source, ".mp4")
    return f"/media/file/{stored.sha256}.mp4"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("-1", 999, 1000),
        ("-999", 1, 1000),
        ("999-", 999, 1000),
        ("999-999", 999, 1000),
        ("990-2000", 990, 1000),
    ],
)
def test_suffix_ranges_and_ranges_at_the_end_are_answered_with_their_bytes(
    ann: httpx.Client, address: str, asked: str, start: int, end: int
) -> None:
    answer = ann.get(address, headers={"Range": f"bytes={asked}"})
    assert (answer.status_code, answer.content) == (206, BYTES[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"


@pytest.mark.parametrize("asked", ["-1000", "-5000", "0-", "0-999", "0-5000"])
def test_a_range_of_all_bytes_is_the_whole_file(ann: httpx.Client, address: str, asked: str) -> None:
    answer = ann.get(address, headers={"Range": f"bytes={asked}"})
    assert answer.status_code in (200, 206)
    assert answer.content == BYTES


@pytest.mark.parametrize("asked", ["1000-", "5000-6000"])
def test_a_range_after_the_end_is_refused_with_the_size(ann: httpx.Client, address: str, asked: str) -> None:
    answer = ann.get(address, headers={"Range": f"bytes={asked}"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize("asked", ["9-5", "0-1,5-9", "-", "a-b", "1-2-3"])
def test_reversed_multiple_and_meaningless_ranges_give_the_whole_file_or_a_refusal_and_never_an_error(
    ann: httpx.Client, address: str, asked: str
) -> None:
    answer = ann.get(address, headers={"Range": f"bytes={asked}"})
    assert answer.status_code in (200, 416)
    assert answer.status_code == 416 or answer.content == BYTES


def test_images_cannot_be_read_without_signing_in(server: LiveServer, address: str) -> None:
    with server.browser() as stranger:
        for headers in ({}, {"Range": "bytes=0-9"}, {"Cookie": "director=guessed"}):
            answer = stranger.get(address, headers=headers)
            assert answer.status_code == 302
            assert BYTES[:10] not in answer.content


def test_a_message_from_nobody_is_stored_nowhere_and_reaches_no_page(
    server: LiveServer, ann: httpx.Client
) -> None:
    kernel_id, _, _ = open_page(ann)
    with server.browser() as stranger:
        with pytest.raises(InvalidStatus) as refusal:
            connect_kernel(stranger, kernel_id)
        assert refusal.value.response.status_code == 403
        for path in ("/s/film/keyframes", "/api/messages", "/session", "/api/kernels", "/login"):
            answer = stranger.post(path, json={"text": XSS, "comment": XSS})
            assert answer.status_code in (302, 403, 404, 405)
    assert XSS not in open_page(ann)[2]


@pytest.mark.parametrize(
    "path", ["/media/file/../../director.db", "/media/file/%2e%2e%2fdirector.db", "/media/file//etc/passwd"]
)
def test_a_path_in_an_address_reads_no_file_of_the_disk(ann: httpx.Client, path: str) -> None:
    answer = ann.get(path)
    assert answer.status_code == 404
    assert b"SQLite format" not in answer.content


def test_whoever_runs_the_server_as_root_is_warned(server: LiveServer) -> None:
    assert find_user_warning(1000) is None
    warning = find_user_warning(0)
    assert warning is not None
    assert "runs as root" in warning
    server.wait_for_log("director is ready")
    assert ("runs as root" in server.text()) == (os.geteuid() == 0)


def test_a_fresh_home_without_any_folder_starts(tmp_path: Path, server: LiveServer) -> None:
    home = tmp_path / "never seen"
    fresh = LiveServer(
        server.settings.model_copy(update={"home": home}),
        server.notebooks,
        tmp_path / "server.log",
        environment={**server.environment, "DIRECTOR_WARM_PAGES": "0", **_only_home(home)},
    )
    fresh.start()
    try:
        with fresh.browser() as stranger:
            assert stranger.get("/login").status_code == 200
    finally:
        fresh.stop()


def _only_home(home: Path) -> dict[str, str]:
    return {
        "DIRECTOR_HOME": str(home),
        "DIRECTOR_STREAMS_DIR": str(home / "streams"),
        "DIRECTOR_DB_PATH": str(home / "director.db"),
    }
