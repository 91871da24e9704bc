"""A story as it is set for reading: parts of one kind of text each, in the story's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from director_lib.delivery.site_text import Beat, Line, TextKind, section_beats, text_kind
from director_lib.domain.stream import Scene, Section, Stream


@dataclass(frozen=True, slots=True)
class Part:
    """Paragraphs of one kind that stand together.

    Attributes:
        heading: Stands above it; "" without one.
        footer: Small print below it.
        section_id: The section of the spec that it is; "" of a story's own text.
    """

    kind: TextKind
    lines: tuple[Line, ...]
    heading: str = ""
    footer: str = ""
    section_id: str = ""


def story_parts(stream: Stream) -> tuple[Part, ...]:
    """Set a stream's story; empty without one.

    Where the spec tells of a passage that it is a poem, a dialogue or the like, it is set as such. Without a
    story in the order form, the sections' own texts are set.
    """
    if not stream.story:
        return tuple(part for section in stream.sections for part in _section(section))
    kinds = [section for section in stream.sections if text_kind(section.text_type) is not TextKind.PROSE]
    return tuple(part for scene in stream.story for part in _scene(scene, kinds))


def story_text(stream: Stream) -> str:
    """Return all that is read of a stream's story, headings included, as one text."""
    if stream.story:
        return "\n".join(text for scene in stream.story for text in (scene.title, scene.text) if text)
    return "\n".join(text for one in stream.sections for text in (one.heading, one.text) if text)


def _scene(scene: Scene, special: list[Section]) -> Iterator[Part]:
    at, heading = 0, scene.title
    for section in special:
        words = section.text.strip()
        found = scene.text.find(words, at) if words else -1
        if found < 0:
            continue
        passages = (
            Section("", text=scene.text[at:found], heading=heading),
            Section(section.id, text=words, text_type=section.text_type),
        )
        for passage in passages:
            yield from _section(passage)
        at, heading = found + len(words), ""
    yield from _section(Section("", text=scene.text[at:], heading=heading))


def _section(section: Section) -> Iterator[Part]:
    """Join what the site shows one after another: a reader of the whole has it all before them."""
    beats = [beat for beat in section_beats(section) if beat.lines or beat.heading or beat.footer]
    gathered: list[Beat] = []
    for beat in beats:
        if gathered and gathered[-1].kind is not beat.kind:
            yield _part(gathered)
            gathered = []
        gathered.append(beat)
    if gathered:
        yield _part(gathered)


def _part(beats: list[Beat]) -> Part:
    lines = tuple(line for beat in beats for line in beat.lines)
    return Part(beats[0].kind, lines, beats[0].heading, beats[-1].footer, beats[0].section_id)
