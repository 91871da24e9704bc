"""A stream: one customer's story as an ordered run of segments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from director_lib.errors import InvalidIdError, NotFoundError

DEFAULT_DURATION_S = 5.0
_STREAM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Dialect(StrEnum):
    """The shapes of production.json in use."""

    ART_FILM = "art-film"
    SPEC_V1 = "spec v1"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something unusual in a stream's files that was read all the same.

    Attributes:
        file: Name of the file inside the stream's folder.
        path: JSON path ("$.segments[3].image_prompt"), or "" for the file as a whole.
        message: What is odd and how it was understood, for a person.
    """

    file: str
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest span that is reviewed.

    Attributes:
        id: The stream's own 1-based number of the segment.
        image_prompt: The still's prompt; "" when the stream has none.
        image_prompt_keys: The JSON keys that hold the still's prompt, in the file's order.
        prompt_conflict: Key to text of the still's prompts when the keys disagree, else empty.
        motion_prompt_keys: The JSON keys that hold the clip's prompt, in the file's order.
        represents: What the segment stands for in the story.
        duration_s: Seconds; the default when the stream does not say.
    """

    id: int
    title: str = ""
    image_prompt: str = ""
    motion_prompt: str = ""
    negative_prompt: str = ""
    image_prompt_keys: tuple[str, ...] = ()
    motion_prompt_keys: tuple[str, ...] = ()
    prompt_conflict: dict[str, str] = field(default_factory=dict)
    represents: str = ""
    duration_s: float = DEFAULT_DURATION_S


@dataclass(frozen=True, slots=True)
class Section:
    """A chunk of the story's text shown with one or more segments.

    Attributes:
        text_type: The spec's own word for it ("prose", "poem", "dialogue"); "" when it does not say.
        footer: Small print below the text.
        form: What a form of the section says, line by line: its title, its fields, its button.
        layout: The spec's own word for where the text stands ("left").
    """

    id: str
    segment_ids: tuple[int, ...] = ()
    text: str = ""
    text_type: str = ""
    heading: str = ""
    footer: str = ""
    form: tuple[str, ...] = ()
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """One part of a story that was delivered as a list of scenes; a plain story is one scene."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Stream:
    """Everything the files of one stream say.

    Attributes:
        id: The folder's name.
        language: Two lower-case letters, or "" when unknown.
        dialect: Shape of production.json; None when there is none.
        segments: In the film's order, which is the file's; ids are unique.
        story: Scenes in order; empty without a story.
        brief: Brief field to text, in the file's order.
        palette: Names to "#rrggbb", in the file's order.
        visual_direction: Other visual direction fields to text, in the file's order.
        prompt_suffix: Appended to every image prompt as it is sent.
        spec_sha256: Digest of production.json's bytes as read; None when there is none.
        deployed_url: Where it was last deployed, or "".
        oddities: What was odd in the files, in reading order.
    """

    id: str
    title: str
    language: str = ""
    dialect: Dialect | None = None
    segments: tuple[Segment, ...] = ()
    sections: tuple[Section, ...] = ()
    story: tuple[Scene, ...] = ()
    brief: dict[str, str] = field(default_factory=dict)
    palette: dict[str, str] = field(default_factory=dict)
    visual_direction: dict[str, str] = field(default_factory=dict)
    prompt_suffix: str = ""
    negative_prompt: str = ""
    width: int = 1280
    height: int = 720
    spec_sha256: str | None = None
    deployed_url: str = ""
    oddities: tuple[Oddity, ...] = ()

    def get_segment(self, segment_id: int) -> Segment:
        """Return the segment with that id.

        Raises:
            NotFoundError: The stream has no such segment.
        """
        for segment in self.segments:
            if segment.id == segment_id:
                return segment
        raise NotFoundError("segment", f"{segment_id} of {self.id}")


def check_stream_id(stream_id: str) -> str:
    """Return the id unchanged when it names one folder and nothing else.

    Raises:
        InvalidIdError: It is empty, too long, has other characters, or could leave the streams folder.
    """
    if not _STREAM_ID.fullmatch(stream_id):
        raise InvalidIdError("stream", stream_id)
    return stream_id
