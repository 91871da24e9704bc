"""``director demo DIR``: plain folders."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from director_lib.cli.demo import demo as demo_command
from director_lib.demo import build
from director_lib.demo.build import write_folders
from director_lib.demo.catalog import DEMO_IDS, stream_files
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.media.probe import probe
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import find_media
from tests.demo.conftest import SMALL


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("folders") / "new" / "streams"
    write_folders(folder, progress=[].append, size=SMALL)
    return folder


def test_the_folders_hold_the_files_and_nothing_else(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == list(DEMO_IDS)
    for stream_id in DEMO_IDS:
        media = {"keyframes", "videos"}
        assert {path.name for path in (written / stream_id).iterdir()} == media | set(stream_files(stream_id))


def test_the_newest_stills_and_clips_are_in_them(written: Path) -> None:
    counts = {
        stream_id: [place[1] for place in find_media(StreamsRoot(written), stream_id)]
        for stream_id in DEMO_IDS
    }
    stills = {stream_id: kinds.count(Kind.KEYFRAME) for stream_id, kinds in counts.items()}
    clips = {stream_id: kinds.count(Kind.VIDEO) for stream_id, kinds in counts.items()}
    assert stills == {"lighthouse-winter": 5, "night-market": 11, "tisza-partjan": 9}
    assert clips == {"lighthouse-winter": 2, "night-market": 3, "tisza-partjan": 3}
    for path in find_media(StreamsRoot(written), "tisza-partjan").values():
        probe(path)


def test_a_folder_that_has_one_of_the_streams_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "night-market").mkdir()
    (tmp_path / "night-market" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="already has night-market"):
        write_folders(tmp_path, progress=[].append, size=SMALL)
    assert [path.name for path in tmp_path.rglob("*")] == ["night-market", "mine.txt"]


def test_other_things_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "my-film").mkdir()
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_folders(tmp_path, progress=[].append, size=SMALL)
    assert {path.name for path in tmp_path.iterdir()} == {"my-film", "notes.txt", *DEMO_IDS}


def test_the_command_names_the_folders_that_it_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_small(folder: Path, *, progress: build.Say) -> list[Path]:
        return write_folders(folder, progress=progress, size=SMALL)

    monkeypatch.setattr(build, "write_folders", write_small)
    app = typer.Typer()
    app.command()(demo_command)
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert result.exit_code == 0
    assert result.output.splitlines()[-3:] == [str(tmp_path / stream_id) for stream_id in DEMO_IDS]


def test_the_command_refuses_a_folder_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "tisza-partjan").mkdir()
    app = typer.Typer()
    app.command()(demo_command)
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert isinstance(result.exception, InputError)
