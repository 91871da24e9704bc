"""What Google said when it did not do what it was asked, whichever half of its library tells."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_LONGEST_WORDS = 300
WITHHELD = {
    "SAFETY": "it goes against Google's safety rules",
    "IMAGE_SAFETY": "it goes against Google's safety rules",
    "PROHIBITED_CONTENT": "it shows what Google forbids",
    "IMAGE_PROHIBITED_CONTENT": "it shows what Google forbids",
    "BLOCKLIST": "it contains a word that Google blocks",
    "SPII": "it shows personal data",
    "RECITATION": "it is too close to an existing work",
    "IMAGE_RECITATION": "it is too close to an existing work",
    "LANGUAGE": "the model does not understand the language",
}
"""Google's words for answers that it keeps back, and what they mean."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not a success.

    Attributes:
        code: The HTTP status; 0 when there was none.
        words: What Google wrote, fit to be shown: short, on one line and without the key.
        reason: Google's word for why, such as ``API_KEY_INVALID``; empty when it gave none.
        retry_after_s: Seconds that Google asks to wait.
        is_googles: Whether the answer is written as Google writes them, and not by something on the way.
    """

    code: int
    words: str
    reason: str = ""
    retry_after_s: float | None = None
    is_googles: bool = False

    @property
    def blames_key(self) -> bool:
        """Whether the key is missing, wrong, expired or not allowed."""
        return self.code == 401 or self.reason.startswith("API_KEY") or "api key" in self.words.lower()


def read_refusal(error: Exception, key: str) -> Refusal:
    """Read the answer that an error of Google's library carries.

    Args:
        key: Removed from Google's words: some of them quote it.
    """
    code = int(getattr(error, "code", None) or getattr(error, "status_code", None) or 0)
    answer = _answer_of(error)
    details = [one for one in answer.get("details") or () if isinstance(one, dict)]
    retry_after_s = _seconds(next((one["retryDelay"] for one in details if "retryDelay" in one), None))
    return Refusal(
        code=code,
        words=shown(str(answer.get("message") or f"status {code}"), key),
        reason=str(next((one["reason"] for one in details if "reason" in one), "")),
        retry_after_s=retry_after_s if retry_after_s is not None else _header_seconds(error),
        is_googles="status" in answer or "code" in answer,
    )


def shown(words: str, key: str) -> str:
    """Return foreign words fit to be shown: one line, not too long, no key, no control characters."""
    if key:
        words = words.replace(key, "…")
    words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1] + "…"


def _answer_of(error: Exception) -> dict[str, Any]:
    body: Any = getattr(error, "details", None) or getattr(error, "body", None)
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            body = None
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    if isinstance(inner, dict):
        return inner
    # the library puts what was no JSON into such a form itself
    return {"message": body["message"]} if isinstance(body.get("message"), str) else {}


def _header_seconds(error: Exception) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    return _seconds(headers.get("retry-after")) if headers is not None else None


def _seconds(written: object) -> float | None:
    """Read ``34s`` or ``34``; None for anything else, such as a date."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)s?", str(written).strip())
    return float(match[1]) if match else None
