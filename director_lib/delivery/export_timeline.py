"""The cut as an OpenTimelineIO timeline: one clip a segment, every version a media reference.

Times are counted in frames of each clip's own rate. Remarks are markers at their frame.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from director_lib.delivery.export_film import ExportedAsset, ExportedSegment, FilmRecord
from director_lib.domain.version import Kind, Version
from director_lib.media.timing import ClipTiming
from director_lib.store.comments import Comment

TimingOf = Callable[[Version], ClipTiming | None]
"""Tells when a clip's frames are shown; None when nobody knows, and for a still."""
PlaceOf = Callable[[Version], str | None]
"""Tells where a version's file lies, relative to the timeline; None when it is not there."""

_SPACE = "director"
_USUAL_RATE = Fraction(24)
_NAME_LETTERS = 60


def timeline_as_json(film: FilmRecord, timing_of: TimingOf, place_of: PlaceOf) -> bytes:
    """Write a film's cut as an ``.otio`` file."""
    # loaded on first use: it takes a fifth of a second, which no other command should wait for
    import opentimelineio as otio

    builder = _Builder(otio, timing_of, place_of)
    track = otio.schema.Track(name="film", kind=otio.schema.TrackKind.Video)
    for segment in film.segments:
        track.append(builder.item(segment))
    timeline = otio.schema.Timeline(name=film.title)
    timeline.tracks.append(track)
    timeline.metadata[_SPACE] = {
        "stream": film.stream.id,
        "spec_sha256": film.stream.spec_sha256 or "",
        "made_at": film.made_at.isoformat(),
    }
    return str(timeline.to_json_string(indent=2)).encode()


class _Builder:
    """Makes the parts of a timeline."""

    def __init__(self, otio: Any, timing_of: TimingOf, place_of: PlaceOf) -> None:
        self._otio = otio
        self._timing_of = timing_of
        self._place_of = place_of

    def item(self, segment: ExportedSegment) -> Any:
        """Return a segment's clip; a gap of its length when it has neither still nor clip."""
        shown = segment.video.current or segment.keyframe.current
        if shown is None:
            rate = _USUAL_RATE
            gap = self._otio.schema.Gap(
                source_range=self._range(round(segment.segment.duration_s * rate), rate)
            )
            gap.name = segment.title
            return gap
        n_frames, rate = self._length(shown, segment)
        clip = self._otio.schema.Clip(name=segment.title, source_range=self._range(n_frames, rate))
        references = {
            _key(version): self._reference(version, segment)
            for asset in segment.assets
            for version in asset.versions
        }
        clip.set_media_references(references, _key(shown))
        clip.metadata[_SPACE] = {
            "segment": segment.segment.id,
            "keyframe": _standing(segment.keyframe),
            "video": _standing(segment.video),
        }
        for asset in segment.assets:
            clip.markers.extend(self._markers(asset, shown, n_frames, rate))
        return clip

    def _length(self, version: Version, segment: ExportedSegment) -> tuple[int, Fraction]:
        timing = self._timing_of(version) if version.kind is Kind.VIDEO else None
        if timing is not None:
            return timing.n_frames, timing.rate
        duration_s = version.duration_s or segment.segment.duration_s
        return max(1, round(Fraction(duration_s) * _USUAL_RATE)), _USUAL_RATE

    def _reference(self, version: Version, segment: ExportedSegment) -> Any:
        n_frames, rate = self._length(version, segment)
        place, available = self._place_of(version), self._range(n_frames, rate)
        if place is None:
            reference = self._otio.schema.MissingReference(available_range=available)
        else:
            reference = self._otio.schema.ExternalReference(target_url=place, available_range=available)
        made = version.provenance
        reference.name = f"{version.kind} v{version.number}"
        reference.metadata[_SPACE] = {
            "kind": version.kind.value,
            "version": version.number,
            "sha256": version.sha256,
            "created_at": version.created_at.isoformat(),
            **{name: value for name in ("engine", "model") if (value := getattr(made, name))},
        }
        return reference

    def _markers(self, asset: ExportedAsset, shown: Version, n_frames: int, rate: Fraction) -> list[Any]:
        answers: dict[int, list[Comment]] = {}
        for comment in asset.comments:
            if comment.parent_id:
                answers.setdefault(comment.parent_id, []).append(comment)
        return [
            self._marker(
                comment, answers.get(comment.id, []), self._spot(comment, asset, shown, n_frames), rate
            )
            for comment in asset.comments
            if not comment.parent_id
        ]

    def _spot(self, comment: Comment, asset: ExportedAsset, shown: Version, n_frames: int) -> tuple[int, int]:
        """Return the first frame and the number of frames that a remark is about."""
        if comment.frame is None or asset.kind is not shown.kind:
            return 0, n_frames
        seen = next((one for one in asset.versions if one.number == comment.version_number), shown)
        theirs, ours = self._timing_of(seen), self._timing_of(shown)
        frame = comment.frame
        if theirs is not None and ours is not None and theirs.rate != ours.rate:
            frame = round(frame / theirs.rate * ours.rate)
        return min(frame, n_frames - 1), 1

    def _marker(self, comment: Comment, answers: list[Comment], spot: tuple[int, int], rate: Fraction) -> Any:
        colors = self._otio.schema.MarkerColor
        marker = self._otio.schema.Marker(
            name=" ".join(comment.text.split())[:_NAME_LETTERS],
            marked_range=self._range(spot[1], rate, spot[0]),
            color=colors.GREEN if comment.resolved_at else colors.RED,
        )
        marker.comment = comment.text
        marker.metadata[_SPACE] = {
            "comment": comment.id,
            "kind": comment.kind.value,
            "version": comment.version_number,
            "frame": comment.frame,
            "author": comment.author,
            "created_at": comment.created_at.isoformat(),
            "is_resolved": comment.resolved_at is not None,
            "region": comment.region.as_json() if comment.region else None,
            "answers": [{"author": one.author, "text": one.text} for one in answers],
        }
        return marker

    def _range(self, n_frames: int, rate: Fraction, start: int = 0) -> Any:
        time, fps = self._otio.opentime.RationalTime, float(rate)
        return self._otio.opentime.TimeRange(time(start, fps), time(max(1, n_frames), fps))


def _key(version: Version) -> str:
    return f"{version.kind}_v{version.number}"


def _standing(asset: ExportedAsset) -> dict[str, Any]:
    decided = asset.decision
    return {
        "standing": asset.standing,
        "version": asset.current.number if asset.current else None,
        "note": decided.note if decided else "",
        "decided_by": decided.actor if decided else "",
    }
