from __future__ import annotations

import json
from pathlib import Path

import pytest

from director_lib.config import Settings, load_settings
from director_lib.store.events import Event, list_events, verify_log
from director_lib.streams.editor import save_prompts
from director_lib.streams.folder import StreamsRoot
from director_lib.workbench import Workbench
from tests.drills.edit_program import SHARED
from tests.drills.programs import PATIENCE_S, running, told

N_WRITERS = 4
N_EDITS = 200


def write_film(root: Path, n_segments: int, prompt: str = "before") -> Path:
    (root / "film").mkdir(parents=True)
    segments = [{"id": number, "image_prompt": prompt} for number in range(1, n_segments + 1)]
    path = root / "film" / "production.json"
    path.write_text(json.dumps({"stream": {"id": "film"}, "segments": segments}, indent=2))
    return path


@pytest.mark.timeout(PATIENCE_S)
def test_readers_in_other_processes_see_no_broken_or_empty_file_during_1_000_saves(
    tmp_path: Path,
) -> None:
    studio = load_settings(home=tmp_path, _env_file=None)
    path = write_film(studio.streams_root, 20, "x" * 500)
    root = StreamsRoot(studio.streams_root)
    sha256 = None
    with running(studio, "read_program", [path], [path]) as readers:
        for number in range(1_000):
            changes = {"image_prompt": f"{number} " * (number % 300)}
            sha256 = save_prompts(root, "film", 1 + number % 20, changes, expected_sha256=sha256).sha256
        for reader in readers:
            n_reads, broken = json.loads(told(reader)[0])
            assert n_reads > 1_000
            assert broken == []


@pytest.mark.timeout(PATIENCE_S)
def test_four_processes_of_200_edits_each_lose_none(settings: Settings) -> None:
    write_film(settings.streams_root, 1 + N_WRITERS)
    with Workbench.open(settings) as workbench:
        with running(
            settings, "edit_program", *([number, N_EDITS] for number in range(N_WRITERS))
        ) as writers:
            said = [told(writer) for writer in writers]
        acknowledged = [line.split(" ") for lines in said for line in lines]
        assert len(acknowledged) == N_WRITERS * N_EDITS
        now = {item.id: item.image_prompt for item in workbench.streams.get("film").segments}
        with workbench.studio.database.read() as connection:
            events = list_events(connection, stream_id="film", limit=10_000)
            assert verify_log(connection) == []
    for segment_id in now:
        texts = [text for place, text in acknowledged if int(place) == segment_id]
        check_chain([event for event in events if event.segment_id == segment_id], texts, now[segment_id])
        if segment_id != SHARED:
            assert now[segment_id] == texts[-1]


def check_chain(events: list[Event], texts: list[str], now: str) -> None:
    """Each acknowledged edit is in the history, and is there or was replaced by one that had seen it."""
    edits = [event.details for event in events if event.verb == "edited_prompt"]
    assert sorted(edit["after"]["image_prompt"] for edit in edits) == sorted(texts)
    replaced = [edit["before"]["image_prompt"] for edit in edits]
    assert sorted([*replaced, now]) == sorted(["before", *texts])
