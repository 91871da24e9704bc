"""When a still or clip no longer shows what the stream asks for."""

from __future__ import annotations

from director_lib.domain.prompt import image_prompt_as_sent
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Origin, Version


def stale_reasons(
    version: Version | None, stream: Stream, segment: Segment, keyframe: Version | None
) -> list[str]:
    """Say why a version is stale, in words for a director.

    A version whose prompts are unknown (found on disk) is never stale by its prompt.

    Args:
        version: The asset's current version; None is missing, not stale.
        keyframe: The segment's current keyframe version; only looked at for a clip.

    Returns:
        One sentence per reason, most telling first; empty when it is up to date.
    """
    if version is None:
        return []
    made_of = version.provenance
    reasons = []
    source_id = made_of.source_version_id
    if version.kind is Kind.VIDEO and source_id is not None and keyframe and source_id != keyframe.id:
        reasons.append(f"The keyframe is now version {keyframe.number}; this clip was made from another one.")
    if version.origin is Origin.FOUND:
        return reasons
    sent = made_of.image_prompt
    if version.kind is Kind.KEYFRAME and sent is not None and sent != image_prompt_as_sent(stream, segment):
        reasons.append("The image prompt has changed since this still was made.")
    if version.kind is Kind.VIDEO and made_of.motion_prompt not in (None, segment.motion_prompt.strip()):
        reasons.append("The motion prompt has changed since this clip was made.")
    return reasons
