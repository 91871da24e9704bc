from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from director_lib.cli import backup, lifecycle
from director_lib.errors import DirectorError, RuleError, StorageError
from tests.delivery.studio import elsewhere
from tests.lifecycle.house import House

app = typer.Typer()
for name in ("rename", "archive", "trash", "restore", "purge"):
    app.command(name)(getattr(lifecycle, name))
app.command("trash-list")(lifecycle.list_trash)
app.command("backup")(backup.backup)
app.command("restore-backup")(backup.restore)


@pytest.fixture
def house(furnished: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The furnished studio, which the commands find in their environment."""
    monkeypatch.setenv("DIRECTOR_HOME", str(furnished.settings.home))
    return furnished


def run(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, words, input=answer)


def said(*words: str, answer: str | None = None) -> str:
    result = run(*words, answer=answer)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def refused(*words: str, answer: str | None = None) -> DirectorError:
    error = run(*words, answer=answer).exception
    assert isinstance(error, DirectorError), error
    return error


def listed() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads(said("trash-list", "--json"))
    return entries


def test_a_stream_goes_around_from_the_command_line(house: House) -> None:
    assert said("rename", "film", "feature") == "film is feature now.\n"
    assert "in the archive as feature~" in said("archive", "feature", "--reason", "delivered")
    [archived] = [entry for entry in listed() if entry["where"] == "archive"]
    assert (archived["stream"], archived["reason"]) == ("feature", "delivered")
    assert said("restore", archived["id"], "--as", "film") == "film is back.\n"
    assert house.notes("film") == ["about film"]


def test_the_list_has_a_line_for_each_entry(house: House) -> None:
    [entry] = listed()
    headings, line = said("trash-list").splitlines()
    assert headings.split()[:2] == ["entry", "where"]
    assert line.startswith(f"{entry['id']}  trash")
    assert line.endswith("shot twice")


def test_purging_asks_first(house: House) -> None:
    [entry] = listed()
    assert isinstance(refused("purge", entry["id"], answer="n\n"), RuleError)
    assert listed() == [entry]
    assert "for good" in said("purge", entry["id"], answer="y\n")
    assert listed() == []
    said("trash", "film")
    said("purge", listed()[0]["id"], "--yes")
    assert listed() == []


def test_a_backup_and_its_restore_say_what_they_hold(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "studio.backup"
    assert f"3 versions and 6 stream files in {file}" in said("backup", str(file))
    assert isinstance(refused("restore-backup", str(file)), StorageError)
    monkeypatch.setenv("DIRECTOR_HOME", str(tmp_path / "restored"))
    assert "3 versions and 6 stream files" in said("restore-backup", str(file))
    restored = House(elsewhere(tmp_path / "restored"))
    assert restored.notes("film") == ["about film"]
    restored.close()


def test_what_could_not_be_saved_is_told_on_the_error_stream(house: House, tmp_path: Path) -> None:
    lost = sorted(house.settings.media_dir.rglob("*.png"))[0]
    lost.unlink()
    result = run("backup", str(tmp_path / "b"), "--no-streams")
    assert result.exit_code == 0
    assert f"{lost.name}: it is missing" in result.stderr
    assert "2 versions and 0 stream files" in result.stdout
