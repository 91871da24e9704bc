"""Reading a JSON file that a person or another program may be writing at this moment."""

from __future__ import annotations

import hashlib
import json
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director_lib.errors import StreamFileError

BOM = "\ufeff"
TORN_RETRY_S = 0.5
_RECENT_S = 5.0
_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class JsonFile:
    """One complete reading of a JSON file.

    Attributes:
        text: The file's characters, line endings and byte order mark included.
        data: The parsed value.
        sha256: Lower-case hex digest of the file's bytes.
    """

    path: Path
    text: str
    data: Any
    sha256: str


def find_json(path: Path) -> JsonFile | None:
    """Read a JSON file completely.

    A broken file that was written a moment ago is read again for up to ``TORN_RETRY_S`` seconds, since
    another program may be in the middle of writing it.

    Returns:
        The file, or None when there is none.

    Raises:
        StreamFileError: It is not UTF-8, not JSON (with line and column), or may not be read.
    """
    deadline = time.monotonic() + TORN_RETRY_S
    while True:
        data = find_bytes(path)
        if data is None:
            return None
        try:
            return _parse_bytes(path, data)
        except StreamFileError:
            if time.monotonic() >= deadline or not _is_recent(path):
                raise
        time.sleep(_PAUSE_S)


def find_bytes(path: Path) -> bytes | None:
    """Read a plain file's bytes.

    Returns:
        The bytes, or None when there is no such file.

    Raises:
        StreamFileError: It is not a plain file, or may not be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StreamFileError(path, "it is not a plain file; move it away")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        why = f"{error.strerror or error}; check who may read it"
        raise StreamFileError(path, why) from error


def text_sha256(text: str) -> str:
    """Return the digest of the bytes that a text is written as."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_json(path: object, text: str) -> Any:
    """Parse JSON text, with or without a byte order mark.

    Args:
        path: What the text is called in an error.
        text: Complete JSON text.

    Raises:
        StreamFileError: It is not valid JSON, holds a number of thousands of digits, or is nested too deeply.
    """
    try:
        return json.loads(text.removeprefix(BOM))
    except json.JSONDecodeError as error:
        why = f"{_in_words(error)}; correct it in a text editor, the other files are not affected"
        raise StreamFileError(path, why, line=error.lineno, column=error.colno) from error
    except ValueError as error:
        raise StreamFileError(path, "it holds a number that is too long") from error
    except RecursionError as error:
        raise StreamFileError(path, "it is nested too deeply") from error


def _parse_bytes(path: Path, data: bytes) -> JsonFile:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        why = "it is not UTF-8 text; save it again as UTF-8"
        raise StreamFileError(path, why, line=line, column=column) from error
    return JsonFile(path, text, parse_json(path, text), hashlib.sha256(data).hexdigest())


def _in_words(error: json.JSONDecodeError) -> str:
    if not error.doc.strip():
        return "it is empty"
    if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"it ends too early ({error.msg})"
    return error.msg[:1].lower() + error.msg[1:]


def _is_recent(path: Path) -> bool:
    try:
        return abs(time.time() - path.stat().st_mtime) < _RECENT_S
    except OSError:
        # it vanished or became unreadable between two looks: the next reading says which
        return True
