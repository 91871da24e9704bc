from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director_lib.errors import StreamFileError
from director_lib.streams import json_file
from director_lib.streams.json_file import find_json

Settle = Callable[[Path], None]


def _broken(path: Path, data: bytes, settle: Settle) -> StreamFileError:
    path.write_bytes(data)
    settle(path)
    with pytest.raises(StreamFileError) as caught:
        find_json(path)
    return caught.value


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert find_json(tmp_path / "a.json") is None


def test_the_digest_is_that_of_the_bytes_and_the_text_keeps_line_endings(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    data = b'\xef\xbb\xbf{\r\n "a": 1}\r\n'
    path.write_bytes(data)
    found = find_json(path)
    assert found is not None
    assert found.data == {"a": 1}
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.text.encode() == data


def test_a_truncated_file_names_line_and_column(tmp_path: Path, long_ago: Settle) -> None:
    error = _broken(tmp_path / "a.json", b'{\n  "a": [1,\n   2', long_ago)
    assert (error.line, error.column) == (3, 5)
    assert "ends too early" in error.user_message
    assert "a.json" in error.user_message


def test_a_wrong_comma_names_line_and_column(tmp_path: Path, long_ago: Settle) -> None:
    error = _broken(tmp_path / "a.json", b'{\n  "a": 1,\n}', long_ago)
    assert error.line is not None
    assert error.line in (2, 3)
    assert error.column is not None


def test_an_empty_file_is_called_empty(tmp_path: Path, long_ago: Settle) -> None:
    error = _broken(tmp_path / "a.json", b"", long_ago)
    assert "empty" in error.user_message
    assert (error.line, error.column) == (1, 1)


def test_a_file_that_is_not_utf8_names_the_first_wrong_byte(tmp_path: Path, long_ago: Settle) -> None:
    error = _broken(tmp_path / "a.json", '{\n "a": "é"}'.encode("latin-1"), long_ago)
    assert (error.line, error.column) == (2, 8)
    assert "UTF-8" in error.user_message


def test_a_number_of_thousands_of_digits_is_an_error_of_the_file(tmp_path: Path, long_ago: Settle) -> None:
    assert "too long" in _broken(tmp_path / "a.json", b"9" * 5_000, long_ago).user_message


def test_endless_nesting_is_an_error_of_the_file(tmp_path: Path, long_ago: Settle) -> None:
    assert "nested" in _broken(tmp_path / "a.json", b"[" * 100_000, long_ago).user_message


def test_a_folder_or_pipe_in_the_file_s_place_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    os.mkfifo(tmp_path / "b.json")
    for name in ("a.json", "b.json"):
        with pytest.raises(StreamFileError, match="not a plain file"):
            find_json(tmp_path / name)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_text("{}")

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(StreamFileError, match=r"Permission denied.*who may read it"):
        find_json(tmp_path / "a.json")


def test_a_torn_reading_is_repeated_until_the_writer_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text("")
    readings = iter([b"", b'{"a": [1, ', b'{"a": "\xc3', b'{"a": 7}'])
    monkeypatch.setattr(Path, "read_bytes", lambda _path: next(readings))
    found = find_json(path)
    assert found is not None
    assert found.data == {"a": 7}


def test_a_file_that_stays_broken_is_reported_after_the_retries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    path = tmp_path / "a.json"
    path.write_text("{")

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    monkeypatch.setattr(json_file.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(json_file.time, "sleep", sleep)
    with pytest.raises(StreamFileError):
        find_json(path)
    assert clock[0] >= json_file.TORN_RETRY_S


def test_an_old_broken_file_is_reported_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long_ago: Settle
) -> None:
    def sleep(_seconds: float) -> None:
        raise AssertionError

    monkeypatch.setattr(json_file.time, "sleep", sleep)
    assert _broken(tmp_path / "a.json", b"{", long_ago).line == 1


def test_a_careless_writer_in_another_thread_is_read_without_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"n": 0}')
    stop = threading.Event()

    def write_carelessly() -> None:
        while not stop.is_set():
            with path.open("w") as file:
                file.write('{"n": ')
                file.flush()
                stop.wait(0.001)
                file.write("1}")
            stop.wait(0.005)

    writer = threading.Thread(target=write_carelessly)
    writer.start()
    try:
        values: list[Any] = [find_json(path) for _ in range(50)]
    finally:
        stop.set()
        writer.join()
    assert all(value.data["n"] in (0, 1) for value in values)
