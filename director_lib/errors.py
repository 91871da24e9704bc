"""Every error this library raises on purpose.

::

    DirectorError                 .code · .user_message
    ├── InputError                the caller can fix the call
    │   ├── NotFoundError         nothing has that id
    │   ├── InvalidIdError        an id that could leave its folder, or is not one of ours
    │   ├── InvalidMediaError     a file that is not a complete, decodable picture or clip
    │   ├── StreamFileError       a stream file that cannot be read, with line and column
    │   └── UnknownParameterError a notebook parameter that the notebook does not declare
    ├── RuleError                 the product forbids it
    │   ├── PermissionDeniedError this person may not do that
    │   ├── StaleWriteError       it changed since the page read it
    │   │   └── PromptClashError  the same prompt was changed on both sides
    │   ├── IllegalMoveError      a task or gate cannot go from here to there
    │   └── NothingToUndoError    the undo history is empty
    ├── BackendError              the world failed; trying again may help
    │   ├── StorageError          a disk or database refused
    │   ├── LostFileError         a version's file is missing from the store, or damaged in it
    │   ├── EngineError           an engine failed to make a file; nothing more will be charged
    │   │   ├── EngineBusyError   the engine has no time now; nothing was charged, try later
    │   │   └── OutcomeUnknownError a paid call may have been made, and nobody can tell
    │   ├── WorkerError           the worker cannot start or is gone
    │   │   └── SupersededError   another worker has taken the task over
    │   ├── NotebookRunError      a notebook stopped with an error
    │   └── StoppedError          somebody asked for it to end before it was done
    └── ConfigError               refuses to start: says which setting and an example
"""

from __future__ import annotations


class DirectorError(Exception):
    """Base of every error raised on purpose.

    Attributes:
        code: Stable identifier for programs.
        user_message: One or two sentences for a person: what happened, what is safe, what to do.
    """

    code = "director"

    def __init__(self, user_message: str) -> None:
        super().__init__(user_message)
        self.user_message = user_message


class InputError(DirectorError):
    """The caller can fix the call."""

    code = "input"


class NotFoundError(InputError):
    """Nothing has that id."""

    code = "not_found"

    def __init__(self, kind: str, thing_id: object) -> None:
        super().__init__(f"There is no {kind} “{thing_id}”.")
        self.kind = kind
        self.thing_id = thing_id


class InvalidIdError(InputError):
    """An id that could leave its folder, or is not one of ours."""

    code = "invalid_id"

    def __init__(self, kind: str, thing_id: str) -> None:
        super().__init__(
            f"“{thing_id[:60]}” is not a valid {kind} id. Use letters, digits, '-', '_' and '.', "
            "beginning with a letter or digit."
        )
        self.kind = kind
        self.thing_id = thing_id


class InvalidMediaError(InputError):
    """A file that is not a complete, decodable picture or clip."""

    code = "invalid_media"

    def __init__(self, path: object, why: str) -> None:
        super().__init__(f"{path} cannot be used: {why}.")
        self.path = path
        self.why = why


class StreamFileError(InputError):
    """A stream file that cannot be read.

    Attributes:
        path: The file.
        line: 1-based line of the fault, or None.
        column: 1-based column of the fault, or None.
    """

    code = "stream_file"

    def __init__(self, path: object, why: str, *, line: int | None = None, column: int | None = None) -> None:
        place = f" at line {line}, column {column}" if line is not None else ""
        super().__init__(f"{path} cannot be read{place}: {why}.")
        self.path = path
        self.why = why
        self.line = line
        self.column = column


class UnknownParameterError(InputError):
    """A notebook parameter that the notebook does not declare."""

    code = "unknown_parameter"

    def __init__(self, notebook: str, name: str, known: list[str]) -> None:
        super().__init__(f"{notebook} has no parameter “{name}”. It takes: {', '.join(known) or 'none'}.")
        self.notebook = notebook
        self.name = name
        self.known = known


