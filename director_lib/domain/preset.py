"""Prompt fragments that people reuse: what one may be, and how it comes into a prompt."""

from __future__ import annotations

from dataclasses import dataclass

from director_lib.domain.people import Action, Actor, may
from director_lib.errors import InputError

CATEGORIES = ("lighting", "motion", "color", "lens", "mood", "composition", "texture")
"""What presets are usually about; people may name others."""

_ENDS = (".", ",", ";", ":", "!", "?")
_LONGEST = {"name": 60, "category": 30, "text": 2_000}


@dataclass(frozen=True, slots=True)
class PresetForm:
    """What a person writes of a preset.

    Attributes:
        category: What it is about, in lower case ("lighting", "motion", "color", …).
        is_shared: Whether everybody sees it, or only its author.
    """

    name: str
    category: str
    text: str
    is_shared: bool = True

    def checked(self) -> PresetForm:
        """Return it without blanks at the ends.

        Raises:
            InputError: A part is empty or too long.
        """
        parts = {
            "name": self.name.strip(),
            "category": self.category.strip().lower(),
            "text": self.text.strip(),
        }
        if not all(parts.values()):
            raise InputError("A preset needs a name, a category and a text. Nothing was saved.")
        for part, limit in _LONGEST.items():
            if len(parts[part]) > limit:
                raise InputError(
                    f"A preset's {part} has at most {limit:,} characters; this one has {len(parts[part]):,}. "
                    "Nothing was saved."
                )
        return PresetForm(**parts, is_shared=self.is_shared)


def may_change(actor: Actor, author: str) -> bool:
    """Tell whether the actor may change or delete a preset: its author may, and an admin."""
    return may(actor, Action.ADMINISTER) or (actor.username == author and may(actor, Action.EDIT_PROMPT))


def with_fragment(prompt: str, fragment: str) -> str:
    """Return the prompt with a fragment at its end; unchanged when it says the fragment already."""
    own, more = prompt.strip(), fragment.strip()
    if more in own:
        return prompt
    if not own:
        return more
    return f"{own} {more}" if own.endswith(_ENDS) else f"{own}, {more}"
