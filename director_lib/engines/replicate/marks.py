"""How an attempt is recognised at Replicate, which knows neither idempotency keys nor labels of jobs.

Two marks are put on every order, and both can be worked out again from the order alone:

* Pictures are uploaded anew for each attempt, with the attempt's tag in the file's metadata. A job's input
  names the file, and the file can be asked for its metadata.
* The time after which Replicate gives up (``Cancel-After``) has a length that is made from the tag. A job
  shows it for ever as ``deadline`` minus ``created_at``; no model ever sees it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

METADATA_KEY = "attempt"
_STEP_S = 3
_STEPS = 600
_TOLERANCE_S = 1.4
_FILE_ID = re.compile(r"/v1/files/([A-Za-z0-9_-]+)")


def mark_s(tag: str, shortest_s: int) -> int:
    """Return after how many seconds Replicate gives up an attempt: one of 600 lengths, made from its tag."""
    digest = hashlib.sha256(tag.encode()).digest()
    return shortest_s + _STEP_S * (int.from_bytes(digest[:4]) % _STEPS)


def bears_mark(prediction: Mapping[str, object], expected_s: int) -> bool | None:
    """Tell whether a job gives up after so many seconds; None when Replicate does not say."""
    created_at, deadline = moment(prediction.get("created_at")), moment(prediction.get("deadline"))
    if created_at is None or deadline is None:
        return None
    return abs((deadline - created_at).total_seconds() - expected_s) <= _TOLERANCE_S


def file_ids(value: object) -> Iterator[str]:
    """Yield the ids of the uploaded files that an input names."""
    if isinstance(value, str):
        yield from _FILE_ID.findall(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from file_ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from file_ids(item)


def moment(text: object) -> datetime | None:
    """Read an instant as Replicate writes it; None when it is none or has no time zone."""
    if not isinstance(text, str):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
