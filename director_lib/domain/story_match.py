"""Whether the sections' texts are the story, to the character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from director_lib.domain.spec_lint import LintFinding, LintPlace, LintSeverity
from director_lib.domain.stream import Section, Stream

_NOT_STORY = frozenset({"form", "footer", "cta", "contact", "credits", "button"})
_QUOTED = 24


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the sections first say something else than the story.

    Attributes:
        section_id: The section; "" when the story goes on after the last one.
        offset: 0-based character of the section's text.
        story_offset: 0-based character of the story, its scenes with a blank line between.
        line: 1-based line of the story.
        column: 1-based column of the story.
        story: What the story says there.
        section: What the section says there; "" when it has ended.
    """

    section_id: str
    offset: int
    story_offset: int
    line: int
    column: int
    story: str
    section: str


def story_text(stream: Stream) -> str:
    """Return the story's words: the texts of its scenes with a blank line between; "" without a story."""
    return "\n\n".join(_lines(scene.text) for scene in stream.story if scene.text.strip())


def story_sections(stream: Stream) -> list[Section]:
    """Return the sections that hold words of the story, in order."""
    return [one for one in stream.sections if one.text.strip() and one.text_type.lower() not in _NOT_STORY]


def find_differences(stream: Stream) -> list[Difference]:
    """Compare the sections, one after another, with the story.

    White space at a section's ends makes no difference; every other character has to be the story's. After
    a section that differs the next one is looked for further on.

    Returns:
        At most one difference for each section, and one for what follows the last; empty when they are equal,
        or when there is no story or no section with text.
    """
    story, sections = story_text(stream), story_sections(stream)
    if not story or not sections:
        return []
    found: list[Difference] = []
    at = 0
    for section in sections:
        text = _lines(section.text).strip()
        at = _skip_space(story, at)
        length = _common_length(story, at, text)
        if length == len(text):
            at += length
            continue
        lead = len(_lines(section.text)) - len(_lines(section.text).lstrip())
        found.append(_difference(story, at + length, section.id, lead + length, text[length:]))
        at = _resume(story, at, text)
    rest = _skip_space(story, at)
    if rest < len(story) and not found:
        found.append(_difference(story, rest, "", 0, ""))
    return found


def lint_story(stream: Stream) -> Iterator[LintFinding]:
    """Tell where the sections' texts leave the story."""
    for one in find_differences(stream):
        where = f"line {one.line}, column {one.column} of the story"
        if not one.section_id:
            words = f"The story goes on after the last section, from {where}: “{one.story}”."
            advice = "Give the rest of the story to a section."
            place = (LintPlace.SPEC, "", "text")
        else:
            said = f"the section says “{one.section}”" if one.section else "the section ends"
            told = f"the story says “{one.story}”" if one.story else "the story has ended"
            words = (
                f"Section {one.section_id} is not the story to the character: at its character "
                f"{one.offset + 1} ({where}) {told}, {said}."
            )
            advice = "Correct the section; the story's words are the customer's."
            place = (LintPlace.SECTION, one.section_id, "text")
        yield LintFinding("text_differs", LintSeverity.ERROR, *place, words, advice)


def _difference(story: str, at: int, section_id: str, offset: int, rest: str) -> Difference:
    before = story[:at]
    line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
    return Difference(section_id, offset, at, line, column, _quote(story[at:]), _quote(rest))


def _quote(text: str) -> str:
    shown = " ".join(text[: _QUOTED * 2].split())
    return shown if len(shown) <= _QUOTED else f"{shown[:_QUOTED].rstrip()}…"


def _common_length(story: str, at: int, text: str) -> int:
    if story.startswith(text, at):
        return len(text)
    length = 0
    for one, other in zip(text, story[at : at + len(text)], strict=False):
        if one != other:
            break
        length += 1
    return length


def _resume(story: str, at: int, text: str) -> int:
    """Return where the next section is to be looked for: behind this text's last words, if they are found."""
    tail = text[-_QUOTED:]
    found = story.find(tail, at) if len(tail) == _QUOTED else -1
    return found + len(tail) if found >= 0 else min(len(story), at + len(text))


def _skip_space(story: str, at: int) -> int:
    while at < len(story) and story[at].isspace():
        at += 1
    return at


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
