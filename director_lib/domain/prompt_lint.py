"""What a look over the prompts of a spec finds: missing, vague, repeated, or more than an engine can do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from director_lib.domain.camera_words import camera_moves, fold_words, names_camera
from director_lib.domain.spec_lint import (
    EngineReach,
    LintedSpec,
    LintFinding,
    LintPlace,
    LintSeverity,
    about_segment,
)
from director_lib.domain.stream import Segment

_FEWEST_WORDS, _FEWEST_MOTION_WORDS = 5, 2
_SHARED_WORDS = 2
_FEWEST_FOR_BOOKEND = 4
_CUTS = re.compile(
    r"\b(?:cuts? to|jump cut|cutaway|split screen|montage|next shot|vagas|osztott kepernyo|schnitt auf"
    r"|geteilter bildschirm)\b"
)
_EMPTY = frozenset(
    fold_words(
        "a an the of in with and some something very nice beautiful great good cool epic amazing stunning "
        "cinematic dynamic dramatic interesting scene image picture shot view video clip animation animate "
        "animated motion movement moving moves move slow slowly smooth smoothly subtle gentle effect visual "
        "thing things stuff background atmosphere mood style camera "
        "egy az szep gyonyoru nagyon jo kep jelenet mozgas mozog lassu lassan finom valami hangulat kamera "
        "ein eine der die das schon schone sehr gut bild szene bewegung bewegt langsam sanft etwas stimmung"
    ).split()
)
_COMMON = _EMPTY | frozenset(
    fold_words(
        "at on by to from over under his her its their is are as into for "
        "es und mit im am auf van meg mint de"
    ).split()
)


def lint_prompts(spec: LintedSpec) -> Iterator[LintFinding]:
    """Look at every segment's prompts, and at how they follow each other."""
    before: tuple[int, tuple[str, ...]] | None = None
    for segment in spec.stream.segments:
        yield from _lint_image(segment)
        yield from _lint_motion(segment)
        reach = spec.reaches.get(segment.id)
        if reach is not None:
            yield from _lint_reach(segment, reach)
        moves = camera_moves(segment.motion_prompt)
        if before is not None and moves and moves == before[1]:
            words = f"The camera does the same as in segment {before[0]}: {', '.join(moves)}."
            advice = "Vary the move, unless the repetition is meant."
            yield _motion("repeated_camera", LintSeverity.WARNING, segment, words, advice)
        before = (segment.id, moves)
    yield from _lint_bookend(spec)


def _lint_image(segment: Segment) -> Iterator[LintFinding]:
    if segment.prompt_conflict:
        words = f"Segment {segment.id} has two image prompts that differ."
        advice = "Choose one of them on the keyframes page."
        yield _image("prompt_conflict", LintSeverity.ERROR, segment, words, advice)
    elif not segment.image_prompt.strip():
        words = f"Segment {segment.id} has no image prompt, so no still can be made."
        advice = "Write what is seen: subject, place, light, framing."
        yield _image("missing_image_prompt", LintSeverity.ERROR, segment, words, advice)
    elif _says_little(segment.image_prompt, _FEWEST_WORDS):
        words = f"The image prompt of segment {segment.id} says little: “{_short(segment.image_prompt)}”."
        advice = "Name subject, place, light and framing; an engine fills gaps with what is usual."
        yield _image("vague_image_prompt", LintSeverity.WARNING, segment, words, advice)


def _lint_motion(segment: Segment) -> Iterator[LintFinding]:
    motion = segment.motion_prompt
    if not motion.strip():
        words = f"Segment {segment.id} has no motion prompt."
        advice = "Write how the camera moves and what moves in the picture."
        yield _motion("missing_motion_prompt", LintSeverity.WARNING, segment, words, advice)
    elif not camera_moves(motion) and _says_little(motion, _FEWEST_MOTION_WORDS):
        words = f"The motion prompt of segment {segment.id} names no movement: “{_short(motion)}”."
        advice = "Name one camera move (“slow push in”) or what moves (“the reeds bend in the wind”)."
        yield _motion("vague_motion_prompt", LintSeverity.WARNING, segment, words, advice)
    cut = _CUTS.search(fold_words(motion))
    if cut:
        words = f"The motion prompt of segment {segment.id} asks for “{cut.group()}”; a clip is one shot."
        advice = "Split the segment, and let each part be one shot."
        yield _motion("motion_cut", LintSeverity.ERROR, segment, words, advice)


def _lint_reach(segment: Segment, reach: EngineReach) -> Iterator[LintFinding]:
    motion, seconds = segment.motion_prompt, segment.duration_s
    if reach.camera_only and motion.strip() and not names_camera(motion):
        words = (
            f"The engine “{reach.name}” only moves the camera over the still; the motion of segment "
            f"{segment.id} names no camera move."
        )
        advice = "Name a camera move, or choose another engine for the clip."
        yield _motion("motion_beyond_engine", LintSeverity.WARNING, segment, words, advice)
    limit = ""
    if reach.longest_s is not None and seconds > reach.longest_s:
        limit = f"at most {reach.longest_s:g} s"
    elif reach.shortest_s is not None and seconds < reach.shortest_s:
        limit = f"at least {reach.shortest_s:g} s"
    if limit:
        words = f"Segment {segment.id} lasts {seconds:g} s; the engine “{reach.name}” makes {limit}."
        advice = "Change the duration, split the segment, or choose another engine."
        of = "duration_s"
        yield about_segment("duration_beyond_engine", LintSeverity.WARNING, segment.id, words, advice, of=of)


def _lint_bookend(spec: LintedSpec) -> Iterator[LintFinding]:
    stream = spec.stream
    segments = stream.segments
    meant = any(key.startswith(("bookend", "book_end")) for key in stream.visual_direction)
    if len(segments) < _FEWEST_FOR_BOOKEND or not (segments[0].image_prompt and segments[-1].image_prompt):
        return
    shared = _content(segments[0].image_prompt) & _content(segments[-1].image_prompt)
    if len(shared) >= _SHARED_WORDS:
        return
    severity = LintSeverity.WARNING if meant else LintSeverity.NOTE
    words = f"The last picture (segment {segments[-1].id}) takes up nothing of the first."
    advice = "Let the end echo the beginning: the same place, thing or light, changed by the story."
    place = (LintPlace.SEGMENT, str(segments[-1].id), "image_prompt")
    yield LintFinding("missing_bookend", severity, *place, words, advice)


def _content(prompt: str) -> set[str]:
    return {word for word in fold_words(prompt).split() if len(word) > 2 and word not in _COMMON}


def _says_little(prompt: str, fewest: int) -> bool:
    words = fold_words(prompt).split()
    # a script without Latin letters is not judged by words that are not known
    if not words:
        return len(prompt.strip()) < fewest
    return len(words) < fewest or len([word for word in words if word not in _EMPTY]) < 2


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"


def _image(code: str, severity: LintSeverity, segment: Segment, words: str, advice: str) -> LintFinding:
    return about_segment(code, severity, segment.id, words, advice, of="image_prompt")


def _motion(code: str, severity: LintSeverity, segment: Segment, words: str, advice: str) -> LintFinding:
    return about_segment(code, severity, segment.id, words, advice, of="motion_prompt")
