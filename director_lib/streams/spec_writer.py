"""Writing one edit, or a whole text, into a stream's production.json."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from director_lib.domain.spec_edit import (
    AddSection,
    AddSegment,
    MoveSegment,
    RemoveSection,
    RemoveSegment,
    SetColor,
    SetSection,
    SetSegment,
    SetText,
    SpecEdit,
    SplitSegment,
)
from director_lib.errors import RuleError, StaleWriteError, StreamFileError
from director_lib.streams.atomic import atomic_write
from director_lib.streams.direction_edits import set_color, set_text
from director_lib.streams.editor import read_spec_file, write_spec_file
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import find_bytes, parse_json, text_sha256
from director_lib.streams.json_structure import JsonEditor
from director_lib.streams.reader import FORM_FILE, SPEC_FILE
from director_lib.streams.section_edits import add_section, remove_section, set_section
from director_lib.streams.segment_edits import (
    add_segment,
    move_segment,
    remove_segment,
    set_segment,
    split_segment,
)
from director_lib.streams.spec_edit_checks import Done
from director_lib.streams.spec_keys import places_in

_TRIES = 8


@dataclass(frozen=True, slots=True)
class WrittenSpec:
    """What a write did.

    Attributes:
        label: What was done, in words ("moved segment 3 before segment 1").
        before: The file's text until now; None when there was no file.
        after: Its text from now on; equal to ``before`` when nothing had to change.
        new_id: Number of the segment that was made; None when none was.
        inverse: The edit that takes it back even when other parts have changed since; None without one.
    """

    label: str
    before: str | None
    after: str
    new_id: int | None = None
    inverse: SpecEdit | None = None

    @property
    def sha256(self) -> str:
        """Digest of the file's bytes from now on."""
        return text_sha256(self.after)


def write_spec_edit(
    root: StreamsRoot,
    stream_id: str,
    edit: SpecEdit,
    *,
    expected_sha256: str | None,
    taken_ids: Collection[int] = (),
) -> WrittenSpec:
    """Carry out one edit, for a caller who holds the stream's lock.

    Args:
        expected_sha256: Digest of the file that the writer had in front of them; None for whatever it is.
        taken_ids: Numbers that a new segment must not get, besides those in the file.

    Raises:
        StreamFileError: There is no production.json, it is broken, or something in it cannot be edited.
        NotFoundError: There is no such segment or section.
        StaleWriteError: The file, or the edited text, is another one by now.
        RuleError: Segments cannot be told apart.
        StorageError: The disk refused; the file is untouched.
    """
    path = root.path(stream_id) / SPEC_FILE
    for _ in range(_TRIES):
        spec = read_spec_file(path)
        if expected_sha256 is not None and expected_sha256 != spec.sha256:
            raise StaleWriteError("The spec", "somebody else edited it, here or in production.json.")
        editor = JsonEditor(spec.text)
        new_id = _next_id(editor, taken_ids) if isinstance(edit, (AddSegment, SplitSegment)) else None
        done = _carry_out(editor, stream_id, edit, new_id or 0)
        if write_spec_file(path, spec, editor.text) is not None:
            return WrittenSpec(done.label, spec.text, editor.text, new_id, done.inverse)
    raise StaleWriteError(str(path), "another program keeps writing it.")


def write_spec_text(
    root: StreamsRoot, stream_id: str, text: str, *, expected_sha256: str | None, label: str
) -> WrittenSpec:
    """Put a whole text in place of production.json, for a caller who holds the stream's lock.

    Args:
        expected_sha256: Digest of the file that is replaced; None when there must be none.

    Raises:
        StaleWriteError: The file is another one by now, or there is one.
        StreamFileError: The text is no spec.
        StorageError: The disk refused; the file is untouched.
    """
    path = root.path(stream_id) / SPEC_FILE
    if not isinstance(parse_json(path, text), dict):
        raise StreamFileError(path, "the new text does not hold an object; nothing was written")
    present = find_bytes(path)
    now = None if present is None else hashlib.sha256(present).hexdigest()
    if now != expected_sha256:
        raise StaleWriteError("The spec", "somebody else edited it, here or in production.json.")
    before = None if present is None else present.decode("utf-8")
    if before != text:
        atomic_write(path, text.encode())
    return WrittenSpec(label, before, text)


def remove_spec_text(root: StreamsRoot, stream_id: str, *, expected_sha256: str) -> None:
    """Take production.json away where there was none before it was drafted.

    The stream has to have an input.json, or it would be no stream any more.

    Raises:
        StaleWriteError: The file is another one by now.
        RuleError: The stream has nothing else.
    """
    path = root.path(stream_id) / SPEC_FILE
    text = find_spec_text(root, stream_id)
    if text is None or text_sha256(text) != expected_sha256:
        raise StaleWriteError("The spec", "somebody else edited it, here or in production.json.")
    if not path.with_name(FORM_FILE).is_file():
        raise RuleError("The stream has nothing but this spec. Nothing was removed.")
    path.unlink()


def find_spec_text(root: StreamsRoot, stream_id: str) -> str | None:
    """Read production.json's characters; None when there is none, or it is not UTF-8 text.

    Raises:
        NotFoundError: There is no such stream.
        StreamFileError: It may not be read.
    """
    path: Path = root.path(stream_id) / SPEC_FILE
    data = find_bytes(path)
    try:
        return None if data is None else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _next_id(editor: JsonEditor, taken: Collection[int]) -> int:
    return max([0, *taken, *(place.segment_id for place in places_in(editor))]) + 1


def _carry_out(editor: JsonEditor, stream_id: str, edit: SpecEdit, new_id: int) -> Done:
    match edit:
        case AddSegment():
            return add_segment(editor, stream_id, edit, new_id)
        case SplitSegment():
            return split_segment(editor, stream_id, edit, new_id)
        case MoveSegment():
            return move_segment(editor, stream_id, edit)
        case RemoveSegment():
            return remove_segment(editor, stream_id, edit)
        case SetSegment():
            return set_segment(editor, stream_id, edit)
        case _:
            return _carry_out_rest(editor, stream_id, edit)


def _carry_out_rest(
    editor: JsonEditor,
    stream_id: str,
    edit: SetSection | AddSection | RemoveSection | SetText | SetColor,
) -> Done:
    match edit:
        case SetSection():
            return set_section(editor, stream_id, edit)
        case AddSection():
            return add_section(editor, stream_id, edit)
        case RemoveSection():
            return remove_section(editor, stream_id, edit)
        case SetText():
            return set_text(editor, stream_id, edit)
        case SetColor():
            return set_color(editor, stream_id, edit)
        case _:
            assert_never(edit)
