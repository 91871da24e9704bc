"""Google Drive with everything that goes wrong there: nothing is lost, and nothing is sent twice."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from director_lib.delivery import archive_drive
from director_lib.errors import ConfigError
from tests.archive.conftest import OpenShelf, Shelf
from tests.archive.fake_drive import FOLDER, FakeDrive

LARGE_BYTES = 1_300_003


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_drive, "_WAITS_S", (0.0, 0.001, 0.001, 0.001, 0.001))
    monkeypatch.setattr(archive_drive, "PART_BYTES", 512 * 1024)


@pytest.fixture
def large(drive_shelf: Shelf) -> bytes:
    """The bytes of a version that may go."""
    data = random.Random(3).randbytes(LARGE_BYTES)
    drive_shelf.add(data)
    drive_shelf.add(b"newer")
    return data


@pytest.mark.parametrize(
    "faults",
    [
        {"PUT part": ["", "503"]},
        {"PUT part": ["cut", "", "500"]},
        {"PUT part": ["", "429"], "PUT status": ["", "503", "cut"]},
        {"POST upload": ["503", "403 userRateLimitExceeded"]},
        {"GET list": ["500", "cut"], "GET about": ["503"]},
        {"GET media": ["", "cut", "503"]},
    ],
)
def test_what_passes_is_waited_for_and_goes_on_where_it_stopped(
    drive_shelf: Shelf, drive: FakeDrive, large: bytes, faults: dict[str, list[str]]
) -> None:
    for what, wrong in faults.items():
        drive.faults[what] += wrong
    report = drive_shelf.archive(keep=1)
    assert (report.n_files, report.troubles) == (1, [])
    assert [data for _, data in drive.files.values()] == [large]
    assert drive.received == LARGE_BYTES
    assert not any(drive.faults.values())


def test_an_upload_that_broke_off_is_taken_up_by_the_next_run(
    drive_shelf: Shelf, drive: FakeDrive, large: bytes
) -> None:
    drive.faults["PUT part"] += ["", "403 storageQuotaExceeded"]
    broken = drive_shelf.archive(keep=1)
    assert broken.n_files == 0
    assert "storageQuotaExceeded" in broken.troubles[0]
    assert "Make room" in broken.troubles[0]
    assert drive.files == {}
    already = drive.received
    assert already == 768 * 1024
    assert drive_shelf.archive(keep=1).n_files == 1
    assert drive.received == LARGE_BYTES
    assert len(drive.uploads) == 1


def test_a_forgotten_upload_begins_anew(drive_shelf: Shelf, drive: FakeDrive, large: bytes) -> None:
    drive.faults["PUT part"] += ["", "403 storageQuotaExceeded"]
    drive_shelf.archive(keep=1)
    drive.uploads.clear()
    assert drive_shelf.archive(keep=1).n_files == 1
    assert [data for _, data in drive.files.values()] == [large]


def test_a_token_that_expires_half_way_is_replaced(
    drive_shelf: Shelf, drive: FakeDrive, large: bytes
) -> None:
    drive.faults["PUT part"] += ["", "401"]
    drive.faults["GET media"] += ["401"]
    assert drive_shelf.archive(keep=1).n_files == 1
    assert len(drive.asked) == 3
    assert drive.received >= LARGE_BYTES


def test_a_key_that_is_refused_leaves_everything_here(
    drive_shelf: Shelf, drive: FakeDrive, large: bytes
) -> None:
    drive.faults["GET about"] += ["401", "401"]
    with pytest.raises(Exception, match="the key is not valid"):
        drive_shelf.archive(keep=1)
    assert len(list(drive_shelf.workbench.studio.files.root.glob("versions/*/*"))) == 2


def test_a_wrong_copy_is_sent_again_and_twice_wrong_moves_nothing(
    drive_shelf: Shelf, drive: FakeDrive, large: bytes
) -> None:
    drive.damages = 2
    failed = drive_shelf.archive(keep=1)
    assert failed.n_files == 0
    assert "other bytes" in failed.troubles[0]
    assert len(list(drive_shelf.workbench.studio.files.root.glob("versions/*/*"))) == 2
    assert drive_shelf.workbench.archive.list() == []
    drive.damages = 1
    assert drive_shelf.archive(keep=1).n_files == 1
    assert [data for _, data in drive.files.values()] == [large]


def test_a_user_who_gave_leave_can_be_the_account(
    open_shelf: OpenShelf, drive: FakeDrive, tmp_path: Path
) -> None:
    file = tmp_path / "user.json"
    user = {"type": "authorized_user", "client_id": "c", "client_secret": "hush", "refresh_token": "r"}
    file.write_text(json.dumps({**user, "token_uri": f"{drive.url}/token"}))
    shelf = open_shelf(f"gdrive://{FOLDER}", gdrive_credentials=file, gdrive_base_url=drive.url)
    shelf.add(b"old")
    shelf.add(b"new")
    assert shelf.archive(keep=1).n_files == 1
    assert "grant_type=refresh_token" in drive.asked[0]


def test_without_a_usable_key_it_says_which_setting(open_shelf: OpenShelf, tmp_path: Path) -> None:
    secret = tmp_path / "key.json"
    secret.write_text('{"type": "service_account", "private_key": "top-secret"}')
    for file in (None, tmp_path / "missing.json", secret):
        shelf = open_shelf(f"gdrive://{FOLDER}", gdrive_credentials=file)
        with pytest.raises(ConfigError, match="DIRECTOR_GDRIVE_CREDENTIALS") as refused:
            shelf.archive()
        assert "top-secret" not in refused.value.user_message
