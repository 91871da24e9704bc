"""Turns what can go wrong in a call to Google into errors that say what happened and what it cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from director_lib.engines.google.connection import KEY_VARIABLE
from director_lib.engines.google.models import find_replacement
from director_lib.engines.google.refusals import Refusal, read_refusal, shown
from director_lib.errors import ConfigError, DirectorError, EngineBusyError, EngineError, OutcomeUnknownError

_BUSY = frozenset({408, 429, 503})
_USAGE_PAGE = "the usage page of Google AI Studio"


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked of Google.

    Attributes:
        what: What comes of it, in words: "picture", "clip".
        is_order: Whether success costs money.
        leaves_job: Whether the work may go on at Google after the call has failed.
        is_about_model: Whether it only asks for the model, so that nothing can have been charged.
    """

    what: str
    model: str
    key: str = field(repr=False)
    is_order: bool = True
    leaves_job: bool = False
    is_about_model: bool = False


@contextmanager
def explained(call: Call) -> Iterator[None]:
    """Raise this program's errors instead of those of Google's library and the network.

    Raises:
        ConfigError: The key is refused.
        EngineBusyError: Nothing was charged, and the same call may be made later.
        OutcomeUnknownError: The order may have been taken.
        EngineError: The same call would be refused again.
    """
    import httpx
    from google.genai import errors

    # The half of the library that speaks to interactions has a tree of its own, and no public name for it.
    from google.genai._interactions import GeminiNextGenAPIClientError

    try:
        yield
    except (errors.APIError, GeminiNextGenAPIClientError, httpx.HTTPError, ValueError) as error:
        # Google's words may quote the key, so the original error must not reach a log
        raise _explain(error, call) from None


def _explain(error: Exception, call: Call) -> DirectorError:
    import httpx

    transport = next((one for one in (error, error.__cause__) if isinstance(one, httpx.HTTPError)), None)
    if transport is not None:
        never_sent = isinstance(transport, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
        return _unreached(transport, call) if never_sent else _broken_off(type(transport).__name__, call)
    refusal = read_refusal(error, call.key)
    if refusal.code < 400:
        return _broken_off("it sent something that is no answer", call)
    return _refused(refusal, call)


def _refused(refusal: Refusal, call: Call) -> DirectorError:
    if refusal.blames_key or (refusal.code == 403 and (call.is_order or call.is_about_model)):
        return ConfigError(
            f"Google refused the key ({refusal.words}). Nothing was charged for this call. Set "
            f"{KEY_VARIABLE} to a valid key of Google AI Studio and start the worker again."
        )
    if refusal.code == 429 and "limit: 0" in refusal.words:
        return EngineError(
            f"The key's plan does not include the model “{call.model}” ({refusal.words}). Nothing was "
            "charged. Turn on billing for the key in Google AI Studio, or choose another model."
        )
    if refusal.code in _BUSY:
        return _busy(refusal)
    if refusal.code >= 500:
        return _failed_inside(refusal, call)
    if not call.is_order and not call.is_about_model:
        return EngineError(
            f"Google does not know this {call.what} any more ({refusal.words}). It may have been charged; "
            "what was not downloaded in time is lost. Order it again if you need it."
        )
    return EngineError(_rejected(refusal, call))


def _rejected(refusal: Refusal, call: Call) -> str:
    replacement = find_replacement(call.model)
    if refusal.code == 404 and replacement is None:
        return (
            f"Google does not know the model “{call.model}” ({refusal.words}). Nothing was charged. Correct "
            "the model in the settings."
        )
    if refusal.code == 404:
        return (
            f"Google has retired the model “{call.model}” ({refusal.words}). Nothing was charged. Use "
            f"“{replacement}” instead: change the model in the settings, then order it again."
        )
    hint = f" The model is an old one; “{replacement}” replaces it." if replacement else ""
    return (
        f"Google rejected the request for this {call.what} ({refusal.words}). Nothing was charged. Change "
        f"what it complains about before you order it again.{hint}"
    )


def _busy(refusal: Refusal) -> EngineBusyError:
    after = f"after {refusal.retry_after_s:.0f} s" if refusal.retry_after_s is not None else "a little later"
    what = "takes no more requests of this key now" if refusal.code == 429 else "is overloaded"
    return EngineBusyError(
        f"Google {what} ({refusal.words}). Nothing was charged; it can be tried again {after}.",
        refusal.retry_after_s,
    )


def _failed_inside(refusal: Refusal, call: Call) -> EngineError:
    # Google does not charge for a call that it answers with an error itself; an error that something on the
    # way made says nothing about what Google did.
    if not call.is_order or (refusal.is_googles and not call.leaves_job):
        return EngineBusyError(
            f"Google failed ({refusal.words}). Nothing was charged for that; it can be tried again later.",
            refusal.retry_after_s,
        )
    return _unknown(f"Google answered with an error after it had the order ({refusal.words})", call)


def _unreached(error: Exception, call: Call) -> EngineBusyError:
    return EngineBusyError(
        f"Google cannot be reached ({shown(str(error), call.key) or type(error).__name__}). Nothing was sent "
        "or charged. Check the network; it can be tried again later."
    )


def _broken_off(how: str, call: Call) -> EngineError:
    if not call.is_order:
        return EngineBusyError(
            f"Google could not be asked about this {call.what}: {how}. Nothing was charged for asking; it "
            "can be asked again."
        )
    return _unknown(f"The connection to Google broke off after the order was sent ({how})", call)


def _unknown(what_happened: str, call: Call) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        f"{what_happened}. Nobody can tell whether this {call.what} was made and charged, and Google keeps "
        f"no list to look it up in. It is not ordered again by itself: look at {_USAGE_PAGE}, then decide."
    )
