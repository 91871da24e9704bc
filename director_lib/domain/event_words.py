"""What happened, in words: one sentence for each verb of the activity log, without its subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from director_lib.domain.version import Kind


class EventGroup(StrEnum):
    """What an event is about, for a filter."""

    DECISIONS = "decisions"
    MAKING = "making"
    WRITING = "writing"
    COMMENTS = "comments"
    DELIVERY = "delivery"
    STUDIO = "studio"


@dataclass(frozen=True, slots=True)
class EventWords:
    """How a verb is told.

    Attributes:
        said: What follows the person's name; ``{what}`` is the still, clip or segment, and other names in
            braces are the event's details.
    """

    said: str
    group: EventGroup


def _all(group: EventGroup, said: Mapping[str, str]) -> dict[str, EventWords]:
    return {verb: EventWords(text, group) for verb, text in said.items()}


EVENT_WORDS: Mapping[str, EventWords] = {
    **_all(
        EventGroup.DECISIONS,
        {
            "approved": "approved {what}",
            "approved_with_notes": "approved {what} with notes",
            "adjust_prompt": "sent {what} back for another prompt",
            "regenerate": "sent {what} back",
            "undid": "took back a decision on {what}",
            "decided_checkpoint": "{decision} {checkpoint}",
            "entered_checkpoint": "opened {checkpoint}",
            "picked_variant": "picked a variant of {what}",
            "lifted_blindness": "looked which variant of {what} is which before choosing",
            "tied_variants": "found the variants of {what} equally good",
            "changed_quorum": "changed how many have to approve, from {before} to {after}",
            "overrode_checkpoint": "passed over the final verdict",
        },
    ),
    **_all(
        EventGroup.MAKING,
        {
            "queued": "asked for {what}",
            "cancelled": "cancelled the making of {what}",
            "generated": "had {what} made",
            "generation_failed": "could not have {what} made",
            "settled": "settled what became of {what}",
            "moved_task": "moved {what} in the queue",
            "paused_queue": "paused the queue",
            "resumed_queue": "let the queue go on",
            "repaired": "brought the stream up to date",
            "found": "had a new file of {what}",
            "found_again": "had an earlier file of {what} again",
            "file_missing": "lost the file of {what}",
            "file_damaged": "had a damaged file of {what}",
            "put_back": "put the file of {what} back",
            "restored": "made an earlier version of {what} current",
            "restore_failed": "could not make an earlier version of {what} current",
            "chose_engine": "chose the engine for {what}",
            "forgot_engine": "took the engine's choice for {what} back",
        },
    ),
    **_all(
        EventGroup.WRITING,
        {
            "edited_prompt": "edited the prompts of {what}",
            "edited_prompt_outside": "edited the prompts of {what} in the file",
            "brought_back_prompt": "brought an earlier prompt of {what} back",
            "edited_brief": "edited “{field}” of the brief",
            "changed_brief_outside": "changed {field} in the order form's file",
            "edited_spec": "edited the spec",
            "restored_spec": "brought an earlier spec back",
            "drafted_spec": "had a first spec written",
            "undid_spec": "took back an edit of the spec",
            "changed_spec_outside": "changed the spec in the file",
        },
    ),
    **_all(
        EventGroup.COMMENTS,
        {
            "commented": "commented on {what}",
            "replied": "answered a comment on {what}",
            "resolved_comment": "resolved a comment on {what}",
            "reopened_comment": "reopened a comment on {what}",
        },
    ),
    **_all(
        EventGroup.DELIVERY,
        {
            "created_stream": "made the stream",
            "renamed_stream": "renamed the stream from {from} to {to}",
            "archived_stream": "archived the stream",
            "trashed_stream": "put the stream into the trash",
            "restored_stream": "brought the stream back",
            "purged_stream": "removed the stream's folder for good",
            "set_aside_stream": "left what an earlier stream of this id had recorded apart",
            "move_taken_back": "could not move the stream; it is where it was",
            "queued_job": "asked for: {job}",
            "cancelled_job": "cancelled: {job}",
            "built": "had the film's page built",
            "deployed": "deployed the film",
            "rolled_back": "rolled the film back to an earlier build",
            "archived_versions": "archived old versions",
            "brought_back_versions": "brought archived versions back",
        },
    ),
    **_all(
        EventGroup.STUDIO,
        {
            "set_budget": "set a budget",
            "reset_budget": "set a budget back to its default",
            "added_preset": "added a preset",
            "edited_preset": "edited a preset",
            "deleted_preset": "deleted a preset",
            "added_person": "added {person}",
            "changed_role": "changed the role of {person}",
            "changed_password": "changed the password of {person}",
            "enabled_person": "let {person} in again",
            "disabled_person": "shut {person} out",
            "made_sign_in_link": "made a sign-in link for {person}",
            "signed_in": "signed in",
            "signed_out": "signed out",
        },
    ),
}
"""Every verb that is recorded anywhere; one that is missing is told by its own letters."""

_ACTORS = {"disk": "The folder", "outside": "Somebody outside", "worker": "The worker"}
_CHECKPOINTS = {"story": "the story", "spec": "the spec", "final": "the final cut"}
_DECISIONS = {
    "approved": "approved",
    "approved_with_notes": "approved with notes:",
    "needs_clarification": "asked for a clarification of",
    "revision_needed": "asked for a revision of",
}
_JOBS = {"build": "build the page", "deploy": "deploy", "archive": "archive", "bring_back": "bring back"}
_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "decision": _DECISIONS,
    "checkpoint": _CHECKPOINTS,
    "job": _JOBS,
}
_KINDS = {Kind.KEYFRAME: ("keyframe", "keyframes"), Kind.VIDEO: ("clip", "clips")}
_SEGMENT = ("segment", "segments")
_NOWHERE = "the stream"


def said_of(verb: str, details: Mapping[str, Any]) -> str:
    """Return what follows the person's name, with ``{what}`` left for the still, clip or segment.

    Args:
        details: The event's own; one that is missing reads as "…".
    """
    words = EVENT_WORDS.get(verb)
    if words is None:
        return verb.replace("_", " ") + " {what}"
    said = words.said
    if verb == "undid" and details.get("checkpoint"):
        said = "took back the verdict on {checkpoint}"
    for name in ("decision", "checkpoint", "job", "field", "before", "after", "from", "to", "person"):
        if "{" + name + "}" in said:
            said = said.replace("{" + name + "}", _detail(name, details.get(name)))
    return said


def group_of(verb: str) -> EventGroup:
    """Return what a verb is about; one that is not known belongs to the studio."""
    words = EVENT_WORDS.get(verb)
    return words.group if words is not None else EventGroup.STUDIO


def verbs_of(group: EventGroup) -> list[str]:
    """Return the verbs of a group, in no certain order."""
    return [verb for verb, words in EVENT_WORDS.items() if words.group is group]


def actor_words(actor: str) -> str:
    """Return how an actor is called; the disk, the outside and the worker are no people."""
    return _ACTORS.get(actor, actor)


def thing_words(kind: Kind | None) -> tuple[str, str]:
    """Return what a segment's still, its clip or the segment itself is called, for one and for many."""
    return _KINDS[kind] if kind is not None else _SEGMENT


def sentence(actor: str, verb: str, segment_id: int | None, kind: Kind | None) -> str:
    """Tell one event in a sentence without its details."""
    what = f"{thing_words(kind)[0]} {segment_id}" if segment_id is not None else _NOWHERE
    return f"{actor_words(actor)} {said_of(verb, {}).replace('{what}', what)}"


def _detail(name: str, value: Any) -> str:
    text = "…" if value is None or isinstance(value, (dict, list)) else str(value)
    known = _SPOKEN.get(name, {})
    # a detail may hold a brace of its own, which is no place for anything
    return known.get(text, text.replace("{", "(").replace("}", ")"))
