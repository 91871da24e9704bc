from __future__ import annotations

import pytest

from director_lib.engines.script.output import ProgramOutput


@pytest.mark.parametrize(
    ("line", "percent"),
    [
        ("50%", 50.0),
        ("rendering 12.5 %", 12.5),
        ("frame 3/12", 25.0),
        ("10% then 70%", 70.0),
        ("300%", 0.0),
        ("5/0", 0.0),
        ("Status: processing (12s)", 0.0),
        ("made in 2025", 0.0),
    ],
)
def test_progress_is_read_from_a_line(line: str, percent: float) -> None:
    said = ProgramOutput()
    said.take(line)
    assert said.percent == percent


def test_progress_never_goes_back() -> None:
    said = ProgramOutput()
    for line in ("80%", "20%", "frame 1/10"):
        said.take(line)
    assert said.percent == 80.0


def test_the_status_and_the_providers_job_are_read() -> None:
    said = ProgramOutput()
    for line in ("Prediction ID: abc123", "", "Status: processing (12s)"):
        said.take(line)
    assert (said.phase, said.remote_id, said.lines) == (
        "processing",
        "abc123",
        ["Prediction ID: abc123", "Status: processing (12s)"],
    )


def test_only_the_last_lines_are_kept_and_long_ones_cut() -> None:
    said = ProgramOutput()
    for number in range(1_000):
        said.take(f"{number} " + "x" * 2_000)
    assert len(said.lines) == 200
    assert said.lines[-1].startswith("999 ")
    assert len(said.lines[-1]) == 500


def test_a_secret_is_never_kept() -> None:
    said = ProgramOutput(secrets=("hunter22",))
    said.take("key hunter22 refused")
    assert said.last_words() == "key *** refused"
    assert "hunter22" not in repr(said)
