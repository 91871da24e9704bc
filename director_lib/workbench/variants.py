"""Variants: versions of one still or clip that were made together to choose from."""

from __future__ import annotations

from director_lib.domain.people import Action, may
from director_lib.domain.version import Kind, Version
from director_lib.errors import PromptClashError, RuleError
from director_lib.store.events import record_event
from director_lib.store.undo import PromptEdit, UndoStep, VariantPick, push_step
from director_lib.store.variant_picks import NewPick, add_pick
from director_lib.store.variant_sets import VariantSet, get_set, lift_blindness, list_sets
from director_lib.store.versions import current_versions
from director_lib.tasks.ordering import PROMPT_OF
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.reviews import Reviews
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio


class Variants:
    """Sets of versions to choose from; ``Tasks.generate`` makes them."""

    def __init__(self, studio: Studio, reviews: Reviews, prompts: Prompts, streams: Streams) -> None:
        self._studio = studio
        self._reviews = reviews
        self._prompts = prompts
        self._streams = streams

    def of(self, stream_id: str, segment_id: int, kind: Kind) -> list[VariantSet]:
        """Return the sets of one still or clip, newest first; empty when none was ever asked for."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_sets(connection, stream_id, segment_id, kind)

    def get(self, set_id: str) -> VariantSet:
        """Return one set.

        Raises:
            NotFoundError: There is no such set.
        """
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return get_set(connection, set_id)

    def pick(self, set_id: str, version_id: int) -> Version:
        """Choose one version of a set: it becomes current, and the set's winner; the others stay versions.

        A version with words of its own gives them to its segment, unless somebody wrote other ones meanwhile.
        A set may be decided anew; every choice is kept. Picking is no approval. One undo takes it back: what
        was current before is current again, and the set waits for a pick.

        Returns:
            The version, now current.

        Raises:
            PermissionDeniedError: The actor may not choose.
            NotFoundError: There is no such set.
            RuleError: The version was not made for this set; nothing was changed.
            LostFileError: The version's file is missing or damaged; nothing was changed.
            StorageError: The file cannot be put in place; what was current before stays current.
        """
        self._studio.require(Action.GENERATE)
        found = self.get(set_id)
        if found.is_hidden and found.is_open:
            raise RuleError("Some of these versions are still being made. Nothing was changed; wait for all.")
        if version_id not in [version.id for version in found.versions]:
            raise RuleError(
                f"That version was not made for this set of {len(found.tasks)} variants, so nothing was "
                "changed. Choose one of the set's own, or restore the version by itself."
            )
        with self._studio.database.read() as connection:
            current = current_versions(connection, found.stream_id).get((found.segment_id, found.kind))
        # the file first: a winner that could not be put in place would be a claim that is not true
        version = self._reviews.restore(version_id)
        edits = self._take_words(found, version_id)
        if found.winner_version_id != version_id:
            self._record(found, version_id, current, edits)
        return version

    def pick_position(self, set_id: str, position: int) -> Version:
        """Choose the version that is shown at a place, 1 for the first; see ``pick``.

        Raises:
            RuleError: Nothing was made for that place; nothing was changed.
        """
        seats = self.get(set_id).seats
        version_id = seats[position - 1].version_id if 1 <= position <= len(seats) else None
        if version_id is None:
            raise RuleError(f"There is no version at place {position}. Nothing was changed; choose another.")
        return self.pick(set_id, version_id)

    def tie(self, set_id: str) -> None:
        """Decide that none of a set is better than the others: what is current stays so; undo takes it back.

        Raises:
            PermissionDeniedError: The actor may not choose.
            NotFoundError: There is no such set.
            RuleError: There are fewer than two versions to compare, or more are being made.
        """
        self._studio.require(Action.GENERATE)
        found = self.get(set_id)
        if found.is_open or len(found.versions) < 2:
            raise RuleError("There are no two finished versions to compare, so nothing was changed.")
        if not found.is_tie:
            self._record(found, None, None, [])

    def lift(self, set_id: str) -> VariantSet:
        """Let everybody see which version is which before anybody chose; that is recorded, and stays so.

        Returns:
            The set, not hidden any more; as it was when it was not hidden.

        Raises:
            PermissionDeniedError: The actor may not choose.
            NotFoundError: There is no such set.
        """
        self._studio.require(Action.GENERATE)
        now, actor = self._studio.clock(), self._studio.actor.username
        with self._studio.database.write() as connection:
            found = get_set(connection, set_id)
            if found.is_hidden:
                lift_blindness(connection, set_id)
                place = (found.stream_id, found.segment_id, found.kind)
                details = {"variant_set_id": set_id}
                record_event(connection, "lifted_blindness", actor, now, place=place, details=details)
            return get_set(connection, set_id)

    def _record(
        self, found: VariantSet, version_id: int | None, current: Version | None, edits: list[PromptEdit]
    ) -> None:
        now, actor = self._studio.clock(), self._studio.actor.username
        position = None if version_id is None else found.position_of(version_id)
        with self._studio.database.write() as connection:
            before = get_set(connection, found.id)
            is_blind = before.is_hidden
            seq = add_pick(connection, NewPick(found.id, version_id, position, is_blind, actor, now))
            details = {"variant_set_id": found.id, "version_id": version_id}
            details |= {"before_id": before.winner_version_id}
            place = (found.stream_id, found.segment_id, found.kind)
            verb = "tied_variants" if version_id is None else "picked_variant"
            record_event(connection, verb, actor, now, place=place, details=details)
            pick = VariantPick(found.id, version_id, before.winner_version_id, seq, is_blind)
            push_step(connection, actor, _step(found, pick, current, edits), now)

    def _take_words(self, found: VariantSet, version_id: int) -> list[PromptEdit]:
        """Let the segment say what the version was made with; only in place of the words of the same set."""
        position, field = found.position_of(version_id), PROMPT_OF[found.kind]
        words = {place.position: place.prompt for place in found.places}
        wanted = words.get(position) if position is not None else None
        if wanted is None or not may(self._studio.actor, Action.EDIT_PROMPT):
            return []
        before = str(getattr(self._streams.get(found.stream_id).get_segment(found.segment_id), field))
        if before == wanted or before not in words.values():
            return []
        try:
            self._prompts.save_changed(
                found.stream_id, found.segment_id, {field: wanted}, base={field: before}
            )
        except PromptClashError:
            return []
        return [PromptEdit(found.segment_id, field, before, wanted)]


def _step(found: VariantSet, pick: VariantPick, current: Version | None, edits: list[PromptEdit]) -> UndoStep:
    what = f"{found.kind} {found.segment_id}"
    replaced = [] if current is None or current.id == pick.version_id else [current.id]
    if pick.version_id is None:
        return UndoStep(0, found.stream_id, f"found the variants of {what} equal", variant_picks=[pick])
    return UndoStep(
        0,
        found.stream_id,
        f"picked variant {found.position_of(pick.version_id)} of {what}",
        previous_version_ids=replaced,
        restored_version_ids=[pick.version_id] if replaced else [],
        variant_picks=[pick],
        prompt_edits=edits,
    )
