"""`director export`, as a process."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.cli.test_commands import Run, run, stream_folder

__all__ = ["run", "stream_folder"]


def test_an_export_is_written_and_named(run: Run, stream_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "stills.zip"
    result = run("export", "film", "--what", "keyframes", "--out", str(out), "--segments", "1,3", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["size_bytes"] == out.stat().st_size
    with zipfile.ZipFile(out) as opened:
        assert len(opened.namelist()) == 3
    again = run("export", "film", "--what", "keyframes", "--out", str(out))
    assert again.returncode == 1
    assert "exists already" in again.stderr
    wrong = run("export", "film", "--what", "otio", "--out", str(tmp_path / "film.zip"))
    assert wrong.returncode == 1
    assert ".otio" in wrong.stderr
