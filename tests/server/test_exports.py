"""Exports over a real server."""

from __future__ import annotations

import io
import json
import zipfile

import httpx
import pytest
from PIL import Image

from director_lib.domain.people import Actor, Role
from director_lib.domain.version import Kind
from director_lib.workbench import Workbench
from tests.server.live_server import LiveServer


@pytest.fixture(scope="module")
def stream(server: LiveServer) -> str:
    """A stream of two segments with stills."""
    folder = server.settings.streams_root / "takeaway"
    (folder / "keyframes").mkdir(parents=True)
    for number in (1, 2):
        still = folder / "keyframes" / f"segment_{number}_keyframe.png"
        Image.new("RGB", (64, 36), (number * 50, 90, 20)).save(still)
    segments = [{"id": number, "image_prompt": "a sea"} for number in (1, 2)]
    (folder / "production.json").write_text(json.dumps({"stream": {"id": "takeaway"}, "segments": segments}))
    with Workbench.open(server.settings, Actor("ann", Role.DIRECTOR)) as workbench:
        workbench.streams.scan("takeaway")
    return "takeaway"


def test_a_zip_comes_with_its_exact_length_and_a_clear_name(
    ann: httpx.Client, bob: httpx.Client, stream: str
) -> None:
    for person in (ann, bob):
        answer = person.get(f"/export/{stream}/all")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        assert 'filename="takeaway_all.zip"' in answer.headers["content-disposition"]
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert answer.headers["cache-control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
            assert opened.testzip() is None
    told = ann.head(f"/export/{stream}/keyframes")
    taken = ann.get(f"/export/{stream}/keyframes")
    assert told.headers["content-length"] == str(len(taken.content))
    assert told.content == b""


def test_form_and_segments_can_be_chosen(ann: httpx.Client, stream: str) -> None:
    page = ann.get(f"/export/{stream}/report?ending=.html")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-disposition"].startswith("attachment")
    one = ann.get(f"/export/{stream}/keyframes?segments=2")
    with zipfile.ZipFile(io.BytesIO(one.content)) as opened:
        assert [name for name in opened.namelist() if name.endswith("png")] == [
            "takeaway/keyframes/takeaway_keyframe_002_v1.png"
        ]


def test_strangers_are_sent_to_the_sign_in_page(server: LiveServer, stream: str) -> None:
    with server.browser() as stranger:
        answer = stranger.get(f"/export/{stream}/all")
    assert answer.status_code == 302
    assert "/login" in answer.headers["location"]


@pytest.mark.parametrize(
    "path",
    [
        "nothing/all",
        "..%2f..%2fetc/all",
        "takeaway/secrets",
        "takeaway/all?ending=.exe",
        "takeaway/keyframes?segments=1;2",
        "takeaway/keyframes?segments=77",
    ],
)
def test_what_is_not_there_is_not_found(ann: httpx.Client, stream: str, path: str) -> None:
    assert ann.get(f"/export/{path}").status_code == 404


def test_a_lost_file_is_told_before_the_first_byte(
    ann: httpx.Client, server: LiveServer, stream: str
) -> None:
    with Workbench.open(server.settings, Actor("ann", Role.DIRECTOR)) as workbench:
        version = workbench.reviews.standing(stream).version(2, Kind.KEYFRAME)
        assert version is not None
        lost = workbench.studio.files.get(version.sha256, version.extension)
    kept = lost.read_bytes()
    lost.unlink()
    try:
        answer = ann.get(f"/export/{stream}/all")
    finally:
        lost.write_bytes(kept)
    assert answer.status_code == 503
    assert "takeaway_keyframe_002_v1.png is missing" in answer.text
