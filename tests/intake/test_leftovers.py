from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from director_lib.intake.leftovers import SPARED, sweep_leftovers
from director_lib.media.files import VersionFiles
from director_lib.streams.folder import StreamsRoot
from tests.intake.studio import Studio, write_still

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def leave(path: Path, age: timedelta) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, times=((NOW - age).timestamp(),) * 2)
    return path


def places(studio: Studio) -> list[Path]:
    """One temporary file in each place where a killed process can leave one."""
    return [
        studio.folder / ".production.json.0123456789ab.tmp",
        studio.folder / "keyframes" / ".segment_1_keyframe.png.0123456789ab.tmp",
        studio.folder / "videos" / ".segment_1.mp4.0123456789ab.tmp",
        studio.files.root / "incoming" / "tmpabc",
        studio.files.root / "thumbnails" / "320" / "ab" / ".tmpabc",
    ]


def test_what_killed_processes_left_is_removed_after_an_hour_and_not_before(studio: Studio) -> None:
    old = [leave(path, SPARED) for path in places(studio)]
    young = [leave(path.with_name(f"{path.name[:-1]}z"), SPARED) for path in places(studio)[3:]]
    for path in young:
        os.utime(path, times=((NOW - timedelta(minutes=59)).timestamp(),) * 2)
    assert sweep_leftovers(studio.files, studio.root, now=NOW) == []
    assert [path.exists() for path in old] == [False] * 5
    assert [path.exists() for path in young] == [True] * 2


def test_nothing_but_our_own_temporary_files_is_touched(studio: Studio) -> None:
    foreign = ["notes.tmp", ".notes.tmp", ".production.json.tmp", ".x.0123456789abc.tmp", "segment_1.tmp"]
    kept = [leave(studio.folder / name, timedelta(days=9)) for name in foreign]
    kept += [leave(studio.folder / "frames" / ".a.0123456789ab.tmp", timedelta(days=9))]
    still = write_still(studio.still())
    studio.scan()
    [version] = studio.versions()
    assert sweep_leftovers(studio.files, studio.root, now=NOW + timedelta(days=9000)) == []
    assert all(path.exists() for path in [*kept, still, studio.files.get(version.sha256, ".png")])


def test_what_cannot_be_removed_is_told_and_the_rest_is_removed(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing, *others = [leave(path, SPARED) for path in places(studio)]
    unlink = Path.unlink

    def refuse_one(path: Path, missing_ok: bool = False) -> None:
        if path == refusing:
            raise PermissionError(1, "Operation not permitted")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse_one)
    [error] = sweep_leftovers(studio.files, studio.root, now=NOW)
    assert str(refusing) in error.user_message
    assert not any(path.exists() for path in others)


def test_a_studio_without_anything_is_clean_and_a_missing_root_is_told(studio: Studio) -> None:
    assert sweep_leftovers(VersionFiles(studio.folder / "nowhere"), studio.root, now=NOW) == []
    shutil.rmtree(studio.root.root)
    [error] = sweep_leftovers(studio.files, StreamsRoot(studio.root.root), now=NOW)
    assert "does not exist" in error.user_message
