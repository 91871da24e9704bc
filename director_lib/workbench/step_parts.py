"""The parts of one step beside its decisions and tasks: picks out of sets of variants, and comments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.comments import get_comment, set_comment_resolved
from director_lib.store.events import record_event
from director_lib.store.undo import UndoStep, VariantPick
from director_lib.store.variant_picks import NewPick, add_pick, take_back_pick
from director_lib.store.variant_sets import VariantSet, get_set


@dataclass(frozen=True, slots=True)
class StepParts:
    """What one person's step picked and said, to be taken back or done again in a transaction."""

    connection: sa.Connection
    step: UndoStep
    actor: str
    at: datetime

    def take_back(self) -> None:
        """Let the sets have the winner of before, and close what was said: comments are never removed."""
        for pick in self.step.variant_picks:
            found = get_set(self.connection, pick.set_id)
            take_back_pick(self.connection, pick.set_id, pick.seq, self.at)
            self._tell("undid", found, pick.before_id)
        for comment_id in self.step.comment_ids:
            self._set_comment(comment_id, is_open=False)

    def do_again(self) -> list[VariantPick]:
        """Let the sets have the winner that was picked, and open again what was said; return the choices."""
        again = [replace(pick, seq=self._pick_again(pick)) for pick in self.step.variant_picks]
        for comment_id in self.step.comment_ids:
            self._set_comment(comment_id, is_open=True)
        return again

    def _pick_again(self, pick: VariantPick) -> int:
        found, version_id = get_set(self.connection, pick.set_id), pick.version_id
        position = None if version_id is None else found.position_of(version_id)
        new = NewPick(pick.set_id, version_id, position, pick.is_blind, self.actor, self.at)
        seq = add_pick(self.connection, new)
        self._tell("tied_variants" if version_id is None else "picked_variant", found, version_id)
        return seq

    def _tell(self, verb: str, found: VariantSet, version_id: int | None) -> None:
        details = {"variant_set_id": found.id, "version_id": version_id, "before_id": found.winner_version_id}
        place = (found.stream_id, found.segment_id, found.kind)
        record_event(self.connection, verb, self.actor, self.at, place=place, details=details)

    def _set_comment(self, comment_id: int, *, is_open: bool) -> None:
        if (get_comment(self.connection, comment_id).resolved_at is None) is is_open:
            return
        resolved_at = None if is_open else self.at
        comment = set_comment_resolved(self.connection, comment_id, actor=self.actor, resolved_at=resolved_at)
        verb = "reopened_comment" if is_open else "resolved_comment"
        place = (comment.stream_id, comment.segment_id, comment.kind)
        details = {"comment_id": comment_id}
        record_event(self.connection, verb, self.actor, self.at, place=place, details=details)
