"""What an edit of a spec did, and refusing one of something that says another thing than its writer saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from director_lib.domain.spec_edit import SpecEdit
from director_lib.errors import StaleWriteError


@dataclass(frozen=True, slots=True)
class Done:
    """What an edit did.

    Attributes:
        label: In words ("moved segment 3 before segment 1").
        inverse: The edit that takes it back, also when other parts have changed since; None when only the
            whole text of before does.
    """

    label: str
    inverse: SpecEdit | None = None


class _TextEdit(Protocol):
    @property
    def text(self) -> str:
        """What it is to say."""
        ...

    @property
    def base(self) -> str | None:
        """What the writer saw; None when they save over anything."""
        ...


def check_base(thing: str, now: str, edit: _TextEdit) -> None:
    """Refuse when somebody else changed the same text to something else meanwhile.

    Args:
        thing: What is edited, as a sentence begins.
        now: What it says in the file.

    Raises:
        StaleWriteError: It says neither what the writer saw nor what they want.
    """
    if edit.base is None or now.strip() in (edit.base.strip(), edit.text.strip()):
        return
    raise StaleWriteError(thing, "somebody else edited it, here or in production.json.")
