from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, StorageError
from director_lib.streams import media_names
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import find_archived, find_media, target_path
from tests.streams.shapes import touch, write


@pytest.fixture
def folder(root: StreamsRoot) -> Path:
    return write(root.root, "a")


def _current(root: StreamsRoot) -> dict[tuple[int, str], str]:
    return {(number, kind.value): path.name for (number, kind), path in find_media(root, "a").items()}


ORDER = [
    "segment_1_keyframe.png", "segment_1.png", "segment_1_keyframe.jpg", "segment_1.jpg",
    "segment_1_keyframe.jpeg", "segment_1.jpeg", "segment_1_keyframe.webp", "segment_1.webp",
    "scene_01_dawn.png", "scene_01_dawn.jpg", "scene_01_dawn.jpeg", "scene_01_dawn.webp",
]  # fmt: skip


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_most_preferred_still_that_exists_is_current(root: StreamsRoot, folder: Path, first: int) -> None:
    touch(folder / "keyframes", *ORDER[first:])
    assert _current(root) == {(1, "keyframe"): ORDER[first]}


def test_a_clip_is_named_by_segment_and_then_by_scene(root: StreamsRoot, folder: Path) -> None:
    touch(folder / "videos", "scene_02_gulls.mp4", "segment_1.mp4", "scene_01_dawn.mp4")
    assert _current(root) == {(1, "video"): "segment_1.mp4", (2, "video"): "scene_02_gulls.mp4"}


def test_alternates_are_never_current(root: StreamsRoot, folder: Path) -> None:
    names = [
        "segment_1_cold",
        "segment_1_warm",
        "segment_1_v2",
        "segment_1_keyframe_v2",
        "scene_01_dawn_cold",
    ]
    touch(
        folder / "keyframes", *(f"{name}.png" for name in names), "scene_01_v3.png", "scene_01_dawn_WARM.jpg"
    )
    touch(folder / "videos", "segment_1_cold.mp4", "scene_01_dawn_v2.mp4")
    assert _current(root) == {}


def test_temporary_stray_and_hidden_files_are_ignored(root: StreamsRoot, folder: Path) -> None:
    touch(
        folder,
        "videos/segment_1.temp.mp4",
        "videos/scene_01_dawn.temp.mp4",
        "videos/.segment_1.mp4",
        "videos/segment_1_keyframe.mp4",
        "videos/frames/segment_1.mp4",
        "videos/segment_1_frames/frame_0001.png",
        "videos/segment_1.png",
        "keyframes/notes.txt",
        "keyframes/segment_x.png",
        "keyframes/.segment_1_keyframe.png.abc.tmp",
        "keyframes/versions/segment_1_20260101_101010.png",
        "carousel/segment_1.png",
    )
    (folder / "keyframes" / "segment_1.png").mkdir()
    assert _current(root) == {}


def test_extensions_are_read_in_any_case(root: StreamsRoot, folder: Path) -> None:
    touch(folder, "keyframes/segment_1_keyframe.PNG", "videos/segment_1.Mp4")
    assert _current(root) == {(1, "keyframe"): "segment_1_keyframe.PNG", (1, "video"): "segment_1.Mp4"}


def test_media_come_ordered_by_segment_with_the_still_first(root: StreamsRoot, folder: Path) -> None:
    touch(
        folder,
        "videos/segment_2.mp4",
        "videos/segment_10.mp4",
        "keyframes/segment_10.png",
        "keyframes/segment_2.png",
    )
    assert list(find_media(root, "a")) == [
        (2, Kind.KEYFRAME), (2, Kind.VIDEO), (10, Kind.KEYFRAME), (10, Kind.VIDEO),
    ]  # fmt: skip


def test_a_stream_without_media_folders_has_no_media(root: StreamsRoot, folder: Path) -> None:
    touch(folder, "input.json")
    (folder / "keyframes").rmdir()
    assert find_media(root, "a") == find_archived(root, "a") == {}


def test_a_file_in_the_place_of_a_media_folder_is_ignored(root: StreamsRoot, folder: Path) -> None:
    touch(folder, "videos")
    assert find_media(root, "a") == {}


def test_a_name_that_no_database_can_store_is_ignored(root: StreamsRoot, folder: Path) -> None:
    path = os.fsencode(folder / "keyframes") + b"/scene_01_\xff.png"
    with open(path, "wb"):  # noqa: PTH123 - pathlib has no byte names
        pass
    assert find_media(root, "a") == {}


