from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from director_lib.cli import app
from director_lib.config import Settings
from director_lib.errors import InputError

STORY = "The lighthouse stood above the sea. " * 12
run = CliRunner()


@pytest.fixture
def stream(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    folder = settings.streams_root / "film"
    folder.mkdir(parents=True)
    (folder / "input.json").write_text(json.dumps({"title": "Film", "language": "en", "story": STORY}))
    return folder


def said(*arguments: str) -> str:
    result = run.invoke(app, ["spec", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_spec_is_drafted_looked_over_compared_and_restored(stream: Path, tmp_path: Path) -> None:
    assert json.loads(said("draft", "film", "--json"))["segments"] >= 1
    first = (stream / "production.json").read_text()
    assert json.loads(said("lint", "film", "--json")) is not None
    spec = json.loads(first)
    spec["segments"][0]["title"] = "Another title"
    (stream / "production.json").write_text(json.dumps(spec, ensure_ascii=False, indent=2) + "\n")
    states = json.loads(said("history", "film", "--json"))
    assert [one["origin"] for one in states] == ["outside", "drafted"]
    assert "changed in production.json" in said("history", "film", "--limit", "1")
    told = said("diff", "film", str(states[1]["seq"]))
    assert "segment 1: changed" in told
    assert "[+Another title+]" in told
    [change] = json.loads(said("diff", "film", str(states[1]["seq"]), str(states[0]["seq"]), "--json"))
    assert change["fields"][0]["after"] == "Another title"
    said("restore", "film", str(states[1]["seq"]))
    assert (stream / "production.json").read_text() == first
    out = tmp_path / "state.json"
    said("restore", "film", str(states[0]["seq"]), "--out", str(out))
    assert json.loads(out.read_text()) == spec
    assert (stream / "production.json").read_text() == first


def test_a_fault_ends_the_look_with_an_error(stream: Path) -> None:
    (stream / "production.json").write_text(json.dumps({"segments": [{"id": 1}]}))
    with pytest.raises(InputError, match="1 fault"):
        run.invoke(app, ["spec", "lint", "film"], catch_exceptions=False)


def test_a_paid_spec_is_only_queued_with_its_price_when_nobody_waits(stream: Path) -> None:
    result = run.invoke(app, ["spec", "draft", "film", "--engine", "google", "--no-wait"])
    assert result.exit_code == 0, result.output
    assert "queued" in result.output
    assert "gemini-3.8-flash, about $0." in result.output
    assert not (stream / "production.json").exists()
