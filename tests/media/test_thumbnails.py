"""Small pictures of versions."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from director_lib.errors import InputError, InvalidMediaError, NotFoundError, StorageError
from director_lib.media.files import VersionFiles
from director_lib.media.thumbnails import THUMBNAIL_WIDTHS, thumbnail


def _make(root: Path, sha256: str) -> str:
    return str(thumbnail(VersionFiles(root), sha256, ".png", 320))


def test_a_still_is_shrunk_to_webp_with_its_shape(files, still):
    stored = files.add(still(".png"), ".png")
    path = thumbnail(files, stored.sha256, ".png", 320)
    assert path.is_relative_to(files.root / "thumbnails")
    with Image.open(path) as image:
        assert (image.format, image.size) == ("WEBP", (320, 180))


def test_it_looks_like_its_source(files, still, picture):
    stored = files.add(still(".png"), ".png")
    with Image.open(thumbnail(files, stored.sha256, ".png", 320)) as image:
        small = np.asarray(image.convert("RGB").resize((8, 6), Image.Resampling.BOX), int)
    assert np.abs(small - np.asarray(picture.resize((8, 6), Image.Resampling.BOX), int)).max() < 12


def test_a_clip_shows_its_first_frame(files, clip):
    stored = files.add(clip(), ".mp4")
    with Image.open(thumbnail(files, stored.sha256, ".mp4", 320)) as image:
        red, green, blue = np.asarray(image.convert("RGB"), int)[24, 40]
    assert red > 180
    assert max(green, blue) < 60


def test_a_small_picture_is_not_enlarged(files, still):
    stored = files.add(still(".jpg"), ".jpg")
    with Image.open(thumbnail(files, stored.sha256, ".jpg", 1280)) as image:
        assert image.size == (480, 270)


def test_it_is_made_once(files, still):
    stored = files.add(still(".png"), ".png")
    first = thumbnail(files, stored.sha256, ".png", 640)
    before = first.stat().st_mtime_ns
    assert thumbnail(files, stored.sha256, ".png", 640) == first
    assert first.stat().st_mtime_ns == before


def test_each_width_is_kept_apart(files, still):
    stored = files.add(still(".png"), ".png")
    assert len({thumbnail(files, stored.sha256, ".png", width) for width in THUMBNAIL_WIDTHS}) == 3


@pytest.mark.parametrize("width_px", [0, -1, 321, 100_000])
def test_other_widths_are_refused(files, still, width_px):
    stored = files.add(still(".png"), ".png")
    with pytest.raises(InputError, match="320, 640, 1280"):
        thumbnail(files, stored.sha256, ".png", width_px)


def test_an_unknown_version_is_not_found(files):
    with pytest.raises(NotFoundError):
        thumbnail(files, "0" * 64, ".png", 320)


def test_a_damaged_version_is_refused_and_leaves_nothing(files, still, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(still(".png").read_bytes()[:2000])
    stored = files.add(broken, ".png")
    with pytest.raises(InvalidMediaError):
        thumbnail(files, stored.sha256, ".png", 320)
    assert not (files.root / "thumbnails").exists()


def test_a_folder_that_cannot_be_written_is_a_storage_error(files, still):
    stored = files.add(still(".png"), ".png")
    (files.root / "thumbnails").write_text("in the way")
    with pytest.raises(StorageError, match="itself is safe"):
        thumbnail(files, stored.sha256, ".png", 320)


def test_two_processes_may_make_the_same_one_at_once(files, still):
    stored = files.add(still(".png"), ".png")
    with multiprocessing.get_context("fork").Pool(2) as pool:
        made = set(pool.starmap(_make, [(files.root, stored.sha256)] * 6, chunksize=1))
        pool.close()
        pool.join()
    assert len(made) == 1
    with Image.open(made.pop()) as image:
        image.load()
    assert len([path for path in (files.root / "thumbnails").rglob("*") if path.is_file()]) == 1
