"""When a still or clip no longer shows what the stream asks for, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from director_lib.domain.prompt import image_prompt_as_sent, negative_prompt_as_sent
from director_lib.domain.spec_digest import SpecDigests, SpecPart, changed_parts
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Origin, Version


class About(StrEnum):
    """What changed since a version was made."""

    PROMPT = "prompt"
    SPEC = "spec"
    KEYFRAME = "keyframe"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a version is stale, with a sentence for a director."""

    about: About
    text: str


_WORDS = {Kind.KEYFRAME: "still", Kind.VIDEO: "clip"}
# a clip gets the stream's look from its keyframe alone; only a still is made by direction and palette
_SPEC_WORDS = {
    Kind.KEYFRAME: {
        SpecPart.VISUAL_DIRECTION: "The visual direction has changed",
        SpecPart.PALETTE: "The colour palette has changed",
        SpecPart.SIZE: "The picture size has changed",
    },
    Kind.VIDEO: {
        SpecPart.SIZE: "The picture size has changed",
        SpecPart.DURATION: "The length of the segment has changed",
    },
}


class StalenessRule:
    """The rule for one stream as it is now.

    A version of unknown making (found on disk) is never stale by its prompt or the spec; of one that was made
    before everything was recorded, only what is known is compared.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._digests = SpecDigests(stream)

    def reasons(self, version: Version | None, segment: Segment, keyframe: Version | None) -> list[Reason]:
        """Say why a version is stale, most telling first; empty when it is up to date or missing.

        Args:
            keyframe: The segment's current keyframe version; only looked at for a clip.
        """
        if version is None:
            return []
        return [*self._by_keyframe(version, segment, keyframe), *self.own_reasons(version, segment)]

    def own_reasons(self, version: Version, segment: Segment) -> list[Reason]:
        """Say what of a version's own making has changed, whatever its keyframe is."""
        if version.origin is Origin.FOUND:
            return []
        return [*self._by_prompts(version, segment), *self._by_spec(version, segment)]

    def _by_keyframe(self, version: Version, segment: Segment, keyframe: Version | None) -> Iterator[Reason]:
        source_id = version.provenance.source_version_id
        if version.kind is not Kind.VIDEO or source_id is None or keyframe is None:
            return
        if source_id != keyframe.id:
            text = f"The keyframe is now version {keyframe.number}; this clip was made from another one."
            yield Reason(About.KEYFRAME, text)
        if self.own_reasons(keyframe, segment):
            yield Reason(About.KEYFRAME, "Its keyframe is out of date.")

    def _by_prompts(self, version: Version, segment: Segment) -> Iterator[Reason]:
        made_of, word = version.provenance, _WORDS[version.kind]
        if version.kind is Kind.KEYFRAME:
            yield from self._by_image_prompt(version, segment)
        elif made_of.motion_prompt not in (None, segment.motion_prompt.strip()):
            yield Reason(About.PROMPT, "The motion prompt has changed since this clip was made.")
        if made_of.negative_prompt not in (None, negative_prompt_as_sent(self._stream, segment)):
            yield Reason(About.PROMPT, f"The negative prompt has changed since this {word} was made.")

    def _by_image_prompt(self, still: Version, segment: Segment) -> Iterator[Reason]:
        sent = still.provenance.image_prompt
        if sent is None or sent == image_prompt_as_sent(self._stream, segment):
            return
        suffix_changed = SpecPart.PROMPT_SUFFIX in self._changed_parts(still, segment)
        own = segment.image_prompt.strip()
        if not (suffix_changed and own and sent.startswith(own)):
            yield Reason(About.PROMPT, "The image prompt has changed since this still was made.")
        if suffix_changed:
            text = "The words added to every image prompt have changed since this still was made."
            yield Reason(About.SPEC, text)

    def _by_spec(self, version: Version, segment: Segment) -> Iterator[Reason]:
        changed = self._changed_parts(version, segment)
        for part, text in _SPEC_WORDS[version.kind].items():
            if part in changed:
                yield Reason(About.SPEC, f"{text} since this {_WORDS[version.kind]} was made.")

    def _changed_parts(self, version: Version, segment: Segment) -> set[SpecPart]:
        then = version.provenance.spec_sha256
        return changed_parts(then, self._digests.of(segment)) if then is not None else set()


def stale_reasons(
    version: Version | None, stream: Stream, segment: Segment, keyframe: Version | None
) -> list[str]:
    """Say why one version is stale, in words for a director; see ``StalenessRule.reasons``.

    Args:
        version: The asset's current version; None is missing, not stale.
        keyframe: The segment's current keyframe version; only looked at for a clip.
    """
    return [reason.text for reason in StalenessRule(stream).reasons(version, segment, keyframe)]
