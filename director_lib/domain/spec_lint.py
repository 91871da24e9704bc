"""What a look over a spec finds before money is spent on it: it advises, and never decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from director_lib.domain.spec_edit import HEX_COLOR
from director_lib.domain.stream import Stream


class LintSeverity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class LintPlace(StrEnum):
    """What a finding is about."""

    SPEC = "spec"
    SEGMENT = "segment"
    SECTION = "section"
    PALETTE = "palette"
    DIRECTION = "direction"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing worth looking at.

    Attributes:
        code: Stable identifier ("missing_image_prompt").
        place: What kind of thing it is about.
        place_id: Which one: a segment's number, a section's id, a colour's name; "" for the spec.
        field: Which of its fields; "" for the whole.
        words: What was found, as a sentence.
        advice: What to do about it, as a sentence.
    """

    code: str
    severity: LintSeverity
    place: LintPlace
    place_id: str
    field: str
    words: str
    advice: str


@dataclass(frozen=True, slots=True)
class EngineReach:
    """What the engine that will make the clips can do.

    Attributes:
        shortest_s: Shortest clip; None where nothing is known.
        longest_s: Longest clip; None where nothing is known.
        camera_only: Whether it moves the camera over the still and nothing in it.
    """

    name: str
    shortest_s: float | None = None
    longest_s: float | None = None
    camera_only: bool = False


@dataclass(frozen=True, slots=True)
class LintedSpec:
    """A stream with what only its file tells.

    Attributes:
        colors: Name and value of every palette entry as written, unusable ones included.
        repeated_ids: Numbers that more than one segment has.
        unnumbered_ids: Numbers of segments that go by their position only.
        reaches: By segment, what the engine of its clip can do; segments without one are absent.
    """

    stream: Stream
    colors: tuple[tuple[str, str], ...] = ()
    repeated_ids: tuple[int, ...] = ()
    unnumbered_ids: tuple[int, ...] = ()
    reaches: dict[int, EngineReach] = field(default_factory=dict)


def about_segment(
    code: str, severity: LintSeverity, segment_id: int, words: str, advice: str, *, of: str = ""
) -> LintFinding:
    """Return a finding about a segment, or about one of its fields."""
    return LintFinding(code, severity, LintPlace.SEGMENT, str(segment_id), of, words, advice)


def lint_structure(spec: LintedSpec) -> Iterator[LintFinding]:
    """Find what is wrong with numbers, and with which text stands over which pictures."""
    stream = spec.stream
    if not stream.segments:
        yield LintFinding(
            "no_segments",
            LintSeverity.ERROR,
            LintPlace.SPEC,
            "",
            "",
            "The spec has no segments yet.",
            "Write a first spec, or add a segment.",
        )
        return
    for segment_id in spec.repeated_ids:
        words = f"More than one segment has the number {segment_id}; only the first of them is used."
        advice = "Give the others numbers of their own in production.json."
        yield about_segment("repeated_id", LintSeverity.ERROR, segment_id, words, advice, of="id")
    for segment_id in spec.unnumbered_ids:
        words = f"Segment {segment_id} has no number of its own; it goes by its position."
        advice = "Edit anything about the order here, and the number is written down."
        yield about_segment("missing_id", LintSeverity.WARNING, segment_id, words, advice, of="id")
    yield from _lint_sections(stream)


def lint_palette(spec: LintedSpec) -> Iterator[LintFinding]:
    """Find colours that no picture can be measured against."""
    if not spec.colors:
        words = "The visual direction has no palette."
        advice = "Add three to seven colours; stills are tinted by them and checked against them."
        place = (LintPlace.PALETTE, "", "")
        yield LintFinding("no_palette", LintSeverity.NOTE, *place, words, advice)
    for name, value in spec.colors:
        if not HEX_COLOR.fullmatch(value):
            said = f"“{value[:40]}”" if value else "nothing"
            words = f"The colour “{name}” says {said}, which is not #rrggbb."
            advice = "Write it as #rrggbb, such as #22323a."
            place = (LintPlace.PALETTE, name, "hex")
            yield LintFinding("palette_color", LintSeverity.WARNING, *place, words, advice)


def _lint_sections(stream: Stream) -> Iterator[LintFinding]:
    if not stream.sections:
        if stream.story:
            words = "The spec has no sections, so the story's words are spread over the film evenly."
            advice = "Add sections with the story's text, and match them with segments."
            yield LintFinding("no_sections", LintSeverity.NOTE, LintPlace.SPEC, "", "", words, advice)
        return
    known = {segment.id for segment in stream.segments}
    for section_id, count in Counter(section.id for section in stream.sections).items():
        if count > 1:
            words = f"{count} sections have the id “{section_id}”."
            yield _about_section(
                "repeated_section", LintSeverity.WARNING, section_id, words, "Give each an id of its own."
            )
    for section in stream.sections:
        unknown = [one for one in section.segment_ids if one not in known]
        if unknown:
            words = f"Section {section.id} names segment {unknown[0]}, which the stream does not have."
            advice = "Match it with segments that are there."
            yield _about_section("unknown_segment", LintSeverity.ERROR, section.id, words, advice)
        if not any(one in known for one in section.segment_ids):
            words = f"Section {section.id} stands over no segment."
            advice = "Match it with the segments that it is read over."
            yield _about_section("section_without_segment", LintSeverity.WARNING, section.id, words, advice)
    matched = {one for section in stream.sections for one in section.segment_ids}
    for segment in stream.segments:
        if segment.id not in matched:
            words = f"No section is matched with segment {segment.id}; no text is read over it."
            advice = "Match a section with it, or leave it as a picture without words."
            yield about_segment("segment_without_section", LintSeverity.NOTE, segment.id, words, advice)


def _about_section(
    code: str, severity: LintSeverity, section_id: str, words: str, advice: str
) -> LintFinding:
    of = "segment_ids" if "segment" in code else "id"
    return LintFinding(code, severity, LintPlace.SECTION, section_id, of, words, advice)
