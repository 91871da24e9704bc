"""People who are named in a text with an @ before their user name."""

from __future__ import annotations

import re
from collections.abc import Collection

_MENTION = re.compile(r"(?<![\w@.+-])@([a-z][a-z0-9._-]{0,31})", re.IGNORECASE)


def find_mentions(text: str, usernames: Collection[str]) -> list[str]:
    """Find who is mentioned, each once, in the text's order.

    "@dora." at the end of a sentence means dora, unless somebody is called "dora.".

    Args:
        text: What was written.
        usernames: Everybody who can be mentioned.
    """
    found = [_match(match[1].lower(), usernames) for match in _MENTION.finditer(text)]
    return list(dict.fromkeys(name for name in found if name))


def _match(written: str, usernames: Collection[str]) -> str:
    while written and written not in usernames:
        shorter = written.rstrip("._-")
        if shorter == written:
            return ""
        written = written[:-1]
    return written
