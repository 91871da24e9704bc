"""The ways in which the fake can misbehave.

``429:7`` refuses and asks to wait 7 s; ``500`` refuses before anything is done, ``500_after`` afterwards;
``reset_before`` and ``reset_after`` break the connection before the body is read and instead of an answer;
``hang`` does what it was asked and never answers; ``half`` announces a whole answer and sends half of it;
``short`` sends half of it as if that was all; ``garbage`` and ``html`` answer with something else;
``plain`` calls a good file text; ``echo`` repeats the request's headers in a refusal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engines.fakes.replicate.server import _Handler

_LONGEST_HANG_S = 15


class Dropped(Exception):  # noqa: N818 - an event on the wire, and no error of the product's
    """The connection is to be broken now."""


def refuse(handler: _Handler, fault: str) -> bool:
    """Refuse a request before anything is done; tell whether that was so."""
    number, _, wait_s = fault.partition(":")
    if fault == "echo":
        handler.problem(400, f"cannot read {dict(handler.headers)}")
    elif number.isdigit():
        headers = {"retry_after": wait_s} if wait_s else {}
        handler.problem(
            int(number), "Request was throttled." if number == "429" else "It went wrong.", **headers
        )
    else:
        return False
    return True


def break_answer(handler: _Handler, fault: str, status: int, answer: Any) -> bool:
    """Spoil the answer to what has been done; tell whether that was so."""
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    half = content[: len(content) // 2]
    if fault == "hang":
        handler.fake.closing.wait(_LONGEST_HANG_S)
        raise Dropped
    if fault == "reset_after":
        raise Dropped
    if fault == "500_after":
        handler.problem(500, "It went wrong.")
    elif fault == "garbage":
        handler.send(status, b"{'not': json")
    elif fault == "html":
        handler.send(200, b"<html>We will be back soon</html>", "text/html")
    elif fault == "short":
        handler.send(status, half)
    elif fault == "plain":
        handler.send(status, content, "text/plain")
    elif fault == "half":
        handler.send(status, half, content_length=str(len(content)))
        handler.close_connection = True
    else:
        return False
    return True
