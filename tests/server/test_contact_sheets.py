"""Contact sheets over a real server."""

from __future__ import annotations

import io
import json

import httpx
import pytest
from PIL import Image

from tests.server.live_server import LiveServer


@pytest.fixture(scope="module")
def stream(server: LiveServer) -> str:
    """A stream of two segments without stills."""
    folder = server.settings.streams_root / "sheets"
    folder.mkdir(parents=True)
    segments = [{"id": number, "title": f"Part {number}", "image_prompt": "a sea"} for number in (1, 2)]
    spec = {"stream": {"id": "sheets", "title": "The sheets"}, "segments": segments, "sections": []}
    (folder / "production.json").write_text(json.dumps(spec))
    return "sheets"


def test_a_sheet_is_saved_under_a_clear_name(ann: httpx.Client, bob: httpx.Client, stream: str) -> None:
    for person in (ann, bob):
        answer = person.get(f"/s/{stream}/contact-sheet/keyframe.png")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/png"
        assert 'filename="sheets_stills.png"' in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
        with Image.open(io.BytesIO(answer.content)) as sheet:
            assert sheet.width > 700
    pdf = ann.get(f"/s/{stream}/contact-sheet/video.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert 'filename="sheets_clips.pdf"' in pdf.headers["content-disposition"]


def test_strangers_are_sent_to_the_sign_in_page(server: LiveServer, stream: str) -> None:
    with server.browser() as stranger:
        answer = stranger.get(f"/s/{stream}/contact-sheet/keyframe.pdf")
    assert answer.status_code == 302
    assert "/login" in answer.headers["location"]


@pytest.mark.parametrize(
    "path",
    [
        "nothing/contact-sheet/keyframe.pdf",
        "..%2f..%2fetc/contact-sheet/keyframe.pdf",
        "sheets/contact-sheet/story.pdf",
        "sheets/contact-sheet/keyframe.gif",
    ],
)
def test_what_is_not_there_is_not_found(ann: httpx.Client, stream: str, path: str) -> None:
    assert ann.get(f"/s/{path}").status_code == 404
