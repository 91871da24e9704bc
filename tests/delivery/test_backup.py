from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from director_lib.delivery.backup import write_backup
from director_lib.delivery.backup_manifest import MANIFEST
from director_lib.delivery.restore import restore_backup
from director_lib.domain.people import Role
from director_lib.errors import RuleError, StorageError
from director_lib.media.files import hash_file
from director_lib.store.database import Database
from director_lib.store.events import verify_log
from director_lib.store.migrate import current_revision
from director_lib.store.tables import metadata
from director_lib.workbench.people import People
from tests.delivery.conftest import Saved
from tests.delivery.studio import PASSWORD, elsewhere, files_of, rows_of
from tests.lifecycle.house import House


def test_a_restored_studio_has_every_row_version_and_stream_file(saved: Saved, empty) -> None:
    result = restore_backup(saved.file, empty)
    assert rows_of(empty) == rows_of(saved.settings)
    assert files_of(empty.media_dir / "versions") == files_of(saved.settings.media_dir / "versions")
    assert files_of(empty.streams_root) == files_of(saved.settings.streams_root)
    assert (empty.streams_root / "alias").readlink() == Path("film")
    assert result.manifest == saved.manifest
    assert result.manifest.n_rows == sum(map(len, rows_of(empty).values()))
    assert result.manifest.n_versions == 3
    assert [path.name for path in empty.streams_root.glob(".restore*")] == []


def test_every_table_is_in_the_backup_but_sessions(saved: Saved) -> None:
    assert saved.manifest.tables.keys() == metadata.tables.keys() - {"sessions"}
    assert saved.manifest.schema_revision == current_revision(Database(saved.settings.database_file))


def test_a_restored_studio_can_be_worked_in(saved: Saved, empty) -> None:
    restore_backup(saved.file, empty)
    house = House(empty)
    assert house.notes("film") == ["about film"]
    scanned = house.open_as(Role.DIRECTOR).streams.scan("film")
    assert (scanned.new_versions, scanned.changed, scanned.oddities) == ((), (), ())
    house.approve("film")
    assert [decision.seq for decision in house.decisions("film")] == [1, 4]
    [entry] = house.lifecycle().list_trash()
    house.lifecycle().restore(entry.id)
    assert house.notes("draft") == ["about draft"]
    with house.open_as(Role.VIEWER).studio.database.read() as connection:
        assert verify_log(connection) == []
    house.close()


def test_people_sign_in_with_their_passwords_and_nobody_is_signed_in(saved: Saved, empty) -> None:
    restore_backup(saved.file, empty)
    house = House(empty)
    people = People(house.open_as(Role.ADMIN).studio.database)
    with house.open_as(Role.ADMIN).studio.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 0
    actor = people.find_actor(people.sign_in("dora", PASSWORD))
    assert actor is not None
    assert actor.username == "dora"
    with pytest.raises(RuleError):
        people.sign_in("dora", f"{PASSWORD}!")
    house.close()


def test_version_files_come_back_read_only_and_apart_from_the_streams_own(saved: Saved, empty) -> None:
    restore_backup(saved.file, empty)
    still = empty.streams_root / "film" / "keyframes" / "segment_1_keyframe.png"
    [version] = [
        path
        for path in (empty.media_dir / "versions").rglob("*.png")
        if path.read_bytes() == still.read_bytes()
    ]
    assert stat.S_IMODE(version.stat().st_mode) == 0o444
    assert version.stat().st_ino != still.stat().st_ino
    original = saved.settings.streams_root / "film" / "keyframes" / still.name
    assert still.stat().st_mtime_ns == original.stat().st_mtime_ns


def test_a_still_that_is_a_version_is_in_the_file_once(saved: Saved) -> None:
    with zipfile.ZipFile(saved.file) as archive:
        assert [name for name in archive.namelist() if name.endswith(".png")] == [
            member.name for member in saved.manifest.members if member.name.startswith("versions/")
        ]


def test_only_its_owner_may_read_a_backup(saved: Saved) -> None:
    assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600


def test_any_unzip_can_read_a_backup(saved: Saved) -> None:
    with zipfile.ZipFile(saved.file) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == MANIFEST
        packing = {info.filename: info.compress_type for info in archive.infolist()}
    assert (
        packing["tables/decisions.jsonl"] == packing["streams/film/production.json"] == zipfile.ZIP_DEFLATED
    )
    assert {packing[name] for name in packing if name.startswith("versions/")} == {zipfile.ZIP_STORED}


