"""Frames as files, and the data dictionary, over a real server."""

from __future__ import annotations

import io
import json

import httpx
import pandas as pd
import pytest

from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.workbench import Workbench
from tests.intake.studio import write_still
from tests.server.live_server import LiveServer


@pytest.fixture(scope="module")
def stream(server: LiveServer) -> str:
    """A stream with one decision."""
    folder = server.settings.streams_root / "measured"
    write_still(folder / "keyframes" / "segment_1_keyframe.png", "navy")
    segments = [{"id": 1, "image_prompt": "a sea"}]
    (folder / "production.json").write_text(json.dumps({"stream": {"id": "measured"}, "segments": segments}))
    with Workbench.open(server.settings, Actor("ann", Role.DIRECTOR)) as workbench:
        workbench.streams.scan("measured")
        version = workbench.reviews.standing("measured").version(1, Kind.KEYFRAME)
        assert version is not None
        workbench.reviews.decide("measured", Kind.KEYFRAME, {1: version.sha256}, DecisionKind.APPROVED)
    return "measured"


def test_a_frame_comes_as_csv_and_as_parquet(ann: httpx.Client, stream: str) -> None:
    csv = ann.get(f"/api/frames/decisions.csv?stream={stream}", timeout=60)
    assert csv.status_code == 200
    assert csv.headers["content-type"].startswith("text/csv")
    assert f'filename="{stream}_decisions.csv"' in csv.headers["content-disposition"]
    assert int(csv.headers["content-length"]) == len(csv.content)
    assert pd.read_csv(io.BytesIO(csv.content))["decision"].tolist() == ["approved"]
    exact = ann.get("/api/frames/reviews.parquet", timeout=60)
    assert stream in pd.read_parquet(io.BytesIO(exact.content))["stream_id"].tolist()


def test_what_is_no_frame_stream_or_format_is_not_there(ann: httpx.Client) -> None:
    for path in ("people.csv", "decisions.xlsx", "decisions.csv?stream=../x", "decisions.csv/.."):
        assert ann.get(f"/api/frames/{path}").status_code == 404


def test_who_is_not_signed_in_gets_none(server: LiveServer) -> None:
    with httpx.Client(base_url=server.url) as nobody:
        for path in ("/api/frames/decisions.csv", "/data-dictionary"):
            answer = nobody.get(path)
            assert answer.status_code in (302, 401, 403)


def test_the_data_dictionary_is_a_page_without_scripts(ann: httpx.Client) -> None:
    page = ann.get("/data-dictionary")
    assert page.status_code == 200
    assert 'data-testid="page-data-dictionary"' in page.text
    assert "<script" not in page.text
    assert 'id="decisions"' in page.text
