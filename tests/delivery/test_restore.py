from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from director_lib.config import Settings
from director_lib.delivery.restore import restore_backup
from director_lib.delivery.restore_staging import Staging
from director_lib.errors import DirectorError, StorageError
from director_lib.streams.atomic import atomic_write
from tests.delivery.conftest import Saved
from tests.delivery.studio import Part, elsewhere, files_of, rewrite, rows_of

TABLE = "tables/decisions.jsonl"


def nothing_is_there(place: Settings) -> bool:
    """Tell whether a place holds nothing that one could take for a studio."""
    left = [path for path in place.home.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return left == [] and list(place.home.rglob(".restore-*")) == []


def check_refused(source: Path, place: Settings, why: str) -> None:
    with pytest.raises(StorageError, match=why):
        restore_backup(source, place)
    assert nothing_is_there(place)


def change_member(name: str, change: Callable[[bytes], bytes]) -> Callable[[Part], list[Part]]:
    return lambda part: [Part(part.name, change(part.data)) if part.name == name else part]


def change_manifest(**values: Any) -> Callable[[Part], list[Part]]:
    return change_member("manifest.json", lambda data: json.dumps(json.loads(data) | values).encode())


@pytest.mark.parametrize("which", ["version", "table", "stream"])
def test_a_changed_member_is_named_and_nothing_is_restored(
    saved: Saved, empty: Settings, tmp_path: Path, which: str
) -> None:
    names = [member.name for member in saved.manifest.members if member.size_bytes]
    name = next(name for name in names if name.startswith(which))
    for number, change in enumerate(
        (lambda data: data[:-1] + b"!", lambda data: data[:-1], lambda data: data + b"!")
    ):
        other = rewrite(saved.file, tmp_path / f"b{number}", change_member(name, change))
        check_refused(other, empty, name)


def test_a_removed_or_added_member_is_named(saved: Saved, empty: Settings, tmp_path: Path) -> None:
    without = rewrite(saved.file, tmp_path / "a", lambda part: [] if part.name == TABLE else [part])
    check_refused(without, empty, f"{TABLE} is missing")
    added = Part("streams/film/evil.json", b"{}")
    more = rewrite(saved.file, tmp_path / "b", lambda part: [part, added] if part.name == TABLE else [part])
    check_refused(more, empty, "evil")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(saved: Saved, empty: Settings, tmp_path: Path) -> None:
    twice = rewrite(saved.file, tmp_path / "b", lambda part: [part, part] if part.name == TABLE else [part])
    check_refused(twice, empty, "twice")


def test_a_flipped_byte_inside_the_file_is_noticed(saved: Saved, empty: Settings, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved.file) as archive:
        [info] = [info for info in archive.infolist() if info.filename == TABLE]
    data = bytearray(saved.file.read_bytes())
    data[info.header_offset + 30 + len(info.filename) + 20 + 5] ^= 0xFF
    (tmp_path / "b").write_bytes(data)
    check_refused(tmp_path / "b", empty, TABLE)


def test_a_file_that_was_cut_off_names_the_member_in_which_it_ends(
    saved: Saved, empty: Settings, tmp_path: Path
) -> None:
    with zipfile.ZipFile(saved.file) as archive:
        infos = archive.infolist()
    for info in (info for info in infos if info.compress_size > 2):
        cut = tmp_path / "cut"
        cut.write_bytes(saved.file.read_bytes()[: info.header_offset + 30 + len(info.filename) + 21])
        check_refused(cut, empty, f"cut off in {info.filename}")


@how(max_examples=25, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_off_anywhere_restores_nothing(saved: Saved, share: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = saved.file.read_bytes()
        (Path(folder) / "cut").write_bytes(data[: int(share * len(data))])
        check_refused(Path(folder) / "cut", elsewhere(Path(folder) / "home"), "cannot be restored")


@pytest.mark.parametrize("content", [b"", b"not a backup", b"PK\x03\x04" + b"\xff" * 100])
def test_a_file_that_is_no_backup_is_refused(empty: Settings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b").write_bytes(content)
    check_refused(tmp_path / "b", empty, "cannot be restored")


def test_a_missing_file_and_another_zip_are_refused(empty: Settings, tmp_path: Path) -> None:
    check_refused(tmp_path / "nowhere", empty, "cannot be read")
    with zipfile.ZipFile(tmp_path / "holiday.zip", "w") as archive:
        archive.writestr("beach.jpg", b"sand")
    check_refused(tmp_path / "holiday.zip", empty, "no backup")


def test_a_backup_of_a_newer_release_is_refused(saved: Saved, empty: Settings, tmp_path: Path) -> None:
    newer = rewrite(saved.file, tmp_path / "b", change_manifest(schema_revision="9999"))
    check_refused(newer, empty, "newer release")
    later_format = rewrite(saved.file, tmp_path / "c", change_manifest(format=2))
    check_refused(later_format, empty, "manifest.json")


@pytest.mark.parametrize(
    "path",
    [
        "../evil.json",
        "/etc/evil.json",
        "film/../../evil.json",
        ".locks/evil.json",
        ".trash/film/x.json",
        "C:/x",
        "..",
    ],
)
def test_a_manifest_that_leads_out_of_the_streams_is_refused(
    saved: Saved, empty: Settings, tmp_path: Path, path: str
) -> None:
    [some, *_] = [file.model_dump() for file in saved.manifest.stream_files]
    other = rewrite(saved.file, tmp_path / "b", change_manifest(stream_files=[some | {"path": path}]))
    with pytest.raises(DirectorError):
        restore_backup(other, empty)
    assert nothing_is_there(empty)
    assert not list(tmp_path.rglob("evil.json"))


@pytest.mark.parametrize(
    "links", [{"alias": "/etc"}, {"alias": "../.."}, {"../alias": "film"}, {"film": "sequel"}]
)
def test_a_manifest_whose_links_lead_elsewhere_is_refused(
    saved: Saved, empty: Settings, tmp_path: Path, links: dict[str, str]
) -> None:
    other = rewrite(saved.file, tmp_path / "b", change_manifest(stream_links=links))
    with pytest.raises(DirectorError):
        restore_backup(other, empty)
    assert nothing_is_there(empty)


def test_a_manifest_with_other_tables_or_counts_is_refused(
    saved: Saved, empty: Settings, tmp_path: Path
) -> None:
    tables = saved.manifest.tables
    cases = {
        "another number": tables | {"decisions": 99},
        "unknown tables": tables | {"alembic_version": 1},
        "no rows of sessions|unknown tables": tables | {"sessions": 0},
    }
    for number, (why, changed) in enumerate(cases.items()):
        other = rewrite(saved.file, tmp_path / f"b{number}", change_manifest(tables=changed))
        check_refused(other, empty, why)


def in_the_way(place: Settings) -> dict[str, Path]:
    return {
        "a database": place.database_file,
        "a write-ahead log": place.database_file.with_name("director.db-wal"),
        "a queue": place.queue_file,
        "a version": place.media_dir / "versions" / "ab" / "abc.png",
        "a stream": place.streams_root / "film" / "production.json",
        "a file among the streams": place.streams_root / "notes.txt",
        "a trash": place.streams_root / ".trash" / "film~20261120T090005Z-cdd1" / "production.json",
    }


@pytest.mark.parametrize("what", sorted(in_the_way(elsewhere(Path("/nowhere")))))
def test_a_place_that_is_not_empty_is_left_alone(saved: Saved, empty: Settings, what: str) -> None:
    path = in_the_way(empty)[what]
    path.parent.mkdir(parents=True)
    path.write_bytes(b"mine")
    with pytest.raises(StorageError, match="empty place"):
        restore_backup(saved.file, empty)
    assert files_of(empty.home) == {str(path.relative_to(empty.home)): b"mine"}


def test_a_restore_is_refused_the_second_time(saved: Saved, empty: Settings) -> None:
    restore_backup(saved.file, empty)
    before = files_of(empty.home)
    with pytest.raises(StorageError, match=r"director\.db"):
        restore_backup(saved.file, empty)
    assert files_of(empty.home) == before


def test_streams_and_database_may_be_in_different_places(saved: Saved, tmp_path: Path) -> None:
    base = elsewhere(tmp_path / "home")
    place = base.model_copy(
        update={"streams_dir": tmp_path / "disk" / "films", "db_path": tmp_path / "db" / "reviews.db"}
    )
    restore_backup(saved.file, place)
    assert rows_of(place) == rows_of(saved.settings)
    assert files_of(tmp_path / "disk" / "films") == files_of(saved.settings.streams_root)


class LostPowerError(BaseException):
    """Nothing in the product catches this."""


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_restore_that_ends_at_any_rename_is_as_if_it_never_began(
    saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    publish = Staging.publish
    for n_steps in range(20):
        place = elsewhere(tmp_path / f"home{n_steps}")
        with monkeypatch.context() as patch:
            left = cut_renames(patch, n_steps, is_killed)
            patch.setattr(Staging, "publish", armed(publish, left))
            try:
                restore_backup(saved.file, place)
            except LostPowerError:
                assert not place.database_file.exists()
                assert is_killed or nothing_is_there(place)
        if left["steps"] > 0:
            break
        if not place.database_file.exists():
            restore_backup(saved.file, place)
        assert rows_of(place) == rows_of(saved.settings)
        assert files_of(place.streams_root) == files_of(saved.settings.streams_root)
        assert list(place.home.rglob(".restore-*")) == []
    assert n_steps > 5


def cut_renames(patch: pytest.MonkeyPatch, n_steps: int, is_killed: bool) -> dict[str, Any]:
    """Let so many renames of the publishing pass; a killed process does not tidy up either."""
    left: dict[str, Any] = {"steps": n_steps, "armed": False}
    rename = Path.rename

    def cutting(path: Path, target: Path) -> Path:
        if left["armed"]:
            if left["steps"] == 0:
                left["armed"] = False
                if is_killed:
                    patch.setattr(Staging, "take_back", lambda staging: None)
                raise LostPowerError
            left["steps"] -= 1
        return rename(path, target)

    patch.setattr(Path, "rename", cutting)
    return left


def armed(publish: Callable[[Staging], None], left: dict[str, Any]) -> Callable[[Staging], None]:
    def run(staging: Staging) -> None:
        left["armed"] = True
        publish(staging)
        left["armed"] = False

    return run


def test_what_a_killed_restore_left_unpacked_is_removed_by_the_next(saved: Saved, empty: Settings) -> None:
    for folder in (empty.home / ".restore-0a", empty.streams_root / ".restore-0a" / "film"):
        folder.mkdir(parents=True)
        atomic_write(folder / "half", b"half")
    restore_backup(saved.file, empty)
    assert list(empty.home.rglob(".restore-*")) == []
    assert rows_of(empty) == rows_of(saved.settings)
