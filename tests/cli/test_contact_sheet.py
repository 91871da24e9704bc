"""`director streams contact-sheet`, as a process."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_commands import Run, run, stream_folder

__all__ = ["run", "stream_folder"]


def test_a_contact_sheet_is_written_as_pdf_or_png(run: Run, stream_folder: Path, tmp_path: Path) -> None:
    for kind, name, begins in (("keyframe", "a.pdf", b"%PDF-"), ("video", "b.png", b"\x89PNG")):
        out = tmp_path / name
        result = run("streams", "contact-sheet", "film", "--out", str(out), "--kind", kind)
        assert (result.returncode, result.stderr) == (0, "")
        assert out.read_bytes().startswith(begins)
    again = run("streams", "contact-sheet", "film", "--out", str(tmp_path / "a.pdf"))
    assert again.returncode == 1
    assert "exists already" in again.stderr
