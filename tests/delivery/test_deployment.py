from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from director_lib.delivery.deployment import (
    Deployment,
    find_deployment,
    find_shown_build,
    read_deployments,
    record_deployment,
    switch_folder,
)
from director_lib.delivery.site_builds import builds_folder
from director_lib.errors import InputError, InvalidIdError, NotFoundError, StorageError, StreamFileError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from tests.delivery.films import Film, make_film, plain_still, stored

AT = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)


def deployment(number: int, url: str = "https://studio.example/film") -> Deployment:
    return Deployment(url, AT + timedelta(days=number), "dora", "folder", f"{number:016x}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deployment.json"


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """A film with two builds."""
    return make_film(tmp_path / "studio", 1)


def rebuild(film: Film, number: int) -> str:
    path = plain_still(film.folder / f"{number}.png", number)
    film.files = dict.fromkeys(film.files, stored(path))
    return film.build().build_id


def test_nothing_is_deployed_where_nothing_is_recorded(file: Path) -> None:
    assert read_deployments(file) == []
    assert find_deployment(file) is None


def test_what_is_recorded_is_read_with_all_that_was_before_the_latest_first(file: Path) -> None:
    for number in (1, 2, 3):
        record_deployment(file, deployment(number))
    assert read_deployments(file) == [deployment(3), deployment(2), deployment(1)]
    assert find_deployment(file) == deployment(3)


def test_the_file_has_what_other_programs_look_for(tmp_path: Path) -> None:
    folder = tmp_path / "film"
    (folder / "keyframes").mkdir(parents=True)
    at = datetime(2026, 11, 21, 12, 15, tzinfo=timezone(timedelta(hours=2)))
    record_deployment(
        folder / "deployment.json", Deployment("https://a.example/", at, "dóra", "command", "0" * 16)
    )
    said = json.loads((folder / "deployment.json").read_text(encoding="utf-8"))
    assert said == {
        "url": "https://a.example/",
        "deployed_at": "2026-11-21T10:15:00Z",
        "deployed_by": "dóra",
        "platform": "command",
        "build_id": "0" * 16,
        "stream_url": "https://a.example/",
        "history": [],
    }
    assert read_stream(StreamsRoot(tmp_path), "film").deployed_url == "https://a.example/"


def test_what_another_program_recorded_becomes_history_and_its_other_keys_stay(file: Path) -> None:
    file.write_text(
        '{"stream_url": "https://old.example/", "deployed_at": "2025-01-02", "project": {"id": 7}, "by": 3}'
    )
    before = find_deployment(file)
    assert before == Deployment("https://old.example/", datetime(2025, 1, 2, tzinfo=UTC))
    record_deployment(file, deployment(1))
    assert read_deployments(file) == [deployment(1), before]
    said = json.loads(file.read_text())
    assert (said["project"], said["by"]) == ({"id": 7}, 3)


@pytest.mark.parametrize(
    "text",
    ["[]", "3", '{"url": 3}', '{"history": "long"}', '{"history": [1, null, {"url": ""}]}'],
)
def test_odd_files_are_read_and_written_all_the_same(file: Path, text: str) -> None:
    file.write_text(text)
    assert read_deployments(file) == []
    record_deployment(file, deployment(1))
    assert find_deployment(file) == deployment(1)


def test_an_instant_that_nobody_can_read_is_unknown(file: Path) -> None:
    file.write_text('{"url": "https://a.example", "deployed_at": "last week"}')
    assert read_deployments(file) == [Deployment("https://a.example", None)]


def test_a_broken_file_is_told_and_stays_as_it_is(file: Path) -> None:
    file.write_text('{"url": ')
    os.utime(file, (1, 1))
    with pytest.raises(StreamFileError):
        record_deployment(file, deployment(1))
    assert file.read_text() == '{"url": '


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "ftp://a", "https://", "https://a b", "site/film"]
)
def test_what_is_no_address_is_refused(file: Path, url: str) -> None:
    with pytest.raises(InputError, match="no address"):
        record_deployment(file, deployment(1, url))
    assert not file.exists()


def test_an_address_on_the_own_server_is_one(file: Path) -> None:
    record_deployment(file, deployment(1, "/site/film/"))
    assert find_deployment(file) == deployment(1, "/site/film/")


def test_an_instant_without_zone_is_refused(file: Path) -> None:
    with pytest.raises(InputError, match="time zone"):
        record_deployment(file, Deployment("https://a.example", datetime(2026, 1, 1)))  # noqa: DTZ001


def test_a_target_shows_the_build_that_it_is_switched_to_and_any_earlier_one(film: Film) -> None:
    first, second = rebuild(film, 1), rebuild(film, 2)
    assert find_shown_build(film.target) is None
    for build_id in (first, second, first):
        switch_folder(film.target, build_id)
        assert find_shown_build(film.target) == build_id
        assert (film.target / "index.html").is_file()
        assert film.target.resolve() == (builds_folder(film.target) / build_id).resolve()
    assert {path.name for path in film.target.parent.iterdir()} == {"film", ".film.builds"}


def test_a_site_can_be_moved_with_its_builds(film: Film) -> None:
    build_id = rebuild(film, 1)
    switch_folder(film.target, build_id)
    moved = film.target.parent.rename(film.folder / "elsewhere")
    assert find_shown_build(moved / "film") == build_id
    assert (moved / "film" / "index.html").is_file()


def test_a_damaged_build_is_not_shown(film: Film) -> None:
    first, second = rebuild(film, 1), rebuild(film, 2)
    switch_folder(film.target, first)
    (builds_folder(film.target) / second / "public/frames/segment_1/0001.webp").write_bytes(b"half")
    with pytest.raises(StorageError, match="is damaged: 1 of its files"):
        switch_folder(film.target, second)
    assert find_shown_build(film.target) == first


def test_a_build_that_is_not_there_is_refused(film: Film) -> None:
    with pytest.raises(NotFoundError):
        switch_folder(film.target, "0" * 16)
    for hostile in ("../film", "", "/etc", "0" * 17):
        with pytest.raises(InvalidIdError):
            switch_folder(film.target, hostile)


def test_a_folder_or_link_of_somebody_else_is_never_replaced(film: Film) -> None:
    build_id = rebuild(film, 1)
    film.target.mkdir()
    (film.target / "mine.txt").write_text("mine")
    with pytest.raises(StorageError, match="not a site of the workbench"):
        switch_folder(film.target, build_id)
    assert (film.target / "mine.txt").read_text() == "mine"
    other = film.target.rename(film.folder / "mine")
    film.target.symlink_to(other)
    with pytest.raises(StorageError, match="not a site of the workbench"):
        switch_folder(film.target, build_id)
    assert film.target.readlink() == other


def test_a_disk_that_refuses_leaves_what_was_shown(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = rebuild(film, 1), rebuild(film, 2)
    switch_folder(film.target, first)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError, match="could not be switched"):
        switch_folder(film.target, second)
    assert find_shown_build(film.target) == first
    assert {path.name for path in film.target.parent.iterdir()} == {"film", ".film.builds"}
