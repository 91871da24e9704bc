"""The final cut as a whole: what still stands in its way, and sending parts of it back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.gate_rules import CheckpointDecision, check_checkpoint_decision
from director_lib.domain.people import Action
from director_lib.domain.review import DecisionKind
from director_lib.domain.spec_lint import LintFinding, LintPlace, LintSeverity
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.store.checkpoints import NewCheckpointRecord
from director_lib.store.decisions import NewDecision
from director_lib.store.undo import UndoStep, push_step
from director_lib.store.versions import current_versions
from director_lib.workbench.checkpoints import check_content, record_checkpoint_decision
from director_lib.workbench.specs import Specs
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio
from director_lib.workbench.verdicts import record_decision


class CheckKind(StrEnum):
    """What may stand in the way of a film."""

    MISSING = "missing"
    SENT_BACK = "sent_back"
    UNDECIDED = "undecided"
    STALE = "stale"
    LINT = "lint"


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """One place that a check found.

    Attributes:
        segment_id: None for what concerns the spec as a whole.
        kind: Still or clip; None for what concerns the spec.
        words: What is the matter there.
    """

    segment_id: int | None
    kind: Kind | None
    words: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: fine when it has no places."""

    kind: CheckKind
    places: tuple[CheckPlace, ...]

    @property
    def is_fine(self) -> bool:
        """Whether nothing was found."""
        return not self.places


class Finals:
    """What is known and done about a final cut."""

    def __init__(self, studio: Studio, streams: Streams, specs: Specs) -> None:
        self._studio = studio
        self._streams = streams
        self._specs = specs
        self._linted: dict[str, tuple[Stream, list[LintFinding]]] = {}

    def checklist(self, stream_id: str) -> list[Check]:
        """Look a film over: what is missing, sent back, undecided, out of date or odd in the spec.

        Returns:
            One check of each kind, in that order; a check without places is fine.

        Raises:
            NotFoundError: There is no such stream.
            StreamFileError: Its production.json cannot be read.
        """
        stream = self._streams.get(stream_id)
        with self._studio.database.read() as connection:
            standing = read_standing(connection, stream)
        found: dict[CheckKind, list[CheckPlace]] = {kind: [] for kind in CheckKind}
        for check, place in _look(standing):
            found[check].append(place)
        found[CheckKind.LINT] = [_lint_place(finding) for finding in self._lint(stream)]
        return [Check(kind, tuple(places)) for kind, places in found.items()]

    def send_back(
        self, stream_id: str, segment_ids: Collection[int], note: str, *, expected_sha256: str | None
    ) -> CheckpointDecision:
        """Say that the cut needs a revision, and send the named segments back with the note, as one step.

        A segment's clip is sent back, or its still when it has no clip; one that has neither stays as it is.

        Args:
            expected_sha256: ``content_sha256`` of the gate as it was looked at.

        Raises:
            PermissionDeniedError: The actor may not decide.
            InputError: The note is missing or too long, or no segment is named.
            NotFoundError: The stream has no such segment.
            StaleWriteError: The cut is another one by now.
        """
        self._studio.require(Action.DECIDE)
        check_checkpoint_decision(Checkpoint.FINAL, DecisionKind.REVISION_NEEDED, note)
        stream = self._streams.get(stream_id)
        if not segment_ids:
            raise InputError("Name the segments that need a revision. Nothing was sent back.")
        wanted = {stream.get_segment(segment_id).id for segment_id in segment_ids}
        named = [segment.id for segment in stream.segments if segment.id in wanted]
        now, actor = self._studio.clock(), self._studio.actor.username
        with self._studio.database.write() as connection:
            # nothing is approved by this, so it need not wait for stills and clips
            check_content(connection, stream, Checkpoint.FINAL, expected_sha256, override=True)
            current = current_versions(connection, stream_id, named)
            seqs = []
            for segment_id in named:
                version = current.get((segment_id, Kind.VIDEO)) or current.get((segment_id, Kind.KEYFRAME))
                if version is None:
                    continue
                judged = NewDecision(
                    version.id, version.sha256, DecisionKind.ADJUST_PROMPT, actor, now, note.strip()
                )
                place = (stream_id, segment_id, version.kind)
                seqs.append(record_decision(connection, judged, place).seq)
            told = f"{note.strip()} (segments {', '.join(map(str, named))})"
            new = NewCheckpointRecord(
                Checkpoint.FINAL, DecisionKind.REVISION_NEEDED, actor, now, expected_sha256 or "", told
            )
            made = record_checkpoint_decision(connection, stream_id, new, [])
            which = f"segment {named[0]}" if len(named) == 1 else f"{len(named)} segments"
            label = f"sent back the final cut with {which}"
            push_step(connection, actor, UndoStep(0, stream_id, label, seqs, checkpoint_seqs=[made.seq]), now)
        return made

    def _lint(self, stream: Stream) -> list[LintFinding]:
        """Look a spec over once for each reading of its files; notes are left to its own page."""
        kept = self._linted.get(stream.id)
        if kept is None or kept[0] is not stream:
            found = [
                finding
                for finding in self._specs.lint(stream.id)
                if finding.severity is not LintSeverity.NOTE
            ]
            kept = (stream, found)
            self._linted[stream.id] = kept
        return kept[1]


def _look(standing: StreamStanding) -> Iterator[tuple[CheckKind, CheckPlace]]:
    for segment in standing.stream.segments:
        for kind in Kind:
            asset = standing.asset(segment, kind)
            noun = "clip" if kind is Kind.VIDEO else "still"
            if not asset.has_version:
                yield CheckKind.MISSING, CheckPlace(segment.id, kind, f"no {noun}")
                continue
            if asset.sent_back:
                yield CheckKind.SENT_BACK, CheckPlace(segment.id, kind, f"{noun} sent back")
            elif not asset.approved:
                yield CheckKind.UNDECIDED, CheckPlace(segment.id, kind, f"{noun} undecided")
            if asset.stale:
                why = "; ".join(standing.stale(segment, kind))
                yield CheckKind.STALE, CheckPlace(segment.id, kind, f"{noun}: {why}")


def _lint_place(finding: LintFinding) -> CheckPlace:
    is_segment = finding.place is LintPlace.SEGMENT and finding.place_id.isdigit()
    return CheckPlace(int(finding.place_id) if is_segment else None, None, finding.words)
