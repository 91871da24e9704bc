"""A stream's story and brief: reading the brief field by field, and editing it in the order form."""

from __future__ import annotations

from director_lib.domain.brief import BriefField
from director_lib.domain.people import Action
from director_lib.errors import InputError, NotFoundError, StaleWriteError
from director_lib.intake.outside_briefs import note_brief_held
from director_lib.store.events import record_event
from director_lib.store.known_briefs import put_known_brief
from director_lib.store.text import check_text
from director_lib.store.undo import BriefEdit, UndoStep, push_step
from director_lib.streams.brief_editor import read_brief_fields, write_brief_field
from director_lib.streams.form_texts import find_form_texts
from director_lib.streams.locking import stream_lock
from director_lib.workbench.studio import Studio

EDITED_BRIEF = "edited_brief"


class Stories:
    """Briefs; each edit changes only the edited field in the customer's order form."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def brief(self, stream_id: str) -> list[BriefField]:
        """Read every field of a brief, unknown ones included; known fields that it lacks are empty.

        Raises:
            NotFoundError: There is no such stream.
            StreamFileError: Its input.json cannot be read.
        """
        self._studio.require(Action.VIEW)
        return read_brief_fields(self._studio.root, stream_id)

    def edit_brief(self, stream_id: str, key: str, text: str, *, base_text: str | None = None) -> bool:
        """Save one field of the brief, with an undo step. What others changed elsewhere in the file stays.

        Args:
            key: As in ``BriefField.key``; fields inside of others have their own.
            text: The new text; of a list one item a line.
            base_text: What the editor showed before the change; None skips the check.

        Returns:
            Whether anything changed.

        Raises:
            InputError: The text does not fit the field, or the field cannot be edited here.
            NotFoundError: There is no such stream, or the brief has no such field.
            StaleWriteError: Somebody else changed the field to something else.
        """
        written = self._write(stream_id, key, text, base_text)
        if written is None:
            return False
        edit, words = written
        step = UndoStep(0, stream_id, f"edited “{words}” of the brief", brief_edits=[edit])
        with self._studio.database.write() as connection:
            push_step(connection, self._studio.actor.username, step, self._studio.clock())
        return True

    def rewrite(self, stream_id: str, edit: BriefEdit, *, again: bool) -> None:
        """Let a field say what it said before an edit, or after it, as a new edit without an undo step.

        Raises:
            DirectorError: As for ``edit_brief``.
        """
        base, text = (edit.before, edit.after) if again else (edit.after, edit.before)
        self._write(stream_id, edit.field, text, base)

    def _write(
        self, stream_id: str, key: str, text: str, base_text: str | None
    ) -> tuple[BriefEdit, str] | None:
        """Save into file and timeline while nobody else saves the stream.

        Returns:
            The edit, and how the field is called; None when nothing changed.
        """
        studio = self._studio
        studio.require(Action.EDIT_PROMPT)
        check_text(text)
        actor, now = studio.actor.username, studio.clock()
        with stream_lock(studio.root, stream_id):
            note_brief_held(studio.database, studio.root, stream_id, now=now)
            before = write_brief_field(studio.root, stream_id, key, text, base_text=base_text)
            field = next(one for one in read_brief_fields(studio.root, stream_id) if one.key == key)
            if before == field.text:
                return None
            details = {"field": field.words, "before": before, "after": field.text}
            known = find_form_texts(studio.root, stream_id)
            with studio.database.write() as connection:
                place = (stream_id, None, None)
                record_event(connection, EDITED_BRIEF, actor, now, place=place, details=details)
                if known is not None:
                    put_known_brief(connection, stream_id, known, now)
        return BriefEdit(key, before, field.text), field.words


def rewrite_brief(studio: Studio, step: UndoStep, *, again: bool) -> str:
    """Take back what one step changed in the brief, or do it again; doing it twice changes nothing more.

    Returns:
        What was left as it is because somebody changed it since, in words; "" for nothing.
    """
    left = []
    for edit in step.brief_edits:
        try:
            Stories(studio).rewrite(step.stream_id, edit, again=again)
        except (StaleWriteError, NotFoundError, InputError):
            left.append(edit.field)
    return f" (edited since and left as they are: {', '.join(left)})" if left else ""
