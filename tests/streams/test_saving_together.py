from __future__ import annotations

import json
import subprocess
import sys
import threading

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.errors import StaleWriteError
from director_lib.streams.editor import save_prompts
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from tests.streams.shapes import with_segments, write

_WRITER = """
import sys
from pathlib import Path
from director_lib.streams.editor import save_prompts
from director_lib.streams.folder import StreamsRoot
root, number = StreamsRoot(Path(sys.argv[1])), int(sys.argv[2])
for edit in range(25):
    changes = {"image_prompt": f"{number}-{edit}"}
    save_prompts(root, "a", 1 + 25 * number + edit, changes, expected_sha256=None)
"""
_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)
_FIELDS = st.sampled_from(["image_prompt", "motion_prompt", "negative_prompt"])
_EDITS = st.lists(st.tuples(st.integers(0, 2), _FIELDS, _TEXT), max_size=4)


def test_four_processes_of_25_edits_each_lose_none(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments(*({"id": number, "image_prompt": ""} for number in range(1, 101))))
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(root.root), str(number)]) for number in range(4)
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    prompts = [segment.image_prompt for segment in read_stream(root, "a").segments]
    assert prompts == [f"{number}-{edit}" for number in range(4) for edit in range(25)]


def test_a_reader_never_sees_broken_json_during_200_saves(root: StreamsRoot) -> None:
    segments = [{"id": number, "image_prompt": "x" * 500} for number in range(1, 21)]
    folder = write(root.root, "a", with_segments(*segments))
    done, readings, broken = threading.Event(), [0], []

    def read_without_pause() -> None:
        while not done.is_set():
            text = (folder / "production.json").read_bytes()
            readings[0] += 1
            try:
                json.loads(text)
            except ValueError:
                broken.append(text)

    reader = threading.Thread(target=read_without_pause)
    reader.start()
    try:
        sha256 = read_stream(root, "a").spec_sha256
        for number in range(200):
            changes = {"image_prompt": f"{number} " * (number % 300)}
            sha256 = save_prompts(root, "a", 1 + number % 20, changes, expected_sha256=sha256).sha256
    finally:
        done.set()
        reader.join()
    assert readings[0] > 0
    assert broken == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(theirs=_EDITS, mine=st.tuples(st.integers(0, 2), _FIELDS, _TEXT))
def test_a_save_after_outside_edits_keeps_all_of_them_or_is_refused_for_the_same_prompt(
    root: StreamsRoot, theirs: list[tuple[int, str, str]], mine: tuple[int, str, str]
) -> None:
    original = [
        {"id": number, "image_prompt": "i", "motion_prompt": "m", "negative_prompt": "n"}
        for number in (1, 2, 3)
    ]
    folder = write(root.root, "a", with_segments(*original))
    sha256 = read_stream(root, "a").spec_sha256
    edited = [dict(item) for item in original]
    for index, field, text in theirs:
        edited[index][field] = text
    write(root.root, "a", with_segments(*edited))
    index, field, text = mine
    clash = edited[index][field] not in (original[index][field], text)
    try:
        save_prompts(root, "a", index + 1, {field: text}, expected_sha256=sha256)
    except StaleWriteError:
        assert clash
    else:
        assert not clash
        edited[index][field] = text
    assert json.loads((folder / "production.json").read_text(encoding="utf-8")) == with_segments(*edited)
