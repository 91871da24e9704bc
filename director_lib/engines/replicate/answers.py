"""What came of one call to Replicate, and what each refusal means for a director."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from director_lib.errors import ConfigError, DirectorError, EngineBusyError, EngineError, OutcomeUnknownError

_SURELY_REFUSED = frozenset({400, 401, 402, 403, 404, 405, 410, 413, 415, 422, 429})
_TRY_AGAIN = frozenset({408, 425, 429})
_FREE = "Nothing was charged."


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one call.

    Attributes:
        status: HTTP status; None when no complete answer came.
        body: The answer's JSON object; empty when it was none.
        words: What the provider says of a refusal, in short.
        was_sent: Whether anything may have reached the provider.
    """

    status: int | None
    body: Mapping[str, object] = field(default_factory=dict)
    words: str = ""
    retry_after_s: float | None = None
    was_sent: bool = True

    @property
    def is_good(self) -> bool:
        """Whether the call was done as asked."""
        return self.status is not None and 200 <= self.status < 300


def read_body(answer: Answer, what: str, *, gone: str = "") -> Mapping[str, object]:
    """Return the JSON object of a call that costs nothing.

    Args:
        what: What was asked for, as in "“…” could not be read".
        gone: Message for a thing that the provider does not know (any more).

    Raises:
        EngineBusyError: It may be asked again.
        EngineError: It would be refused again.
        ConfigError: The token is refused.
    """
    if answer.is_good and answer.body:
        return answer.body
    if answer.status == 404 and gone:
        raise EngineError(gone)
    raise refusal(answer, what)


def read_order_id(answer: Answer, *, gone: str) -> str:
    """Return the id in the answer to the one call that is paid for.

    Args:
        gone: Message for a model that the provider does not know (any more).

    Raises:
        OutcomeUnknownError: The job may have been made.
        EngineBusyError: It was surely not made, and may be ordered again.
        EngineError: It was surely not made, and would be refused again.
        ConfigError: The token is refused.
    """
    order_id = answer.body.get("id")
    if answer.is_good and isinstance(order_id, str) and order_id:
        return order_id
    if answer.was_sent and answer.status not in _SURELY_REFUSED:
        raise OutcomeUnknownError(
            f"Replicate did not confirm the order ({_how(answer)}). It may have been taken, and charged. "
            "It is not ordered again blindly: Replicate is asked for it; else look at "
            "replicate.com/predictions before you retry."
        )
    if answer.status == 404:
        raise EngineError(gone)
    raise refusal(answer, "The order")


def refusal(answer: Answer, what: str) -> DirectorError:
    """Return the error that a call ended with when it surely started nothing that is paid for."""
    status = answer.status
    if status is None or answer.is_good or status in _TRY_AGAIN or status >= 500:
        return _busy(answer, what)
    if status in (401, 403):
        return ConfigError(
            f"Replicate refuses the API token ({status}). {_FREE} Set REPLICATE_API_TOKEN to a token of "
            "your account, such as r8_…, from replicate.com/account/api-tokens, and start the worker again."
        )
    if status == 402:
        return EngineError(
            f"Replicate wants to be paid first: {answer.words or 'the account has no credit'}. {_FREE} "
            "Add credit at replicate.com/account/billing, then retry the task."
        )
    if 300 <= status < 400:
        return EngineError(
            f"The address of Replicate answers with a redirection ({status}). {_FREE} "
            "Correct DIRECTOR_REPLICATE_BASE_URL, or leave it out."
        )
    said = f": “{answer.words}”" if answer.words else f" ({status})"
    return EngineError(
        f"{what} was refused by Replicate{said}. {_FREE} Change what it complains of, then retry the task."
    )


def _busy(answer: Answer, what: str) -> EngineBusyError:
    if answer.status == 429:
        return EngineBusyError(
            f"Replicate has had too many calls from this account. {_FREE} {what} is tried again later; "
            "if it lasts, make fewer at once or raise the account's limit.",
            answer.retry_after_s,
        )
    if not answer.was_sent:
        return EngineBusyError(
            f"Replicate cannot be reached. {_FREE} {what} is tried again later; check the network.",
        )
    return EngineBusyError(
        f"{what} got no proper answer from Replicate ({_how(answer)}). {_FREE} It is tried again later.",
        answer.retry_after_s,
    )


def _how(answer: Answer) -> str:
    if answer.status is None:
        return answer.words or "the connection broke off"
    if answer.is_good:
        return "an answer that cannot be read"
    return f"error {answer.status}"
