"""Who acts, and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from director_lib.errors import PermissionDeniedError


class Role(StrEnum):
    """What a person is in the studio."""

    DIRECTOR = "director"
    PRODUCER = "producer"
    ANALYST = "analyst"
    VIEWER = "viewer"
    ADMIN = "admin"


class Action(StrEnum):
    """Something that needs permission; the value completes "may not …"."""

    VIEW = "look at streams"
    DECIDE = "decide on versions"
    COMMENT = "comment"
    EDIT_PROMPT = "edit prompts"
    GENERATE = "start or cancel generation"
    RUN_BATCH = "run batches"
    MAKE_STREAMS = "make new streams"
    DEPLOY = "deploy films"
    SET_QUORUM = "say how many approvals a stream needs"
    ANALYSE = "open analysis notebooks"
    ADMINISTER = "manage people and settings"


_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.VIEW}),
    Role.ANALYST: frozenset({Action.VIEW, Action.ANALYSE, Action.COMMENT}),
    Role.PRODUCER: frozenset(
        {
            Action.VIEW,
            Action.COMMENT,
            Action.EDIT_PROMPT,
            Action.GENERATE,
            Action.RUN_BATCH,
            Action.MAKE_STREAMS,
            Action.DEPLOY,
            Action.SET_QUORUM,
            Action.ANALYSE,
        }
    ),
    Role.DIRECTOR: frozenset(
        {
            Action.VIEW,
            Action.DECIDE,
            Action.COMMENT,
            Action.EDIT_PROMPT,
            Action.GENERATE,
            Action.RUN_BATCH,
            Action.MAKE_STREAMS,
            Action.DEPLOY,
            Action.SET_QUORUM,
        }
    ),
    Role.ADMIN: frozenset(Action),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the machine's own account) on whose behalf something is done."""

    username: str
    role: Role
    display_name: str = ""

    @property
    def name(self) -> str:
        """The name to show: the display name, else the user name."""
        return self.display_name or self.username


def may(actor: Actor, action: Action) -> bool:
    """Tell whether the actor's role allows the action."""
    return action in _ALLOWED[actor.role]


def require(actor: Actor, action: Action) -> None:
    """Refuse unless the actor's role allows the action.

    Raises:
        PermissionDeniedError: The role does not allow it.
    """
    if not may(actor, action):
        raise PermissionDeniedError(actor.name, action.value)
