"""Editing prompts in a stream's own production.json, with history and drafts."""

from __future__ import annotations

from collections.abc import Mapping

from director_lib.domain.people import Action
from director_lib.domain.prompt import PROMPT_LIMIT
from director_lib.domain.stream import Segment
from director_lib.errors import InputError, StaleWriteError
from director_lib.store.drafts import Draft, discard_draft, list_drafts, put_draft
from director_lib.store.events import record_event
from director_lib.streams.editor import save_prompts
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

FIELDS = ("image_prompt", "motion_prompt", "negative_prompt")


class Prompts:
    """Prompt edits; each changes only the edited values in the user's file."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._streams = streams

    def save(
        self, stream_id: str, segment_id: int, field: str, text: str, *, base_text: str | None = None
    ) -> Segment:
        """Save one prompt field.

        Args:
            field: "image_prompt", "motion_prompt" or "negative_prompt".
            base_text: What the editor showed before the change; None skips the check.

        Returns:
            The segment as it now stands in the file.

        Raises:
            InputError: The field is unknown or the text too long.
            StaleWriteError: The field no longer holds ``base_text``.
        """
        self._studio.require(Action.EDIT_PROMPT)
        current = _value(self._streams.get(stream_id).get_segment(segment_id), field)
        if base_text is not None and current != base_text:
            raise StaleWriteError(f"The prompt of segment {segment_id}", "somebody else edited it.")
        self.save_changed(stream_id, segment_id, {field: text})
        self.discard_draft(stream_id, segment_id, field)
        return self._streams.get(stream_id).get_segment(segment_id)

    def save_changed(self, stream_id: str, segment_id: int, prompts: Mapping[str, str]) -> None:
        """Save the fields that differ from the file; does nothing when none does."""
        stream = self._streams.get(stream_id)
        segment = stream.get_segment(segment_id)
        changes = {
            field: text for field, text in prompts.items() if text.strip() != _value(segment, field).strip()
        }
        for text in changes.values():
            if len(text) > PROMPT_LIMIT:
                raise InputError(
                    f"A prompt holds at most {PROMPT_LIMIT:,} characters; this one has {len(text):,}."
                )
        if changes:
            self._studio.require(Action.EDIT_PROMPT)
            self._write(stream_id, segment_id, changes, stream.spec_sha256)

    def choose(self, stream_id: str, segment_id: int, key: str) -> Segment:
        """Settle a conflict between the still's two prompt keys by taking the text of one of them.

        Raises:
            InputError: The segment has no conflict on that key.
        """
        self._studio.require(Action.EDIT_PROMPT)
        stream = self._streams.get(stream_id)
        segment = stream.get_segment(segment_id)
        if key not in segment.prompt_conflict:
            raise InputError(f"Segment {segment_id} has no conflicting prompt under “{key}”.")
        self._write(stream_id, segment_id, {"image_prompt": segment.prompt_conflict[key]}, stream.spec_sha256)
        return self._streams.get(stream_id).get_segment(segment_id)

    def drafts(self, stream_id: str) -> list[Draft]:
        """Return this person's unsaved texts for a stream, by segment and field."""
        with self._studio.database.read() as connection:
            return list_drafts(connection, self._studio.actor.username, stream_id)

    def save_draft(self, stream_id: str, segment_id: int, field: str, text: str, base_text: str) -> None:
        """Keep unsaved text; text equal to what is saved forgets the draft."""
        _check_field(field)
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

    def _write(
        self, stream_id: str, segment_id: int, changes: dict[str, str], expected_sha256: str | None
    ) -> None:
        root, actor = self._studio.root, self._studio.actor.username
        saved = save_prompts(root, stream_id, segment_id, changes, expected_sha256=expected_sha256)
        with self._studio.database.write() as connection:
            record_event(
                connection,
                "edited_prompt",
                actor,
                self._studio.clock(),
                place=(stream_id, segment_id, None),
                details={"before": saved.before, "after": changes},
            )


def _check_field(field: str) -> None:
    if field not in FIELDS:
        raise InputError(f"There is no prompt field “{field}”. There are: {', '.join(FIELDS)}.")


def _value(segment: Segment, field: str) -> str:
    _check_field(field)
    return str(getattr(segment, field))
