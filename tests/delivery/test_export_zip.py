"""ZIPs that are made while they are sent: exact length, readable by others, and honest about damage."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.delivery import export_zip
from director_lib.delivery.export_csv import guarded
from director_lib.delivery.export_zip import StoredZip, ZipEntry
from director_lib.errors import InputError, StorageError

_letters = st.characters(exclude_characters="/\\:", exclude_categories=("C", "Z"))
_part = st.text(_letters, min_size=1, max_size=20).filter(lambda part: part not in (".", ".."))
_name = st.lists(_part, min_size=1, max_size=3).map("/".join)


def entry_of(path: Path, name: str) -> ZipEntry:
    data = path.read_bytes()
    return ZipEntry(name, path, len(data), hashlib.sha256(data).hexdigest())


@given(st.dictionaries(_name, st.binary(max_size=200), max_size=8))
def test_others_read_what_went_in_and_the_length_was_known(files: dict[str, bytes]) -> None:
    if len({name.casefold() for name in files}) != len(files):
        return
    made = StoredZip([ZipEntry.of_bytes(name, data) for name, data in files.items()])
    whole = b"".join(made.chunks())
    assert len(whole) == made.size_bytes
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == files
    assert b"".join(made.chunks()) == whole


def test_large_files_and_what_follows_them_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_zip, "_LARGE", 1000)  # so that a test need not write four gigabytes
    files = {"before": b"1", "large": bytes(5000), "after": b"here", "large too": b"x" * 1000, "last": b""}
    made = StoredZip([ZipEntry.of_bytes(name, data) for name, data in files.items()])
    whole = b"".join(made.chunks())
    assert len(whole) == made.size_bytes
    assert b"PK\6\6" in whole
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == files


def test_a_large_export_takes_little_memory(tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(64 << 20)
    made = StoredZip([ZipEntry("large.bin", large, 64 << 20)])
    tracemalloc.start()
    assert sum(map(len, made.chunks())) == made.size_bytes
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 8e6


def test_more_entries_than_the_old_format_counts_are_all_there() -> None:
    made = StoredZip([ZipEntry.of_bytes(f"{number}", b"") for number in range(65_600)])
    whole = b"".join(made.chunks())
    assert len(whole) == made.size_bytes
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert len(opened.namelist()) == 65_600


@pytest.mark.parametrize("name", ["../up", "/root", "a//b", "a/../b", "c:\\x", "a\\b", "new\nline", "", "."])
def test_no_name_can_leave_the_folder(name: str) -> None:
    with pytest.raises(InputError):
        StoredZip([ZipEntry.of_bytes(name, b"")])


def test_no_name_is_there_twice_not_even_in_capitals() -> None:
    with pytest.raises(InputError):
        StoredZip([ZipEntry.of_bytes("a.png", b""), ZipEntry.of_bytes("A.png", b"")])


def test_a_missing_or_shortened_file_is_told_before_the_first_byte(tmp_path: Path) -> None:
    still = tmp_path / "still.png"
    still.write_bytes(b"picture")
    made = StoredZip([entry_of(still, "still.png")])
    made.check_sources()
    still.write_bytes(b"pic")
    with pytest.raises(StorageError, match=r"still\.png is damaged"):
        made.check_sources()
    still.unlink()
    with pytest.raises(StorageError, match=r"still\.png is missing"):
        made.check_sources()


def test_a_file_with_other_bytes_never_becomes_a_whole_zip(tmp_path: Path) -> None:
    still = tmp_path / "still.png"
    still.write_bytes(b"picture")
    made = StoredZip([entry_of(still, "still.png")])
    still.write_bytes(b"pictures"[:7].replace(b"p", b"q"))
    made.check_sources()
    got = io.BytesIO()
    with pytest.raises(StorageError, match="damaged"):
        got.writelines(made.chunks())
    assert not zipfile.is_zipfile(got)


@given(st.sampled_from(["", " ", "\u00a0 ", "\ufeff"]), st.sampled_from("=+-@＝＋－＠\t\r\n"), st.text())
def test_no_text_is_a_formula_to_a_spreadsheet(blank: str, sign: str, rest: str) -> None:
    assert guarded(blank + sign + rest).startswith("'")
    assert guarded("fine, " + sign) == "fine, " + sign
