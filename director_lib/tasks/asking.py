"""From wishes to requests: what was chosen for the stream, and the pictures that go along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.engine_choice import EngineChoices
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind, Version, in_words
from director_lib.engines.catalog import references_taken
from director_lib.engines.protocol import Engine
from director_lib.errors import InputError
from director_lib.store.engine_choices import list_choices
from director_lib.store.versions import current_versions, get_version
from director_lib.tasks.requests import Wishes, make_request


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything of one stream that requests are put together from, read once.

    Attributes:
        named: Digests of the stills that were named to go along.
        like: Digest of the still of the segment that is to be gone by; None without one.
    """

    stream: Stream
    choices: EngineChoices
    wishes: Wishes
    get_engine: Callable[[str], Engine]
    named: tuple[str, ...] = ()
    like: str | None = None

    def request(self, segment: Segment, kind: Kind, keyframe: Version | None) -> GenerationRequest:
        """Say exactly what would be sent for a segment.

        A still of the segment to be gone by goes along only when the engine takes one more picture.

        Args:
            keyframe: The segment's current keyframe version; only looked at for a clip.

        Raises:
            NotFoundError: The stream has no segment to make it like.
            RuleError: That segment has no image prompt.
            InputError: A clip is to be made like another segment, or there is no such engine.
        """
        asked = make_request(self.choices, self.stream, segment, kind, keyframe, self.wishes)
        pictures = self.named
        if self.like is not None and self._takes_more(asked):
            pictures = (*pictures, self.like)
        # the same picture twice says nothing more, and would be paid for twice
        return replace(asked, reference_sha256s=tuple(dict.fromkeys(pictures)))

    def _takes_more(self, asked: GenerationRequest) -> bool:
        return references_taken(self.get_engine(asked.engine), asked) > len(self.named)


def read_asking(
    connection: sa.Connection,
    settings: Settings,
    get_engine: Callable[[str], Engine],
    stream: Stream,
    wishes: Wishes,
) -> Asking:
    """Read what requests for a stream are put together from.

    Raises:
        NotFoundError: A version that was named does not exist.
        InputError: It is no still.
    """
    named = tuple(_still_sha256(connection, id_) for id_ in wishes.get("reference_version_ids") or ())
    like = wishes.get("like_segment")
    still = None if like is None else current_versions(connection, stream.id).get((like, Kind.KEYFRAME))
    choices = read_choices(connection, settings, stream.id)
    return Asking(stream, choices, wishes, get_engine, named, still.sha256 if still else None)


def read_choices(connection: sa.Connection, settings: Settings, stream_id: str) -> EngineChoices:
    """Read what was chosen for a stream and its segments, over the settings."""
    usual = {Kind.KEYFRAME: settings.engine_keyframe, Kind.VIDEO: settings.engine_video}
    chosen = {(choice.segment_id, choice.kind): choice for choice in list_choices(connection, stream_id)}
    return EngineChoices(usual, chosen)


def _still_sha256(connection: sa.Connection, version_id: int) -> str:
    version = get_version(connection, version_id)
    if version.kind is not Kind.KEYFRAME:
        raise InputError(
            f"{in_words(version).capitalize()} cannot go along as a reference: only stills can. Nothing was "
            "queued; choose a still."
        )
    return version.sha256