def test_a_backup_without_streams_has_the_database_and_the_versions(furnished: House, tmp_path: Path) -> None:
    manifest = write_backup(furnished.settings, tmp_path / "b", with_streams=False)
    assert (manifest.stream_files, manifest.stream_links) == ([], {})
    empty = elsewhere(tmp_path / "restored")
    restore_backup(tmp_path / "b", empty)
    assert rows_of(empty) == rows_of(furnished.settings)
    assert list(empty.streams_root.iterdir()) == []


def test_missing_and_damaged_versions_are_told_and_stop_nothing(furnished: House, tmp_path: Path) -> None:
    missing, damaged, whole = sorted(furnished.settings.media_dir.rglob("*.png"))
    missing.unlink()
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    manifest = write_backup(furnished.settings, tmp_path / "b")
    assert [(Path(item.what).name, item.why) for item in manifest.damaged] == [
        (missing.name, "it is missing"),
        (damaged.name, "its bytes are not the ones that were judged"),
    ]
    empty = elsewhere(tmp_path / "restored")
    restore_backup(tmp_path / "b", empty)
    assert rows_of(empty) == rows_of(furnished.settings)
    assert [path.name for path in empty.media_dir.rglob("*.png")] == [whole.name]
    # the streams' own files still have the bytes
    assert files_of(empty.streams_root) == files_of(furnished.root)


def test_links_out_of_the_studio_are_told_and_not_followed(furnished: House, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('"a key"')
    (furnished.root / "film" / "notes.json").symlink_to(secret)
    (furnished.root / "film" / "again.json").symlink_to("production.json")
    manifest = write_backup(furnished.settings, tmp_path / "b")
    assert [item.what for item in manifest.damaged] == ["film/notes.json"]
    assert "film/again.json" in {file.path for file in manifest.stream_files}
    assert b"a key" not in (tmp_path / "b").read_bytes()


def test_names_that_no_other_file_system_takes_are_told(furnished: House, tmp_path: Path) -> None:
    still = furnished.root / "film" / "keyframes" / "segment_1_keyframe.png"
    for name in ("a:b.png", "c\\d.png", "e\nf.png", "g\udcff.png"):
        (still.parent / name).write_bytes(still.read_bytes())
    manifest = write_backup(furnished.settings, tmp_path / "b")
    assert len(manifest.damaged) == 4
    restore_backup(tmp_path / "b", elsewhere(tmp_path / "restored"))


def test_a_link_that_was_put_away_leads_home_again_after_a_restore(furnished: House, tmp_path: Path) -> None:
    entry = furnished.lifecycle().trash("alias")
    write_backup(furnished.settings, tmp_path / "b")
    empty = elsewhere(tmp_path / "restored")
    restore_backup(tmp_path / "b", empty)
    house = House(empty)
    house.lifecycle().restore(entry.id)
    assert (empty.streams_root / "alias").resolve() == empty.streams_root / "film"
    house.close()


def test_an_existing_file_is_never_replaced(saved: Saved, tmp_path: Path) -> None:
    target = tmp_path / "b"
    target.write_text("last week's backup")
    with pytest.raises(StorageError, match="already"):
        write_backup(saved.settings, target)
    assert target.read_text() == "last week's backup"


@pytest.mark.parametrize("name", ["nowhere/b", "file/b"])
def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(
    saved: Saved, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="could not be written"):
        write_backup(saved.settings, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_disk_that_fills_up_leaves_nothing(
    saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        write_backup(saved.settings, tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_there_is_nothing_to_save_without_a_database(empty, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="DIRECTOR_HOME"):
        write_backup(empty, tmp_path / "b")
    assert not empty.database_file.exists()
    assert not (tmp_path / "b").exists()


def test_progress_is_told_from_the_first_row_to_the_end(saved: Saved, tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    write_backup(saved.settings, tmp_path / "b", progress=lambda what, percent: said.append((what, percent)))
    phases = list(dict.fromkeys(what for what, _ in said))
    assert phases == ["saving rows", "saving versions", "saving streams", "done"]
    assert all(0 <= percent <= 100 for _, percent in said)


def test_every_member_has_the_digest_that_the_manifest_says(saved: Saved, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved.file) as archive:
        for member in saved.manifest.members:
            path = Path(archive.extract(member.name, tmp_path))
            assert (hash_file(path), path.stat().st_size) == (member.sha256, member.size_bytes)
