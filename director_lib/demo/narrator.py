"""Telling a demo history to the review database, through the same functions that live work uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from director_lib.demo.paintings import VersionKey, request_of
from director_lib.demo.past_tasks import PastTask, add_cancelled, add_failed, add_made
from director_lib.demo.steps import (
    Asset,
    Cancelled,
    Edited,
    Failed,
    Gate,
    Made,
    Remark,
    Resolved,
    Step,
    Undone,
    Verdict,
)
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.content import spec_content_sha256, story_sha256
from director_lib.domain.stream import Stream
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind, Version
from director_lib.store.assets import ensure_asset, ensure_stream
from director_lib.store.checkpoints import NewCheckpointRecord, add_checkpoint_record
from director_lib.store.comments import add_comment, get_comment, set_comment_resolved
from director_lib.store.decisions import NewDecision, add_decision, list_decisions, take_back_decision
from director_lib.store.events import record_event
from director_lib.store.versions import NewVersion

_JUDGED = {Checkpoint.STORY: story_sha256, Checkpoint.SPEC: spec_content_sha256}
"""What is decided on in these histories: the texts as they are now."""
_EDITED_BEFORE = timedelta(seconds=40)
_LOOKED_AT_S = 75


class Narrator:
    """Tells one stream's steps, oldest first, in the caller's transaction.

    Args:
        facts: The files of the stream's versions, without their making.
    """

    def __init__(
        self, connection: sa.Connection, stream: Stream, facts: Mapping[VersionKey, NewVersion]
    ) -> None:
        self._connection = connection
        self._stream = stream
        self._facts = facts
        self._versions: dict[Asset, list[Version]] = {}
        self._wordings: dict[Asset, str] = {}
        self._comments: dict[str, int] = {}

    def tell(self, step: Step, at: datetime) -> None:
        """Record one step and its line in the timeline."""
        match step:
            case Gate():
                self._pass_gate(step, at)
            case Made():
                self._make(step, at)
            case Verdict():
                self._decide(step, at)
            case Undone():
                self._undo(step, at)
            case Remark():
                self._comment(step, at)
            case Resolved():
                self._resolve(step, at)
            case Edited():
                self._edit(step, at)
            case Failed():
                add_failed(self._connection, self._past(step, at), step)
            case Cancelled():
                add_cancelled(self._connection, self._past(step, at))

    def _pass_gate(self, step: Gate, at: datetime) -> None:
        ensure_stream(self._connection, self._stream.id, now=at)
        judged = _JUDGED[step.checkpoint](self._stream) if step.decision else None
        new = NewCheckpointRecord(
            step.checkpoint, step.decision, step.by, at, content_sha256=judged or "", note=step.note
        )
        seq = add_checkpoint_record(self._connection, self._stream.id, new)
        verb = "decided_checkpoint" if step.decision else "entered_checkpoint"
        details: dict[str, object] = {"checkpoint": step.checkpoint.value, "checkpoint_seq": seq}
        details |= {"decision": step.decision, "note": step.note, "after_sha256": judged}
        self._event(verb, step.by, at, (self._stream.id, None, None), details)

    def _make(self, step: Made, at: datetime) -> None:
        earlier = self._versions.setdefault(step.asset, [])
        self._tell_new_prompt(step, at)
        key = (self._stream.id, *step.asset, len(earlier) + 1)
        earlier.append(add_made(self._connection, self._past(step, at), self._facts[key]))

    def _decide(self, step: Verdict, at: datetime) -> None:
        version = self._versions[step.asset][step.version - 1]
        viewed_at = at - timedelta(seconds=15 + version.id * 31 % _LOOKED_AT_S)
        new = NewDecision(
            version.id, version.sha256, step.decision, step.by, at, note=step.note, viewed_at=viewed_at
        )
        made = add_decision(self._connection, new)
        details = {"decision_seq": made.seq, "version_id": version.id, "note": step.note}
        self._event(step.decision.value, step.by, at, self._place(step.asset), details)

    def _undo(self, step: Undone, at: datetime) -> None:
        last = list_decisions(self._connection, self._asset_id(step.asset, at))[-1]
        take_back_decision(self._connection, last.seq, step.by, at)
        self._event("undid", step.by, at, self._place(step.asset), {"decision_seq": last.seq})

    def _comment(self, step: Remark, at: datetime) -> None:
        version_id = self._versions[step.asset][step.version - 1].id if step.version else None
        asset_id = self._asset_id(step.asset, at)
        comment = add_comment(
            self._connection, asset_id, step.text, author=step.by, created_at=at, version_id=version_id
        )
        self._comments[step.name] = comment.id
        self._event("commented", step.by, at, self._place(step.asset), {"comment_id": comment.id})

    def _resolve(self, step: Resolved, at: datetime) -> None:
        comment = get_comment(self._connection, self._comments[step.name])
        set_comment_resolved(self._connection, comment.id, actor=step.by, resolved_at=at)
        place = self._place((comment.segment_id, comment.kind))
        self._event("resolved_comment", step.by, at, place, {"comment_id": comment.id})

    def _edit(self, step: Edited, at: datetime) -> None:
        after = getattr(self._stream.get_segment(step.segment), step.field)
        self._tell_edit(step.by, at, step.segment, {step.field: step.before}, {step.field: after})

    def _tell_new_prompt(self, step: Made, at: datetime) -> None:
        """Add the edit that must have come before, when a version is made with other words than the last."""
        segment_id, kind = step.asset
        field = "image_prompt" if kind is Kind.KEYFRAME else "motion_prompt"
        wording = step.prompt or str(getattr(self._stream.get_segment(segment_id), field))
        before = self._wordings.get(step.asset, wording)
        self._wordings[step.asset] = wording
        if before != wording:
            self._tell_edit(step.by, at - _EDITED_BEFORE, segment_id, {field: before}, {field: wording})

    def _tell_edit(
        self, by: str, at: datetime, segment_id: int, before: dict[str, str], after: dict[str, str]
    ) -> None:
        details = {"before": before, "after": after}
        self._event("edited_prompt", by, at, (self._stream.id, segment_id, None), details)

    def _past(self, step: Made | Failed | Cancelled, at: datetime) -> PastTask:
        return PastTask(self._request(step), step.by, at)

    def _request(self, step: Made | Failed | Cancelled) -> GenerationRequest:
        """Return what was sent; a clip names the keyframe version that it was made from."""
        request = request_of(self._stream, step)
        segment_id, kind = step.asset
        if kind is Kind.KEYFRAME or not step.still:
            return request
        source = self._versions[segment_id, Kind.KEYFRAME][step.still - 1]
        prompt = source.provenance.image_prompt or request.image_prompt
        return replace(request, source_version_id=source.id, image_prompt=prompt)

    def _asset_id(self, asset: Asset, at: datetime) -> int:
        return ensure_asset(self._connection, self._stream.id, *asset, now=at)

    def _place(self, asset: Asset) -> tuple[str, int, Kind]:
        return (self._stream.id, *asset)

    def _event(
        self,
        verb: str,
        by: str,
        at: datetime,
        place: tuple[str, int | None, Kind | None],
        details: Mapping[str, object],
    ) -> None:
        record_event(self._connection, verb, by, at, place=place, details=dict(details))
