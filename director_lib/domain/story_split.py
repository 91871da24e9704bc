"""Dividing a story into passages for one picture each; no character of it is lost or changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from director_lib.domain.stream import Scene

WORDS_A_PASSAGE = 45
FEWEST, MOST = 1, 120
_PARAGRAPH_END = re.compile(r"\n[ \t]*(?:\n\s*)?")
_SENTENCE_END = re.compile(r"[.!?…。！？]+[”“\"'’»)\]]*\s+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|prof|jr|vs|etc|pl|kb|stb|ill|ifj|id|bzw|usw|ca|nr|hr|fr|z\.b|d\.h|e\.g|i\.e)"
    r"|\b[A-ZÁÉÍÓÖŐÚÜŰÄ]|\b\d{1,4})\.\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A passage of a story.

    Attributes:
        heading: Title of the scene that begins with it; "" elsewhere.
        text: Its words, without the white space around them.
    """

    heading: str
    text: str


def split_story(story: tuple[Scene, ...], wanted: int | None = None) -> list[StoryPart]:
    """Divide a story at its scenes, paragraphs and sentences.

    Args:
        wanted: How many passages there should be; None goes by the length. A scene is at least one passage,
            and a passage at least one sentence, so that there may be more or fewer.

    Returns:
        Passages in order; put together, with white space between, they are the story. Empty without words.
    """
    scenes = [scene for scene in story if scene.text.strip()]
    n_words = [len(scene.text.split()) for scene in scenes]
    total = sum(n_words)
    if not total:
        return []
    goal = wanted if wanted is not None else round(total / WORDS_A_PASSAGE)
    goal = max(FEWEST, min(MOST, goal))
    shares = _shares(n_words, goal)
    return [
        StoryPart(scene.title.strip() if number == 0 else "", text)
        for scene, share in zip(scenes, shares, strict=True)
        for number, text in enumerate(_divide(scene.text, share))
    ]


def sentences_of(text: str) -> list[str]:
    """Divide a text into sentences, white space at their ends included; joined, they are the text."""
    pieces, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[start : match.end()]):
            pieces.append(text[start : match.end()])
            start = match.end()
    return [*pieces, *([text[start:]] if start < len(text) else [])]


def numbered_sentences(text: str) -> list[str]:
    """Divide a text at paragraphs and sentences; joined, the pieces are the text, and each has words."""
    pieces: list[str] = []
    for piece in (piece for paragraph in _paragraphs(text) for piece in sentences_of(paragraph)):
        if pieces and not (piece.strip() and pieces[-1].strip()):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _shares(n_words: list[int], goal: int) -> list[int]:
    """Give each scene its number of passages by its length, at least one."""
    total = sum(n_words)
    shares = [max(1, round(goal * words / total)) for words in n_words]
    while sum(shares) > max(goal, len(shares)):
        longest = max((share, index) for index, share in enumerate(shares))[1]
        shares[longest] -= 1
    while sum(shares) < goal:
        longest = max(range(len(shares)), key=lambda index: n_words[index] / shares[index])
        shares[longest] += 1
    return shares


def _divide(text: str, n_parts: int) -> list[str]:
    """Divide one scene into about equally long runs of sentences, at paragraphs where that fits."""
    pieces = [
        (piece, is_last)
        for paragraph in _paragraphs(text)
        for piece, is_last in _marked(sentences_of(paragraph))
    ]
    total = sum(len(piece.split()) for piece, _ in pieces)
    parts: list[str] = []
    run, said, begun = "", 0, 0
    for number, (piece, ends_paragraph) in enumerate(pieces):
        run += piece
        said += len(piece.split())
        due = total * (len(parts) + 1) / n_parts
        near = said >= due - (0.35 * total / n_parts if ends_paragraph else 0)
        left = len(pieces) - number - 1
        if near and said > begun and len(parts) < n_parts - 1 and left > 0:
            parts.append(run)
            run, begun = "", said
    return [part.strip() for part in [*parts, run] if part.strip()]


def _paragraphs(text: str) -> list[str]:
    pieces, start = [], 0
    for match in _PARAGRAPH_END.finditer(text):
        pieces.append(text[start : match.end()])
        start = match.end()
    return [*pieces, *([text[start:]] if start < len(text) else [])]


def _marked(sentences: list[str]) -> list[tuple[str, bool]]:
    return [(sentence, number == len(sentences)) for number, sentence in enumerate(sentences, start=1)]
