"""Taking back what one step changed in prompts, and doing it again."""

from __future__ import annotations

from director_lib.errors import NotFoundError, PromptClashError
from director_lib.store.undo import UndoStep
from director_lib.workbench.prompts import Prompts


def rewrite_prompts(prompts: Prompts, step: UndoStep, *, again: bool) -> str:
    """Let the step's prompts say what they said before it, or what it made them say.

    Doing it twice changes nothing more, so it comes before the record that it was done: a crash in between
    loses nothing.

    Returns:
        What was left as it is because somebody changed it since, in words; "" for nothing.
    """
    left = []
    for edit in step.prompt_edits:
        base, text = (edit.before, edit.after) if again else (edit.after, edit.before)
        try:
            prompts.save_changed(step.stream_id, edit.segment_id, {edit.field: text}, base={edit.field: base})
        except (PromptClashError, NotFoundError):
            left.append(str(edit.segment_id))
    return f" (edited since and left as they are: {', '.join(left)})" if left else ""
