"""Editing prompts in a stream's own production.json, with history and drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.people import Action
from director_lib.domain.prompt import PROMPT_LIMIT
from director_lib.domain.prompt_edits import (
    PROMPT_FIELDS,
    PromptChange,
    Side,
    check_draft_field,
    check_prompt_field,
    merge_edits,
    prompts_of,
)
from director_lib.domain.spec_state import StateOrigin
from director_lib.domain.stream import Segment
from director_lib.errors import InputError, NotFoundError
from director_lib.intake.outside_prompts import note_prompts_held
from director_lib.intake.spec_states import note_state_held
from director_lib.store.drafts import Draft, discard_draft, list_drafts, put_draft
from director_lib.store.events import NewEvent, record_events
from director_lib.store.known_prompts import put_known_prompts
from director_lib.store.prompt_history import BROUGHT_BACK, EDITED, list_prompt_changes
from director_lib.store.spec_states import NewState, add_state
from director_lib.store.text import check_text
from director_lib.streams.editor import SavedSpec, write_prompts
from director_lib.streams.json_file import text_sha256
from director_lib.streams.locking import stream_lock
from director_lib.streams.spec_writer import find_spec_text
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

FIELDS = PROMPT_FIELDS


@dataclass(frozen=True, slots=True)
class _Edit:
    """What is to be saved of one segment, and how the timeline tells it."""

    stream_id: str
    segment_id: int
    texts: Mapping[str, str]
    verb: str = EDITED
    details: Mapping[str, Any] = field(default_factory=dict)


class Prompts:
    """Prompt edits; each changes only the edited values in the user's file."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._streams = streams

    def save(
        self, stream_id: str, segment_id: int, field: str, text: str, *, base_text: str | None = None
    ) -> Segment:
        """Save one prompt field. What others changed elsewhere in the file meanwhile stays.

        Args:
            field: "image_prompt", "motion_prompt" or "negative_prompt".
            base_text: What the editor showed before the change; None skips the check.

        Returns:
            The segment as it now stands in the file.

        Raises:
            InputError: The field is unknown, or the text too long or not storable.
            PromptClashError: Somebody else changed the same prompt to something else.
        """
        self._studio.require(Action.EDIT_PROMPT)
        base = None if base_text is None else {field: base_text}
        self.save_changed(stream_id, segment_id, {field: text}, base=base)
        self.discard_draft(stream_id, segment_id, field)
        return self._streams.get(stream_id).get_segment(segment_id)

    def save_changed(
        self,
        stream_id: str,
        segment_id: int,
        prompts: Mapping[str, str],
        *,
        base: Mapping[str, str] | None = None,
    ) -> None:
        """Save the fields that the writer changed; does nothing when the file says them already.

        Args:
            prompts: Texts as the writer leaves them, by field.
            base: Texts as the writer found them; a field without one is saved over whatever the file says.

        Raises:
            InputError: As for ``save``.
            PromptClashError: As for ``save``; nothing of it was saved.
        """
        segment = self._streams.get(stream_id).get_segment(segment_id)
        edits = merge_edits(segment, prompts, base)
        for text in edits.values():
            if len(text) > PROMPT_LIMIT:
                raise InputError(
                    f"A prompt holds at most {PROMPT_LIMIT:,} characters; this one has {len(text):,}."
                )
        if edits:
            self._studio.require(Action.EDIT_PROMPT)
            self._write(_Edit(stream_id, segment_id, edits), segment)

    def choose(self, stream_id: str, segment_id: int, key: str) -> Segment:
        """Settle a conflict between the still's two prompt keys by taking the text of one of them.

        Raises:
            InputError: The segment has no conflict on that key.
        """
        self._studio.require(Action.EDIT_PROMPT)
        segment = self._streams.get(stream_id).get_segment(segment_id)
        if key not in segment.prompt_conflict:
            raise InputError(f"Segment {segment_id} has no conflicting prompt under “{key}”.")
        chosen = {"image_prompt": segment.prompt_conflict[key]}
        self._write(_Edit(stream_id, segment_id, chosen, details={"chosen_key": key}), segment)
        return self._streams.get(stream_id).get_segment(segment_id)

    def history(
        self, stream_id: str, segment_id: int, field: str | None = None, *, limit: int | None = None
    ) -> list[PromptChange]:
        """Read who changed a segment's prompts, newest first; edits made outside the workbench included.

        Args:
            field: Only this prompt; all three when None.
            limit: Most edits to return.

        Raises:
            NotFoundError: There is no such stream or segment.
            InputError: The field is unknown.
        """
        self._streams.get(stream_id).get_segment(segment_id)
        if field is not None:
            check_prompt_field(field)
        with self._studio.database.read() as connection:
            changes = list_prompt_changes(connection, stream_id, segment_id, field=field)
        return changes[:limit]

    def bring_back(
        self,
        stream_id: str,
        segment_id: int,
        change_seq: int,
        side: Side | str = Side.BEFORE,
        *,
        field: str | None = None,
        base_text: str | None = None,
    ) -> Segment:
        """Let a prompt say again what it said before or after one of its edits, as a new edit.

        Args:
            change_seq: The edit's ``seq``.
            field: Which prompt, when that event recorded edits of several.
            base_text: What the prompt said when it was chosen; None skips the check.

        Returns:
            The segment as it now stands in the file.

        Raises:
            NotFoundError: The segment has no such edit.
            InputError: The event holds several edits and the field was not given.
            PromptClashError: The prompt no longer says ``base_text``.
        """
        self._studio.require(Action.EDIT_PROMPT)
        segment = self._streams.get(stream_id).get_segment(segment_id)
        change = self._get_change(stream_id, segment_id, change_seq, field)
        base = None if base_text is None else {change.field: base_text}
        edits = merge_edits(segment, {change.field: change.text(Side(side))}, base)
        if edits:
            details = {"from_seq": change_seq, "side": Side(side).value}
            self._write(_Edit(stream_id, segment_id, edits, BROUGHT_BACK, details), segment)
        return self._streams.get(stream_id).get_segment(segment_id)

    def drafts(self, stream_id: str) -> list[Draft]:
        """Return this person's unsaved texts for a stream, by segment and field."""
        with self._studio.database.read() as connection:
            return list_drafts(connection, self._studio.actor.username, stream_id)

    def save_draft(self, stream_id: str, segment_id: int, field: str, text: str, base_text: str) -> None:
        """Keep unsaved text of a prompt, a comment or a note; text equal to what is saved forgets the draft.

        Raises:
            InputError: The field is unknown.
        """
        check_draft_field(field)
        if text == base_text:
            self.discard_draft(stream_id, segment_id, field)
            return
        draft = Draft(segment_id, field, text[:PROMPT_LIMIT], base_text, self._studio.clock())
        with self._studio.database.write() as connection:
            put_draft(connection, self._studio.actor.username, stream_id, draft)

    def discard_draft(self, stream_id: str, segment_id: int, field: str) -> None:
        """Forget unsaved text."""
        with self._studio.database.write() as connection:
            discard_draft(connection, self._studio.actor.username, stream_id, segment_id, field)

    def _get_change(self, stream_id: str, segment_id: int, seq: int, field: str | None) -> PromptChange:
        with self._studio.database.read() as connection:
            found = list_prompt_changes(connection, stream_id, segment_id, field=field, seq=seq)
        if not found:
            raise NotFoundError(f"prompt edit of segment {segment_id}", seq)
        if len(found) > 1:
            fields = ", ".join(change.field for change in found)
            raise InputError(f"Edit {seq} changed several prompts ({fields}). Say which one to bring back.")
        return found[0]

    def _write(self, edit: _Edit, segment: Segment) -> None:
        """Save into the file and the timeline while nobody else saves the stream.

        The file comes first. After a crash in between the edit is in the file, and is noted as made outside.

        Args:
            segment: As it was when the edit was found to be sound; another change since then is a clash.
        """
        for text in edit.texts.values():
            check_text(text)
        studio = self._studio
        with stream_lock(studio.root, edit.stream_id):
            stream = self._streams.get(edit.stream_id)
            note_prompts_held(studio.database, stream, now=studio.clock())
            note_state_held(studio.database, studio.root, edit.stream_id, now=studio.clock())
            merge_edits(stream.get_segment(edit.segment_id), edit.texts, prompts_of(segment))
            saved = write_prompts(
                studio.root,
                edit.stream_id,
                edit.segment_id,
                edit.texts,
                expected_sha256=stream.spec_sha256,
                base=prompts_of(segment),
            )
            self._record(edit, saved)

    def _record(self, edit: _Edit, saved: SavedSpec) -> None:
        now = self._studio.clock()
        place = (edit.stream_id, edit.segment_id, None)
        events = [
            NewEvent(edit.verb, self._studio.actor.username, now, place, {**edit.details, **told})
            for told in _tell(edit.texts, saved)
        ]
        # a prompt of blanks is read as none
        known = {(edit.segment_id, name): text if text.strip() else "" for name, text in edit.texts.items()}
        with self._studio.database.write() as connection:
            record_events(connection, events)
            put_known_prompts(connection, edit.stream_id, known, now)
            self._keep_state(connection, edit, saved, now)

    def _keep_state(self, connection: sa.Connection, edit: _Edit, saved: SavedSpec, now: datetime) -> None:
        """Keep the whole spec as it is now; another program's write in this moment is noted as its own."""
        text = find_spec_text(self._studio.root, edit.stream_id)
        if text is None or text_sha256(text) != saved.sha256:
            return
        origin = StateOrigin.RESTORED if edit.verb == BROUGHT_BACK else StateOrigin.EDITED
        names = " and ".join(name.replace("_", " ") for name in edit.texts)
        label = f"changed the {names} of segment {edit.segment_id}"
        actor = self._studio.actor.username
        add_state(connection, NewState(edit.stream_id, text, origin, label, actor, now))


def _tell(texts: Mapping[str, str], saved: SavedSpec) -> list[dict[str, Any]]:
    """Describe a save for the timeline: first what disagreeing keys held and nobody saw, then the edit."""
    told: list[dict[str, Any]] = [
        {"key": key, "before": {name: hidden}, "after": {name: texts[name]}}
        for name, keys in saved.others.items()
        for key, hidden in keys.items()
    ]
    changed = {name: text for name, text in texts.items() if saved.before[name] != text}
    if changed:
        told.append({"before": {name: saved.before[name] for name in changed}, "after": changed})
    return told
