"""Choosing the cheapest repair of each segment.

A segment's keyframe and clip are repaired together, because the clip depends on the keyframe: making a
keyframe anew costs its clip as well, while an earlier keyframe may still have one that fits. Segments do not
depend on each other, so the cheapest plan of a stream is the cheapest of each segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from director_lib.domain.prompt import image_prompt_as_sent
from director_lib.domain.repair import AFTER_KEYFRAME, AssetHistory, RepairAction, RepairPlan, RepairStep
from director_lib.domain.review import DecisionKind
from director_lib.domain.staleness import About, StalenessRule
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Origin, Version

Place = tuple[int, Kind]

_SENT_BACK = frozenset({DecisionKind.REGENERATE, DecisionKind.ADJUST_PROMPT})
_FITS_STILL = "The clip was made from version {}, which still fits the prompt: it need not be made anew."


def plan_repairs(stream: Stream, histories: Mapping[Place, AssetHistory]) -> RepairPlan:
    """Find the cheapest set of steps after which nothing is stale.

    An earlier version is made current again, for free, when it was made from exactly what the stream asks
    for today and nobody asked for another picture; else the asset is made anew. Of equally cheap ways the
    one that replaces the least approved work and makes the least anew is taken. What is approved and up to
    date stays, and what is missing stays missing. Equal input gives an equal plan.

    Args:
        histories: Every asset with a current version, by segment id and kind.
    """
    rule = StalenessRule(stream)
    steps: list[RepairStep] = []
    for segment in stream.segments:
        keyframe = histories.get((segment.id, Kind.KEYFRAME))
        clip = histories.get((segment.id, Kind.VIDEO))
        steps += _SegmentRepair(stream, rule, segment, keyframe, clip).steps()
    return RepairPlan(stream.id, tuple(steps))


@dataclass(frozen=True, slots=True)
class _Move:
    """What may be done about one asset; without an action it stays as it is.

    Attributes:
        version: Current afterwards; None for one that does not exist yet.
    """

    version: Version | None
    action: RepairAction | None = None


_ANEW = _Move(None, RepairAction.REGENERATE)


@dataclass(frozen=True, slots=True)
class _SegmentRepair:
    stream: Stream
    rule: StalenessRule
    segment: Segment
    keyframe: AssetHistory | None
    clip: AssetHistory | None

    def steps(self) -> list[RepairStep]:
        """Return the steps of the cheapest way; none when nothing is stale."""
        if not (self._reasons(self.keyframe) or self._reasons(self.clip)):
            return []
        ways = [(still, clip) for still in self._keyframe_moves() for clip in self._clip_moves(still)]
        still, clip = min(ways, key=lambda way: self._cost(*way))
        return [*self._keyframe_step(still), *self._clip_step(still, clip)]

    def _reasons(self, asset: AssetHistory | None) -> tuple[str, ...]:
        still = self.keyframe.current if self.keyframe else None
        reasons = self.rule.reasons(asset.current, self.segment, still) if asset else []
        return tuple(reason.text for reason in reasons)

    def _keyframe_moves(self) -> Iterator[_Move]:
        asset = self.keyframe
        is_stale = bool(self._reasons(asset))
        if asset is None or not is_stale:
            yield _Move(asset.current if asset else None)
        if asset is None or asset.is_being_made or (not is_stale and asset.current.sha256 in asset.approved):
            # what is approved and up to date is not given up to save the price of a clip
            if is_stale:
                yield _ANEW
            return
        refused = _SENT_BACK if not is_stale else {DecisionKind.REGENERATE}
        for version in self._fitting(asset):
            if asset.verdicts.get(version.sha256) not in refused:
                yield _Move(version, RepairAction.RESTORE)
        if is_stale:
            yield _ANEW

    def _clip_moves(self, still: _Move) -> Iterator[_Move]:
        asset = self.clip
        if asset is None or self._fits(asset.current, still):
            yield _Move(asset.current if asset else None)
            return
        if not asset.is_being_made and still.version is not None:
            for version in self._fitting(asset):
                is_refused = asset.verdicts.get(version.sha256) is DecisionKind.REGENERATE
                if version.provenance.source_version_id == still.version.id and not is_refused:
                    yield _Move(version, RepairAction.RESTORE)
        yield _ANEW

    def _fits(self, clip: Version, still: _Move) -> bool:
        source_id = clip.provenance.source_version_id
        from_it = still.version is not None and still.version.id == source_id
        is_free_of_it = source_id is None or self.keyframe is None
        return (is_free_of_it or from_it) and not self.rule.own_reasons(clip, self.segment)

    def _fitting(self, asset: AssetHistory) -> Iterator[Version]:
        """Yield the earlier versions that are known to be made from what the stream asks for today."""
        is_spec_changed = any(
            reason.about is About.SPEC for reason in self.rule.own_reasons(asset.current, self.segment)
        )
        for version in asset.versions:
            made_of = version.provenance
            prompt = made_of.image_prompt if version.kind is Kind.KEYFRAME else made_of.motion_prompt
            is_known = version.origin is not Origin.FOUND and prompt is not None
            is_spec_known = made_of.spec_sha256 is not None or not is_spec_changed
            if version.id == asset.current.id or not (is_known and is_spec_known):
                continue
            if not self.rule.own_reasons(version, self.segment):
                yield version

    def _cost(self, still: _Move, clip: _Move) -> tuple[float, ...]:
        done = [(move, a) for move, a in ((still, self.keyframe), (clip, self.clip)) if move.action and a]
        anew = [asset for move, asset in done if move.action is RepairAction.REGENERATE]
        back = [(move.version, asset) for move, asset in done if move.version is not None]
        return (
            sum(asset.why_not is not None for asset in anew),
            round(sum(_price_usd(asset) for asset in anew), 6),
            sum(asset.current.sha256 in asset.approved for _, asset in done),
            len(anew),
            len(back),
            -sum(version.sha256 in asset.approved for version, asset in back),
            *(-version.number for version, _ in back),
        )

    def _keyframe_step(self, still: _Move) -> Iterator[RepairStep]:
        if self.keyframe is None or still.action is None:
            return
        reasons = self._reasons(self.keyframe)
        if not reasons and still.version is not None:
            reasons = (_FITS_STILL.format(still.version.number),)
        prompt = image_prompt_as_sent(self.stream, self.segment)
        yield self._step(self.keyframe, still, reasons, prompt, self._waits_for(self.keyframe, still))

    def _clip_step(self, still: _Move, clip: _Move) -> Iterator[RepairStep]:
        if self.clip is None or clip.action is None:
            return
        reasons = self._reasons(self.clip) or ("Its keyframe is replaced.",)
        waits_for = self._waits_for(self.clip, clip) or self._waits_for_keyframe(still, clip)
        prompt = self.segment.motion_prompt.strip()
        yield self._step(self.clip, clip, reasons, prompt, waits_for, follows=still.action is not None)

    def _waits_for(self, asset: AssetHistory, move: _Move) -> str | None:
        if asset.is_being_made:
            return "it is being made already"
        return asset.why_not if move.action is RepairAction.REGENERATE else None

    def _waits_for_keyframe(self, still: _Move, clip: _Move) -> str | None:
        if clip.action is not RepairAction.REGENERATE or self.keyframe is None:
            return None
        if still.version is None or self.keyframe.is_being_made:
            return AFTER_KEYFRAME
        return None if still.version.sha256 in self.keyframe.approved else "its keyframe is not approved"

    def _step(
        self,
        asset: AssetHistory,
        move: _Move,
        reasons: tuple[str, ...],
        prompt: str,
        waits_for: str | None,
        *,
        follows: bool = False,
    ) -> RepairStep:
        is_anew = move.action is RepairAction.REGENERATE
        return RepairStep(
            segment_id=self.segment.id,
            kind=asset.current.kind,
            action=move.action or RepairAction.REGENERATE,
            reasons=reasons,
            replaces_id=asset.current.id,
            replaces_number=asset.current.number,
            restores_id=move.version.id if move.version else None,
            restores_number=move.version.number if move.version else None,
            prompt=prompt if is_anew else "",
            price_usd=_price_usd(asset) if is_anew else 0.0,
            is_approved=asset.current.sha256 in asset.approved,
            follows_keyframe=follows,
            waits_for=waits_for,
        )


def _price_usd(asset: AssetHistory) -> float:
    """Return what making it anew will still cost: nothing more when it is being made or cannot be."""
    return 0.0 if asset.is_being_made or asset.why_not is not None else asset.price_usd
