"""Taking back what one step changed in a spec, and doing it again."""

from __future__ import annotations

from dataclasses import replace

from director_lib.domain.people import Action
from director_lib.domain.spec_edit import SetSection, SetSegment, SetText, SpecEdit
from director_lib.domain.spec_edit_form import edit_from_json
from director_lib.domain.spec_state import StateOrigin
from director_lib.errors import InputError, NotFoundError, RuleError
from director_lib.store.spec_states import get_content
from director_lib.store.undo import SpecStep, UndoStep
from director_lib.streams.json_file import text_sha256
from director_lib.streams.spec_writer import (
    WrittenSpec,
    find_spec_text,
    remove_spec_text,
    write_spec_edit,
    write_spec_text,
)
from director_lib.workbench.spec_keeping import Saving, save_spec
from director_lib.workbench.studio import Studio


def rewrite_spec(studio: Studio, step: UndoStep, *, again: bool) -> str:
    """Let the spec say what it said before the step, or what the step made it say.

    Doing it twice changes nothing more. Where other parts have changed since, they stay.

    Returns:
        What was left as it is because it changed since, in words; "" for nothing.
    """
    left = False
    for one in step.spec_steps:
        studio.require(Action.EDIT_PROMPT)
        try:
            _rewrite(studio, step, one, again=again)
        except (RuleError, NotFoundError, InputError):
            left = True
    return " (changed since, and left as it is)" if left else ""


def _rewrite(studio: Studio, step: UndoStep, one: SpecStep, *, again: bool) -> None:
    present = find_spec_text(studio.root, step.stream_id)
    now = None if present is None else text_sha256(present)
    source, target = one.before_sha256, one.after_sha256
    if not again:
        source, target = one.after_sha256, one.before_sha256 or ""
    if now == target or (not target and now is None):
        return
    label = f"{'did again' if again else 'undid'}: {step.label}"
    saving = Saving(step.stream_id, StateOrigin.UNDONE, is_undoable=False)
    if now == source and target:
        with studio.database.read() as connection:
            text = get_content(connection, target)
        save_spec(
            studio,
            saving,
            lambda: write_spec_text(studio.root, step.stream_id, text, expected_sha256=now, label=label),
        )
    elif now == source and now is not None:
        remove_spec_text(studio.root, step.stream_id, expected_sha256=now)
    else:
        save_spec(studio, saving, lambda: _write_inverse(studio, step, one, label, again=again))


def _write_inverse(studio: Studio, step: UndoStep, one: SpecStep, label: str, *, again: bool) -> WrittenSpec:
    if one.inverse is None:
        raise RuleError("The spec has changed since in a way that cannot be brought together.")
    edit = edit_from_json(one.inverse)
    edit = _turned(edit) if again else edit
    return replace(write_spec_edit(studio.root, step.stream_id, edit, expected_sha256=None), label=label)


def _turned(inverse: SpecEdit) -> SpecEdit:
    if isinstance(inverse, (SetSegment, SetSection, SetText)):
        return replace(inverse, text=inverse.base or "", base=inverse.text)
    raise RuleError("The spec has changed since in a way that cannot be brought together.")