class RuleError(DirectorError):
    """The product forbids it."""

    code = "rule"


class PermissionDeniedError(RuleError):
    """This person may not do that."""

    code = "permission_denied"

    def __init__(self, who: str, action: str) -> None:
        super().__init__(f"{who} may not {action}. Ask an admin for the role that may.")
        self.who = who
        self.action = action


class StaleWriteError(RuleError):
    """It changed since the page read it."""

    code = "stale_write"

    def __init__(self, thing: str, why: str) -> None:
        super().__init__(f"{thing} changed in the meantime: {why} Nothing was saved; look at it again.")
        self.thing = thing


class PromptClashError(StaleWriteError):
    """The same prompt was changed on both sides, so a person has to choose.

    Attributes:
        segment_id: The segment that the prompt belongs to.
        field: Which of its prompts.
        base: The text that the writer began with.
        theirs: What the prompt says now.
        yours: What the writer wanted to save.
    """

    code = "prompt_clash"

    def __init__(self, segment_id: int, field: str, *, base: str, theirs: str, yours: str) -> None:
        thing = f"The {field.replace('_', ' ')} of segment {segment_id}"
        super().__init__(thing, "somebody else edited it, here or in production.json.")
        self.segment_id = segment_id
        self.field = field
        self.base = base
        self.theirs = theirs
        self.yours = yours


class IllegalMoveError(RuleError):
    """A task or gate cannot go from here to there."""

    code = "illegal_move"

    def __init__(self, thing: str, from_state: str, to_state: str) -> None:
        super().__init__(f"{thing} is {from_state} and cannot become {to_state}.")
        self.thing = thing
        self.from_state = from_state
        self.to_state = to_state


class NothingToUndoError(RuleError):
    """The undo history is empty."""

    code = "nothing_to_undo"

    def __init__(self, *, again: bool = False) -> None:
        super().__init__("There is nothing to do again." if again else "There is nothing to undo.")


class BackendError(DirectorError):
    """The world failed; trying again may help."""

    code = "backend"


class StorageError(BackendError):
    """A disk or database refused."""

    code = "storage"


class LostFileError(BackendError):
    """A version's file is missing from the version store, or damaged in it."""

    code = "lost_file"

    def __init__(self, version: str, fault: str) -> None:
        super().__init__(
            f"The file of {version} is {fault} in the version store. Nothing was changed, and what is "
            "recorded of it is safe. Choose another version, or bring the file back from a backup."
        )
        self.fault = fault


class EngineError(BackendError):
    """An engine failed to make a file."""

    code = "engine"


class EngineBusyError(EngineError):
    """The engine has no time now; nothing was charged, so the same call may be made again later.

    Attributes:
        retry_after_s: Seconds that the provider asks to wait; None when it does not say.
    """

    code = "engine_busy"

    def __init__(self, user_message: str, retry_after_s: float | None = None) -> None:
        super().__init__(user_message)
        self.retry_after_s = retry_after_s


class OutcomeUnknownError(EngineError):
    """A paid call may have been made, and nobody can tell; it must not be repeated blindly."""

    code = "outcome_unknown"


class WorkerError(BackendError):
    """The worker cannot start or is gone."""

    code = "worker"


class SupersededError(WorkerError):
    """Another worker has taken the task over; what this one says of it counts no more."""

    code = "superseded"

    def __init__(self, task_id: str) -> None:
        super().__init__(
            f"Task {task_id} was taken over by another worker, because this one seemed to be dead. Nothing "
            "is lost: the other one goes on with it."
        )


class NotebookRunError(BackendError):
    """A notebook stopped with an error."""

    code = "notebook_run"


class StoppedError(BackendError):
    """Somebody asked for it to end before it was done; what was there before is untouched."""

    code = "stopped"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was stopped. What was there before is untouched; started again, it goes on where it was."
        )


class ConfigError(DirectorError):
    """Refuses to start: says which setting is wrong and gives an example."""

    code = "config"
