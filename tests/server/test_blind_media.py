"""Pictures that are chosen from blind, over a real server: address and bytes tell nothing but the place."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import av
import httpx
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from director_lib.domain.task import PRIORITY_SINGLE, GenerationRequest, TaskState
from director_lib.domain.variant_arm import VariantPlace
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.media.files import VersionFiles
from director_lib.media.mark_clips import mark_clip
from director_lib.store.assets import ensure_asset
from director_lib.store.database import open_database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.tables import variant_sets
from director_lib.store.tasks import Outcome, finish, start
from director_lib.store.variant_sets import NewVariantSet, add_missing_sets, get_set, lift_blindness
from director_lib.store.versions import NewVersion, add_version
from tests.intake.studio import write_clip
from tests.server.live_server import LiveServer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "google-fine-model"


def add_set(server: LiveServer, set_id: str, kind: Kind, path: Path) -> None:
    """Record a set of one finished version, shown in the second place, and one that failed in the first."""
    settings = server.settings
    stored = VersionFiles(settings.media_dir).add(path, path.suffix)
    place = ("blind", 1, kind)
    database = open_database(settings.database)
    with database.write() as connection:
        asset_id = ensure_asset(connection, *place, now=NOW)
        places = (VariantPlace(2, 7), VariantPlace(1, 8))
        add_missing_sets(connection, [NewVariantSet(set_id, place, "dora", NOW, True, places)])
        for seed in (7, 8):
            task_id = f"t_{set_id}_{seed}"
            request = GenerationRequest(*place, engine="google", image_prompt="a lake", seed=seed)
            new = NewTask(task_id, request, "dora", 0.0, PRIORITY_SINGLE, NOW, variant_set_id=set_id)
            enqueue(connection, new)
            start(connection, task_id, NOW)
            if seed == 8:
                finish(connection, task_id, Outcome(TaskState.FAILED, NOW))
                continue
            made_of = Provenance(engine="google", seed=seed, task_id=task_id)
            version = NewVersion(
                stored.sha256, path.suffix, stored.size_bytes, Origin.GENERATED, NOW, provenance=made_of
            )
            made = add_version(connection, asset_id, version)
            finish(connection, task_id, Outcome(TaskState.SUCCEEDED, NOW, version_id=made.id))
    database.close()


@pytest.fixture(scope="module")
def still(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a still whose own file says what made it."""
    path = tmp_path_factory.mktemp("still") / "still.png"
    told = PngInfo()
    told.add_text("Software", SECRET)
    Image.new("RGB", (1600, 900), "teal").save(path, pnginfo=told)
    add_set(server, "v_still", Kind.KEYFRAME, path)
    return "/media/blind/v_still/2"


@pytest.fixture(scope="module")
def clip(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a clip whose own file says what made it."""
    folder = tmp_path_factory.mktemp("clip")
    marked = folder / "marked.mp4"
    mark_clip(
        write_clip(folder / "clip.mp4", "teal"), marked, ".mp4", {"comment": SECRET}, f"<x>{SECRET}</x>"
    )
    assert SECRET.encode() in marked.read_bytes()
    add_set(server, "v_clip", Kind.VIDEO, marked)
    return "/media/blind/v_clip/2"


def test_a_still_is_encoded_anew_and_tells_nothing(ann: httpx.Client, still: str) -> None:
    answer = ann.get(still)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert SECRET.encode() not in answer.content
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == 1280
    assert "png" not in str(answer.headers)


def test_a_clip_keeps_its_pictures_and_tells_nothing(ann: httpx.Client, clip: str) -> None:
    answer = ann.get(clip)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert SECRET.encode() not in answer.content
    with av.open(io.BytesIO(answer.content)) as read:
        assert sum(1 for _ in read.decode(video=0)) > 1
    poster = ann.get(f"{clip}/poster")
    assert (poster.status_code, poster.headers["content-type"]) == (200, "image/webp")
    assert ann.get(clip, headers={"Range": "bytes=0-9"}).status_code == 206


@pytest.mark.parametrize(
    "address", ["v_still/1", "v_still/3", "v_still/9", "v_none/1", "v_still/2/poster/x", "%2e%2e/2"]
)
def test_where_nothing_was_made_nothing_is_sent(ann: httpx.Client, still: str, address: str) -> None:
    assert ann.get(f"/media/blind/{address}").status_code == 404


def test_strangers_get_nothing(server: LiveServer, still: str) -> None:
    answer = httpx.get(f"{server.url}{still}", follow_redirects=False)
    assert answer.status_code in (302, 401, 403)


@pytest.mark.parametrize("made", ["still", "clip"])
def test_its_own_file_tells_nothing_either_until_it_is_chosen(
    server: LiveServer, ann: httpx.Client, made: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(made)
    database = open_database(server.settings.database)
    with database.read() as connection:
        [version] = get_set(connection, f"v_{made}").versions
    address = f"/media/file/{version.sha256}{version.extension}"
    for asked in (address, f"{address}?download=mine"):
        answer = ann.get(asked)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert SECRET.encode() not in answer.content
        assert SECRET not in str(answer.headers)
    with database.write() as connection:
        lift_blindness(connection, f"v_{made}")
    assert SECRET.encode() in ann.get(address).content
    with database.write() as connection:
        connection.execute(variant_sets.update().values(is_blind=True))
    database.close()
