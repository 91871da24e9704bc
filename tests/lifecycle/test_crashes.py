from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from director_lib.delivery import moves
from director_lib.delivery.move_notes import MoveNotes
from director_lib.domain.people import Role
from director_lib.errors import StorageError
from director_lib.store.database import Database
from director_lib.workbench.lifecycle import Lifecycle
from tests.lifecycle.house import House

MOST_STEPS = 30


class PowerCutError(BaseException):
    """Nothing in the product catches this."""


class PowerCut:
    """Cuts the power before or after the n-th step that leaves something behind."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._steps_left = -1

    def cut(self, action: Callable[[], object], n_steps: int) -> bool:
        """Do something with power for so many steps; tell whether it was cut off."""
        self._steps_left = n_steps
        write = Database.write

        @contextmanager
        def cutting_write(database: Database) -> Iterator[Any]:
            self._step()
            with write(database) as connection:
                yield connection
            self._step()

        self._monkeypatch.setattr(Database, "write", cutting_write)
        for owner, name in (
            (MoveNotes, "write"),
            (MoveNotes, "drop"),
            (Path, "rename"),
            (Path, "symlink_to"),
            (Path, "unlink"),
            (moves, "_remove"),
        ):
            self._monkeypatch.setattr(owner, name, self._cutting(getattr(owner, name)))
        try:
            action()
        except PowerCutError:
            return True
        finally:
            self._monkeypatch.undo()
        return False

    def _step(self) -> None:
        if self._steps_left == 0:
            raise PowerCutError
        self._steps_left -= 1

    def _cutting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*arguments: Any, **named: Any) -> Any:
            self._step()
            result = function(*arguments, **named)
            self._step()
            return result

        return cut


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> PowerCut:
    return PowerCut(monkeypatch)


def holders(house: House) -> dict[str, list[str]]:
    """Map each live id to the notes of its decisions."""
    return {stream_id: house.notes(stream_id) for stream_id in house.open_as(Role.VIEWER).streams.list_ids()}


def check_repaired(house: House) -> None:
    """The stream is in one place, whole, with its decision, and nothing is left to repair."""
    lifecycle = house.lifecycle()
    assert lifecycle.repair() == []
    assert list((house.root / ".moves").glob("*")) == []
    stowed = {entry.id: house.notes(entry.id) for entry in lifecycle.list_trash()}
    places = holders(house) | stowed
    assert list(places.values()) == [["mine"]]
    assert house.log_faults() == []


ACTIONS: dict[str, Callable[[Lifecycle, str], object]] = {
    "rename": lambda lifecycle, _: lifecycle.rename("film", "feature"),
    "trash": lambda lifecycle, _: lifecycle.trash("film"),
    "restore": lambda lifecycle, entry_id: lifecycle.restore(entry_id),
}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_move_cut_off_at_any_step_is_repaired_and_can_be_made_again(
    house: House, power: PowerCut, action: str
) -> None:
    lifecycle = house.lifecycle()
    entry_id = lifecycle.trash("film").id if action == "restore" else ""
    for n_steps in range(MOST_STEPS):
        was_cut = power.cut(partial(ACTIONS[action], lifecycle, entry_id), n_steps)
        check_repaired(house)
        if not was_cut:
            break
        entry_id = _set_up_again(house, action)
    assert n_steps > 6
    assert not was_cut


def _set_up_again(house: House, action: str) -> str:
    """Bring the stream to where the action begins."""
    lifecycle = house.lifecycle()
    if [*holders(house)] == ["feature"]:
        lifecycle.rename("feature", "film")
    for entry in lifecycle.list_trash():
        lifecycle.restore(entry.id)
    return lifecycle.trash("film").id if action == "restore" else ""


def test_a_purge_cut_off_at_any_step_is_finished_or_never_happened(house: House, power: PowerCut) -> None:
    lifecycle = house.lifecycle()
    for n_steps in range(MOST_STEPS):
        entry_id = lifecycle.trash("film").id
        was_cut = power.cut(partial(lifecycle.purge, entry_id), n_steps)
        assert lifecycle.repair() == []
        assert house.notes(entry_id) == ["mine"]
        left = [entry.id for entry in lifecycle.list_trash()]
        assert left == ([entry_id] if (house.root / ".trash" / entry_id).exists() else [])
        if left:
            assert (house.root / ".trash" / entry_id / "production.json").is_file()
            lifecycle.restore(entry_id)
        else:
            house.make("film")
            house.approve("film", "mine")
        if not was_cut:
            break
    assert n_steps > 3
    assert not was_cut


def test_a_stream_created_between_the_crash_and_the_repair_has_no_earlier_decisions(
    house: House, power: PowerCut
) -> None:
    lifecycle = house.lifecycle()
    for n_steps in range(MOST_STEPS):
        was_cut = power.cut(lambda: lifecycle.trash("film"), n_steps)
        if not (house.root / "film").exists():
            house.make("film", "teal")
            house.approve("film", "new")
        assert house.lifecycle().repair() == []
        entries = lifecycle.list_trash()
        assert [house.notes(entry.id) for entry in entries] == [["mine"]] * len(entries)
        assert house.notes("film") in (["new"], ["mine"], [])
        if house.notes("film") == ["new"]:
            lifecycle.purge(lifecycle.trash("film").id)
        for entry in lifecycle.list_trash():
            lifecycle.restore(entry.id)
        assert house.notes("film") == ["mine"]
        if not was_cut:
            break
    assert not was_cut


def test_what_a_look_at_the_folder_recorded_before_the_repair_is_set_aside(
    house: House, power: PowerCut
) -> None:
    lifecycle = house.lifecycle()
    n_steps = 0
    while house.decisions("film"):
        assert power.cut(lambda: lifecycle.trash("film"), n_steps)
        n_steps += 1
    assert (house.root / "film").is_dir()
    house.open_as(Role.DIRECTOR).streams.scan("film")
    assert house.verbs("film") == ["found"]
    assert lifecycle.repair() == []
    assert not house.is_known("film")
    [entry] = lifecycle.list_trash()
    lifecycle.restore(entry.id)
    assert house.notes("film") == ["mine"]


def test_an_interrupted_restore_gives_way_to_a_folder_that_took_its_place(
    house: House, power: PowerCut
) -> None:
    lifecycle = house.lifecycle()
    entry = lifecycle.trash("film")
    n_steps = 0
    while house.notes(entry.id):
        assert power.cut(lambda: lifecycle.restore(entry.id), n_steps)
        n_steps += 1
    house.make("film", "teal")
    [told] = lifecycle.repair()
    assert "taken" in told.user_message
    assert lifecycle.repair() == []
    assert house.notes(entry.id) == ["mine"]
    assert house.notes("film") == []
    assert [found.id for found in lifecycle.list_trash()] == [entry.id]


def test_a_note_that_cannot_be_read_is_named_and_stops_nothing_else(house: House) -> None:
    lifecycle = house.lifecycle()
    note = house.root / ".moves" / "00.json"
    for text in (
        "{",
        "[]",
        '{"verb": 3}',
        json.dumps(_foreign_note("../../etc")),
        json.dumps(_foreign_note("/etc")),
    ):
        note.parent.mkdir(exist_ok=True)
        note.write_text(text)
        [error] = lifecycle.repair()
        assert isinstance(error, StorageError)
        assert str(note) in error.user_message
    lifecycle.rename("film", "feature")
    assert house.notes("feature") == ["mine"]


def _foreign_note(source: str) -> dict[str, object]:
    return {
        "verb": "purged_stream",
        "from_id": "film",
        "to_id": "film",
        "source": source,
        "target": None,
        "actor": "eve",
    }


def test_repairing_without_need_touches_nothing(house: House) -> None:
    before = sorted(house.root.rglob("*"))
    assert house.lifecycle(Role.VIEWER).repair() == []
    assert sorted(house.root.rglob("*")) == before


def test_a_repair_that_cannot_even_look_says_so_instead_of_failing(house: House) -> None:
    (house.root / ".moves").write_text("in the way")
    [error] = house.lifecycle().repair()
    assert isinstance(error, StorageError)
    assert house.notes("film") == ["mine"]
