from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from director_lib.config import load_settings
from director_lib.domain.people import Role
from director_lib.errors import NotFoundError, RuleError
from director_lib.workbench.lifecycle import Lifecycle
from tests.lifecycle.house import House

IDS = st.sampled_from(["film", "b.2", "c_3"])
STEP = st.one_of(
    st.tuples(st.just("make"), IDS, IDS),
    st.tuples(st.just("approve"), IDS, IDS),
    st.tuples(st.just("rename"), IDS, IDS),
    st.tuples(st.sampled_from(["trash", "archive"]), IDS, IDS),
    st.tuples(st.just("restore"), st.integers(0, 5), st.none() | IDS),
    st.tuples(st.just("purge"), st.integers(0, 5), IDS),
)


@dataclass
class Model:
    """What must be where: notes of decisions by live id, and by the order in which streams were put away."""

    live: dict[str, list[str]] = field(default_factory=dict)
    stowed: list[tuple[str, str, list[str]]] = field(default_factory=list)
    n_notes: int = 0


@how(max_examples=10, deadline=None)
@given(st.lists(STEP, max_size=12))
def test_history_follows_its_stream_and_never_another_one(steps: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as home:
        house = House(load_settings(home=Path(home), _env_file=None))
        house.root.mkdir()
        lifecycle, model = house.lifecycle(), Model()
        for number, step in enumerate(steps):
            take(house, lifecycle, model, step, number)
            compare(house, lifecycle, model)
        assert house.log_faults() == []
        house.close()


def take(house: House, lifecycle: Lifecycle, model: Model, step: tuple, number: int) -> None:
    """Take one step in the studio and in the model; what is not possible is refused in both."""
    verb, subject, other = step
    if verb == "make" and subject not in model.live:
        house.make(subject)  # the same picture for all: only its place tells whose decision it is
        model.live[subject] = []
    elif verb == "approve" and subject in model.live:
        house.approve(subject, f"note {number}")
        model.live[subject].append(f"note {number}")
    elif verb in ("trash", "archive") and refused(
        lambda: lifecycle.trash(subject), subject not in model.live
    ):
        return
    elif verb in ("trash", "archive"):
        _note_stowed(lifecycle, model, subject, verb)
    elif verb == "rename":
        impossible = subject not in model.live or other in model.live
        if not refused(lambda: lifecycle.rename(subject, other), impossible):
            lifecycle.rename(subject, other)
            model.live[other] = model.live.pop(subject)
    elif verb in ("restore", "purge") and model.stowed:
        _take_out(lifecycle, model, verb, subject % len(model.stowed), other)


def _note_stowed(lifecycle: Lifecycle, model: Model, stream_id: str, verb: str) -> None:
    entry = lifecycle.archive(stream_id) if verb == "archive" else lifecycle.trash(stream_id)
    model.stowed.append((entry.id, stream_id, model.live.pop(stream_id)))


def _take_out(lifecycle: Lifecycle, model: Model, verb: str, index: int, new_id: str | None) -> None:
    entry_id, stream_id, notes = model.stowed[index]
    is_archived = entry_id in {entry.id for entry in lifecycle.list_archive()}
    if verb == "purge":
        if not refused(lambda: lifecycle.purge(entry_id), is_archived):
            lifecycle.purge(entry_id)
            del model.stowed[index]
        return
    target = new_id or stream_id
    if not refused(lambda: lifecycle.restore(entry_id, new_id=new_id), target in model.live):
        assert lifecycle.restore(entry_id, new_id=new_id) == target
        model.live[target] = notes
        del model.stowed[index]


def refused(action: object, impossible: bool) -> bool:
    """Check that what the model knows to be impossible is refused; tell whether it was."""
    if not impossible:
        return False
    try:
        action()
    except (NotFoundError, RuleError):
        return True
    raise AssertionError("this should have been refused")


def compare(house: House, lifecycle: Lifecycle, model: Model) -> None:
    assert house.open_as(Role.VIEWER).streams.list_ids() == sorted(model.live)
    assert {stream_id: house.notes(stream_id) for stream_id in model.live} == model.live
    entries = lifecycle.list_trash() + lifecycle.list_archive()
    found = {entry.id: (entry.stream_id, house.notes(entry.id)) for entry in entries}
    assert found == {entry_id: (stream_id, notes) for entry_id, stream_id, notes in model.stowed}
