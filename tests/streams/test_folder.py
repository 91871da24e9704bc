from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.errors import InvalidIdError, NotFoundError, StorageError
from director_lib.streams import folder
from director_lib.streams.folder import StreamsRoot
from tests.streams.shapes import art_film, touch, write


def test_streams_are_listed_in_order_by_any_of_the_four_things_a_stream_holds(root: StreamsRoot) -> None:
    touch(root.root, "d/input.json", "c/production.json", "b/keyframes/x", "a/videos/x")
    assert root.list_ids() == ["a", "b", "c", "d"]


def test_what_is_no_stream_is_ignored(root: StreamsRoot) -> None:
    write(root.root, "real", art_film())
    touch(
        root.root,
        ".locks/x.lock",
        ".hidden/input.json",
        "has space/input.json",
        "notes.txt",
        "empty/readme.md",
    )
    (root.root / "ünnep").mkdir()
    touch(root.root, "ünnep/input.json")
    assert root.list_ids() == ["real"]


def test_an_empty_root_lists_nothing(root: StreamsRoot) -> None:
    assert root.list_ids() == []


def test_a_missing_root_says_which_folder_and_what_to_do(tmp_path: Path) -> None:
    missing = StreamsRoot(tmp_path / "nowhere")
    with pytest.raises(StorageError, match=r"nowhere does not exist.*DIRECTOR_STREAMS_DIR"):
        missing.list_ids()
    with pytest.raises(StorageError, match="nowhere"):
        missing.path("a")


def test_a_root_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot be listed"):
        StreamsRoot(tmp_path / "file").list_ids()


def test_listing_never_looks_into_a_stream_s_own_folders(
    root: StreamsRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(write(root.root, "a", art_film()), "public/frames/1/frame_0001.webp")
    listed: list[Path] = []
    real_scandir = os.scandir

    def scandir(path: Path) -> Any:
        listed.append(path)
        return real_scandir(path)

    monkeypatch.setattr(folder.os, "scandir", scandir)
    assert root.list_ids() == ["a"]
    assert listed == [root.root]


def test_a_known_id_gives_its_folder(root: StreamsRoot) -> None:
    made = write(root.root, "a-1.b_2", art_film())
    assert root.path("a-1.b_2") == made


@pytest.mark.parametrize("stream_id", ["nobody", "folder-without-anything"])
def test_an_unknown_id_is_not_found(root: StreamsRoot, stream_id: str) -> None:
    (root.root / "folder-without-anything").mkdir()
    with pytest.raises(NotFoundError):
        root.path(stream_id)


@pytest.mark.parametrize(
    "stream_id", ["", ".", "..", "../x", "/etc", "a/b", "a\\b", "a\x00", "a\n", ".locks", "-x"]
)
def test_an_id_that_could_leave_its_folder_is_invalid(root: StreamsRoot, stream_id: str) -> None:
    with pytest.raises(InvalidIdError):
        root.path(stream_id)


@given(st.text(max_size=30))
def test_no_text_ever_leads_out_of_the_root(text: str) -> None:
    streams = StreamsRoot(Path(__file__).parent)
    with pytest.raises((InvalidIdError, NotFoundError)):
        streams.path(text)


def test_a_link_out_of_the_root_is_invalid_and_not_listed(root: StreamsRoot, tmp_path: Path) -> None:
    write(tmp_path, "outside", art_film())
    (root.root / "sly").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidIdError):
        root.path("sly")
    assert root.list_ids() == []


def test_a_link_to_the_root_itself_or_deeper_is_invalid(root: StreamsRoot) -> None:
    made = write(root.root, "a", art_film())
    touch(made, "inner/input.json")
    (root.root / "self").symlink_to(root.root)
    (root.root / "deep").symlink_to(made / "inner")
    assert root.list_ids() == ["a"]
    for stream_id in ("self", "deep"):
        with pytest.raises(InvalidIdError):
            root.path(stream_id)


def test_a_link_to_another_stream_is_that_stream_and_shares_its_lock(root: StreamsRoot) -> None:
    made = write(root.root, "a", art_film())
    (root.root / "alias").symlink_to(made)
    assert root.path("alias") == made
    assert root.lock_file("alias") == root.lock_file("a") == root.root / ".locks" / "a.lock"


def test_a_root_that_is_itself_a_link_works(root: StreamsRoot, tmp_path: Path) -> None:
    write(root.root, "a", art_film())
    (tmp_path / "link").symlink_to(root.root)
    linked = StreamsRoot(tmp_path / "link")
    assert linked.list_ids() == ["a"]
    assert linked.path("a") == root.path("a")
