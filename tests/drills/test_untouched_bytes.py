from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from director_lib.streams.editor import save_prompts
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from tests.drills.handwritten import KEYS, Handwriting, Piece, Writer
from tests.drills.programs import PATIENCE_S

N_FILES = 200
N_EDITS = 100
# 40,000 syncs to a disk that others use, too, would take minutes, and say nothing about bytes
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made below it
_MEMORY = _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_JOINT = re.compile(r'[ \t\r\n]*,[ \t\r\n]*("\w+")[ \t\r\n]*:[ \t\r\n]*')


@pytest.mark.timeout(PATIENCE_S)
# 20,000 edits in all; without shrinking, since a failing seed names its file and its edits already
@settings(
    max_examples=N_FILES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 2**63))
def test_20_000_random_prompt_edits_keep_every_untouched_byte(seed: int) -> None:
    writer = Writer(seed)
    written = writer.write()
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        root = StreamsRoot(Path(folder))
        spec = root.root / "a" / "production.json"
        spec.parent.mkdir()
        spec.write_bytes(written.text.encode())
        sha256 = read_stream(root, "a").spec_sha256
        for _ in range(N_EDITS):
            index = writer.random.randrange(len(written.segment_ids))
            changes = _choose(writer)
            segment_id = written.segment_ids[index]
            sha256 = save_prompts(root, "a", segment_id, changes, expected_sha256=sha256).sha256
            _check(written, index, changes, spec.read_bytes().decode())
        _check_reading(root, written, index, changes)


def _choose(writer: Writer) -> dict[str, str]:
    fields = writer.random.sample(sorted(KEYS), writer.random.choice([1, 1, 1, 2]))
    return {field: writer.any_text(60) for field in fields}


def _check(written: Handwriting, index: int, changes: dict[str, str], found: str) -> None:
    """Walk along what was written: only owned pieces may differ, and they hold the new text."""
    new = _expected(written, index, changes)
    offset, pieces = 0, []
    for piece in written.pieces:
        if piece.owner in new and piece.owner is not None:
            offset = _take_value(piece, new[piece.owner], found, offset)
        else:
            assert found.startswith(piece.text, offset), f"{piece.text!r} is {found[offset:][:80]!r} now"
            offset += len(piece.text)
        pieces.append(piece)
        if piece is written.ends[index]:
            added, offset = _take_added(written, index, changes, found, offset)
            pieces += added
    assert offset == len(found)
    written.pieces = pieces


def _expected(written: Handwriting, index: int, changes: dict[str, str]) -> dict[tuple[int, str], str]:
    present = written.keys[index]
    return {(index, key): text for name, text in changes.items() for key in KEYS[name] if key in present}


def _take_value(piece: Piece, text: str, found: str, offset: int) -> int:
    match = _STRING.match(found, offset)
    assert match is not None
    assert json.loads(match[0]) == text
    if piece.text != "null" and json.loads(piece.text) == text:
        assert match[0] == piece.text  # what holds that text already keeps its spelling
    piece.text = match[0]
    return match.end()


def _take_added(
    written: Handwriting, index: int, changes: dict[str, str], found: str, offset: int
) -> tuple[list[Piece], int]:
    added: list[Piece] = []
    for name, text in changes.items():
        if not text or any(key in written.keys[index] for key in KEYS[name]):
            continue
        joint = _JOINT.match(found, offset)
        assert joint is not None
        key = json.loads(joint[1])
        assert key in KEYS[name]
        value = Piece("null", (index, key))
        offset = _take_value(value, text, found, joint.end())
        added += [Piece(joint[0]), value]
        written.keys[index].append(key)
        written.ends[index] = value
    return added, offset


def _check_reading(root: StreamsRoot, written: Handwriting, index: int, changes: dict[str, str]) -> None:
    segment = read_stream(root, "a").get_segment(written.segment_ids[index])
    for name, text in changes.items():
        found = getattr(segment, name)
        assert found == text if text.strip() else not found.strip()
