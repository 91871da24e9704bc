"""One line in the log for everything refused: what, of which kind, to whom."""

from __future__ import annotations

import logging
from typing import Any

_log = logging.getLogger("director.server")


def log_refusal(what: str, kind: str, handler: Any) -> None:
    """Log a refusal at WARNING.

    Args:
        what: The sort of thing ("kernel message", "address", "sign-in").
        kind: Its details; may hold text from outside, so it is shown escaped and cut.
        handler: The request's handler, for the user and the address.
    """
    user = getattr(handler, "_jupyter_current_user", None)
    username = getattr(user, "username", "nobody")
    _log.warning("refused %s: %.200r (user %s, from %s)", what, kind, username, handler.request.remote_ip)