def test_each_folder_is_listed_once_and_the_frames_never(
    root: StreamsRoot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(folder, "keyframes/segment_1.png", "videos/segment_1.mp4", "public/frames/1/frame_0001.webp")
    listed: list[str] = []
    real_scandir = os.scandir

    def scandir(path: Path) -> Any:
        listed.append(Path(path).name)
        return real_scandir(path)

    monkeypatch.setattr(media_names.os, "scandir", scandir)
    find_media(root, "a")
    assert listed == ["keyframes", "videos"]


def test_a_folder_that_may_not_be_listed_is_a_storage_error(
    root: StreamsRoot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(media_names.os, "scandir", refuse)
    with pytest.raises(StorageError, match=r"keyframes cannot be listed.*who may read it"):
        find_media(root, "a")


def test_a_new_file_takes_the_name_that_the_stream_already_uses(root: StreamsRoot, folder: Path) -> None:
    touch(folder, "keyframes/scene_03_dusk.jpg", "videos/scene_03_dusk.mp4", "keyframes/segment_4.PNG")
    keyframes, videos = folder / "keyframes", folder / "videos"
    assert target_path(root, "a", 3, Kind.KEYFRAME, ".jpg") == keyframes / "scene_03_dusk.jpg"
    assert target_path(root, "a", 3, Kind.KEYFRAME, ".png") == keyframes / "scene_03_dusk.png"
    assert target_path(root, "a", 3, Kind.VIDEO, ".mp4") == videos / "scene_03_dusk.mp4"
    assert target_path(root, "a", 4, Kind.KEYFRAME, ".png") == keyframes / "segment_4.PNG"


def test_a_first_file_gets_the_usual_name(root: StreamsRoot, folder: Path) -> None:
    touch(folder, "keyframes/segment_5_cold.png")
    assert target_path(root, "a", 5, Kind.KEYFRAME, ".png") == folder / "keyframes" / "segment_5_keyframe.png"
    assert (
        target_path(root, "a", 5, Kind.KEYFRAME, ".WEBP") == folder / "keyframes" / "segment_5_keyframe.webp"
    )
    assert target_path(root, "a", 5, Kind.VIDEO, ".mp4") == folder / "videos" / "segment_5.mp4"


@pytest.mark.parametrize("extension", [".exe", "", "png", "/../x.png", ".mp4"])
def test_another_extension_is_refused(root: StreamsRoot, folder: Path, extension: str) -> None:
    with pytest.raises(InputError, match="Use"):
        target_path(root, folder.name, 1, Kind.KEYFRAME, extension)


def test_media_of_an_unknown_stream_are_not_found(root: StreamsRoot) -> None:
    with pytest.raises(NotFoundError):
        find_media(root, "nobody")


def test_archived_files_come_oldest_first_by_the_time_in_their_name(root: StreamsRoot, folder: Path) -> None:
    names = [
        "segment_1_20260301_080000.png",
        "segment_1_keyframe_20260101_235959.png",
        "scene_01_dawn_20260201_000000.jpg",
    ]
    touch(folder / "keyframes" / "versions", *names)
    for age, name in enumerate(names):
        os.utime(folder / "keyframes" / "versions" / name, (2e9 - age, 2e9 - age))
    touch(folder / "videos" / "versions", "segment_2_20260101_000000.mp4")
    found = find_archived(root, "a")
    assert [path.name for path in found[1, Kind.KEYFRAME]] == [names[1], names[2], names[0]]
    assert [path.name for path in found[2, Kind.VIDEO]] == ["segment_2_20260101_000000.mp4"]
    assert len(found) == 2


def test_archived_files_of_the_same_second_come_by_their_own_time(root: StreamsRoot, folder: Path) -> None:
    names = [
        "segment_1_20260101_101010.webp",
        "segment_1_20260101_101010.png",
        "segment_1_20260101_101010_2.png",
    ]
    touch(folder / "keyframes" / "versions", *names)
    for age, name in enumerate(names):
        os.utime(folder / "keyframes" / "versions" / name, (1.7e9 - age, 1.7e9 - age))
    assert [path.name for path in find_archived(root, "a")[1, Kind.KEYFRAME]] == names[::-1]


def test_an_archived_file_without_a_time_in_its_name_comes_by_its_own_time(
    root: StreamsRoot, folder: Path
) -> None:
    versions = folder / "keyframes" / "versions"
    touch(versions, "segment_1_20260101_101010.png", "segment_1_v1.png", "segment_1_v2.png", "thumbs.db")
    os.utime(versions / "segment_1_v1.png", (1.5e9, 1.5e9))
    os.utime(versions / "segment_1_v2.png", (1.9e9, 1.9e9))
    assert [path.name for path in find_archived(root, "a")[1, Kind.KEYFRAME]] == [
        "segment_1_v1.png", "segment_1_20260101_101010.png", "segment_1_v2.png",
    ]  # fmt: skip
