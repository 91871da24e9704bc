"""What a new stream is made of, and the id that its title suggests."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from director_lib.domain.stream import Scene
from director_lib.errors import InputError

TITLE_LIMIT = 200
STORY_LIMIT = 1_000_000
"""Characters; five times a long novella, and far beyond what a film of a thousand segments tells."""

_LONGEST_SLUG = 60
_NAMELESS = "story"
_NO_MARKS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h"}
)
_APART = re.compile(r"[^a-z0-9]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """A story as it was handed in.

    Attributes:
        title: "" when it does not say one.
        scenes: In order; a plain story is one scene without a title.
        notes: What was left out or understood in a certain way, for a person.
    """

    title: str
    scenes: tuple[Scene, ...]
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All its words, the scenes' titles included."""
        return "\n\n".join(part for scene in self.scenes for part in (scene.title, scene.text) if part)


def draft_of(
    scenes: Sequence[Scene], title: str = "", *, has_title: bool = False, notes: Sequence[str] = ()
) -> StoryDraft:
    """Put a draft together from scenes in order, of which the first may have no heading.

    Args:
        title: The story's, when it is known from elsewhere.
        has_title: Whether the first heading is the story's own, should it have no other.
    """
    kept = [scene for scene in scenes if scene.title or scene.text]
    if has_title and kept and not title:
        title, kept[0] = kept[0].title, Scene("", kept[0].text)
    return StoryDraft(title, tuple(scene for scene in kept if scene.title or scene.text), tuple(notes))


def slug_of(title: str) -> str:
    """Return the id that a title suggests: lower-case letters, digits and hyphens, never empty.

    What is not written in Latin letters is left out; a title of nothing else suggests "story".
    """
    plain = unicodedata.normalize("NFKD", title.lower().translate(_NO_MARKS))
    slug = _APART.sub("-", "".join(one for one in plain if not unicodedata.combining(one))).strip("-")
    if len(slug) > _LONGEST_SLUG:
        slug = slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]
    return slug or _NAMELESS


def free_id(wanted: str, taken: Collection[str]) -> str:
    """Return the id, or with the first number that makes it one that is not taken; case does not count."""
    known = {one.casefold() for one in taken}
    number, found = 1, wanted
    while found.casefold() in known:
        number += 1
        found = f"{wanted}-{number}"
    return found


def check_title(title: str) -> str:
    """Return the title without blanks around it.

    Raises:
        InputError: It is empty, too long, or holds characters that are no text.
    """
    title = " ".join(title.split())
    if not title or len(title) > TITLE_LIMIT or _CONTROL.search(title):
        raise InputError(f"A stream needs a title of 1 to {TITLE_LIMIT} characters. Nothing was made.")
    return title


def check_language(language: str) -> str:
    """Return the language's two lower-case letters; "" stays.

    Raises:
        InputError: It is no such code.
    """
    language = language.strip().lower()
    if language and not _LANGUAGE.fullmatch(language):
        raise InputError("A language is two letters, such as “hu”. Nothing was made.")
    return language


def check_story(text: str) -> None:
    """Refuse a story that is empty, too long, or holds what is no text.

    Raises:
        InputError: One of these.
    """
    if not text.strip():
        raise InputError("There is no text in it. Nothing was made.")
    check_length(text)
    if _CONTROL.search(text):
        raise InputError(
            "It holds bytes that are no text. Save it as plain text in UTF-8, then try again. Nothing was "
            "made."
        )


def check_length(text: str) -> None:
    """Refuse a story that is too long.

    Raises:
        InputError: It is.
    """
    if len(text) > STORY_LIMIT:
        raise InputError(
            f"A story holds at most {STORY_LIMIT:,} characters; this one has {len(text):,}. Nothing was "
            "made. Make a stream of each part."
        )
