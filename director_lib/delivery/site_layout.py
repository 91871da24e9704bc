"""Where each text stands in the film: passages of segments with the texts that are read over them."""

from __future__ import annotations

from dataclasses import dataclass

from director_lib.delivery.site_text import Beat, scene_beats, section_beats
from director_lib.domain.stream import Section, Stream


@dataclass(frozen=True, slots=True)
class Passage:
    """Segments that follow each other, and what is read while they are seen.

    Attributes:
        segment_ids: In the stream's order; never empty.
        beats: In the order of reading; spread evenly over the passage.
    """

    segment_ids: tuple[int, ...]
    beats: tuple[Beat, ...]


def lay_out(stream: Stream) -> list[Passage]:
    """Divide a stream into passages: every segment is in exactly one, in order, and every text, too.

    A section begins with the first of its segments and lasts while the next ones are its own. A section
    without segments of the stream is read after the one before it. A story without sections is spread over
    all segments, scene by scene.
    """
    ids = [segment.id for segment in stream.segments]
    if not any(section.text.strip() or section.heading or section.form for section in stream.sections):
        return _story_passages(stream, ids)
    anchored = _anchored(stream, ids)
    runs: list[list[int]] = []
    covered: set[int] = set()
    for segment_id in ids:
        if segment_id in anchored:
            covered = {other for section in anchored[segment_id] for other in section.segment_ids}
            runs.append([segment_id])
        elif segment_id in covered:
            runs[-1].append(segment_id)
        else:
            covered = set()
            runs.append([segment_id])
    return [
        Passage(tuple(run), tuple(beat for part in anchored.get(run[0], []) for beat in section_beats(part)))
        for run in runs
    ]


def _anchored(stream: Stream, ids: list[int]) -> dict[int, list[Section]]:
    """Map the segment that each section begins with to the sections that begin there."""
    anchored: dict[int, list[Section]] = {}
    before = ids[0]
    for section in stream.sections:
        before = next((segment_id for segment_id in ids if segment_id in section.segment_ids), before)
        anchored.setdefault(before, []).append(section)
    return anchored


def _story_passages(stream: Stream, ids: list[int]) -> list[Passage]:
    """Spread the scenes over the segments; with more scenes than segments some share one."""
    n_runs = max(1, min(len(stream.story), len(ids)))
    runs = [ids[len(ids) * run // n_runs : len(ids) * (run + 1) // n_runs] for run in range(n_runs)]
    beats: list[list[Beat]] = [[] for _ in runs]
    for number, scene in enumerate(stream.story):
        beats[number * n_runs // len(stream.story)].extend(scene_beats(scene))
    return [Passage(tuple(run), tuple(texts)) for run, texts in zip(runs, beats, strict=True)]
