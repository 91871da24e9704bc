"""The library of prompt fragments: everybody's and one's own, and putting them into prompts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.domain.preset import PresetForm, may_change, with_fragment
from director_lib.domain.stream import Segment
from director_lib.domain.version import Kind
from director_lib.errors import InputError, PermissionDeniedError, PromptClashError
from director_lib.store.events import record_event
from director_lib.store.presets import (
    Preset,
    count_uses,
    delete_preset,
    get_preset,
    insert_preset,
    list_presets,
    update_preset,
)
from director_lib.store.undo import PromptEdit, UndoStep, push_step
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.standing import read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio


@dataclass
class PresetResult:
    """What came of putting a preset into prompts.

    Attributes:
        saved: Segments whose prompt has it now.
        skipped: Segments that were left as they are, each with the reason in words.
    """

    saved: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


class Presets:
    """Named prompt fragments, of the whole studio and of one person."""

    def __init__(self, studio: Studio, streams: Streams, prompts: Prompts) -> None:
        self._studio = studio
        self._streams = streams
        self._prompts = prompts

    def list(self) -> list[Preset]:
        """Return the presets that the actor sees, by category and then name."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_presets(connection, self._me)

    def add(self, name: str, category: str, text: str, *, shared: bool = True) -> Preset:
        """Add a preset for everybody, or only for the actor.

        Raises:
            InputError: A part is empty or too long, or the name is taken.
        """
        self._studio.require(Action.EDIT_PROMPT)
        form = PresetForm(name, category, text, shared).checked()
        with self._studio.database.write() as connection:
            self._check_name(connection, form.name)
            now = self._studio.clock()
            preset = insert_preset(connection, form, author=self._me, created_at=now)
            self._record(connection, "added_preset", preset.id)
        return preset

    def edit(self, preset_id: int, form: PresetForm) -> Preset:
        """Change a preset.

        Raises:
            InputError: As for ``add``.
            NotFoundError: There is no such preset, or it is somebody else's own.
            PermissionDeniedError: The actor is neither its author nor an admin.
        """
        form = form.checked()

        def change(connection: sa.Connection, preset: Preset) -> None:
            if form.name != preset.name:
                self._check_name(connection, form.name)
            update_preset(connection, preset_id, form)

        self._change(preset_id, "edited_preset", change)
        with self._studio.database.read() as connection:
            return next(one for one in list_presets(connection) if one.id == preset_id)

    def delete(self, preset_id: int) -> None:
        """Remove a preset; prompts that have its words keep them.

        Raises:
            NotFoundError: There is no such preset, or it is somebody else's own.
            PermissionDeniedError: The actor is neither its author nor an admin.
        """
        self._change(preset_id, "deleted_preset", lambda connection, _: delete_preset(connection, preset_id))

    def count(self, preset_ids: Sequence[int]) -> None:
        """Count that presets were put into a prompt by hand; ones that are gone meanwhile count nothing."""
        self._studio.require(Action.EDIT_PROMPT)
        with self._studio.database.write() as connection:
            seen = {preset.id for preset in list_presets(connection, self._me)}
            count_uses(connection, seen & {*preset_ids})

    def apply(self, preset_id: int, stream_id: str, kind: Kind, segment_ids: Sequence[int]) -> PresetResult:
        """Put a preset at the end of the prompts that a kind is made from, as one step that can be undone.

        What is approved stays as it is, and so does a prompt that says the same already.

        Raises:
            NotFoundError: There is no such preset, stream or segment.
        """
        self._studio.require(Action.EDIT_PROMPT)
        stream = self._streams.get(stream_id)
        segments = [stream.get_segment(segment_id) for segment_id in dict.fromkeys(segment_ids)]
        with self._studio.database.read() as connection:
            preset = get_preset(connection, preset_id, self._me)
            standing = read_standing(connection, stream)
        result, edits = PresetResult(), []
        for segment in segments:
            if standing.verdict(segment.id, kind).is_approved:
                result.skipped.append((segment.id, "it is approved"))
                continue
            why, edit = self._put(preset, stream_id, segment, kind)
            if edit is None:
                result.skipped.append((segment.id, why))
            else:
                result.saved.append(segment.id)
                edits.append(edit)
        if edits:
            self._remember(preset, stream_id, edits)
        return result

    @property
    def _me(self) -> str:
        return self._studio.actor.username

    def _put(
        self, preset: Preset, stream_id: str, segment: Segment, kind: Kind
    ) -> tuple[str, PromptEdit | None]:
        name = "image_prompt" if kind is Kind.KEYFRAME else "motion_prompt"
        before = str(getattr(segment, name))
        after = with_fragment(before, preset.text)
        if after == before:
            return "its prompt says so already", None
        try:
            self._prompts.save(stream_id, segment.id, name, after, base_text=before)
        except PromptClashError:
            return "somebody else edited its prompt just now", None
        except InputError as error:
            return error.user_message, None
        return "", PromptEdit(segment.id, name, before, after)

    def _remember(self, preset: Preset, stream_id: str, edits: Sequence[PromptEdit]) -> None:
        numbers = ", ".join(str(edit.segment_id) for edit in edits[:5]) + (" …" if len(edits) > 5 else "")
        step = UndoStep(0, stream_id, f"preset “{preset.name}” on {numbers}", prompt_edits=[*edits])
        with self._studio.database.write() as connection:
            count_uses(connection, [preset.id], len(edits))
            push_step(connection, self._me, step, self._studio.clock())

    def _change(self, preset_id: int, verb: str, change: Callable[[sa.Connection, Preset], None]) -> None:
        self._studio.require(Action.EDIT_PROMPT)
        with self._studio.database.write() as connection:
            preset = get_preset(connection, preset_id, self._me)
            if not may_change(self._studio.actor, preset.author):
                raise PermissionDeniedError(self._studio.actor.name, "change other people's presets")
            change(connection, preset)
            self._record(connection, verb, preset_id)

    def _check_name(self, connection: sa.Connection, name: str) -> None:
        if any(preset.name.casefold() == name.casefold() for preset in list_presets(connection, self._me)):
            raise InputError(
                f"There is a preset named “{name}” already. Nothing was saved; choose another name."
            )

    def _record(self, connection: sa.Connection, verb: str, preset_id: int) -> None:
        record_event(connection, verb, self._me, self._studio.clock(), details={"preset_id": preset_id})
