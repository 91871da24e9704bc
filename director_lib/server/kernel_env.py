"""What a kernel's process is told: an allow-list of variables, never a secret, never a browser's header."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from director_lib.domain.people import Actor

VISIT_VARIABLE = "DIRECTOR_REQUEST"
SCREENS_VARIABLE = "DIRECTOR_SCREENS_URL"

_NEEDED = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|TMPDIR|TEMP|TMP|LANG|LANGUAGE|LC_\w+|SYSTEMROOT|VIRTUAL_ENV|LD_LIBRARY_PATH"
    r"|PYTHON\w*|JUPYTER_\w+|IPYTHONDIR|XDG_\w+|FONTCONFIG_\w+|\w+_NUM_THREADS|DIRECTOR_\w+"
)
_SECRET = re.compile(r"KEY(?!FRAME)|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|COOKIE", re.IGNORECASE)


def kernel_environment(
    outer: Mapping[str, str], settings: Mapping[str, str], base_url: str, assets_url: str = ""
) -> dict[str, str]:
    """Return the environment of a page's kernel.

    Args:
        outer: The server's own environment.
        settings: The ``DIRECTOR_*`` variables with absolute paths; they win.
        base_url: Where the server is mounted; its presence tells a page that a server hosts it.
        assets_url: Prefix of the addresses of compiled screens; "" gives each browser their text instead.
    """
    kept = {
        name: value
        for name, value in outer.items()
        if _NEEDED.fullmatch(name) and not _SECRET.search(name) and name != VISIT_VARIABLE
    }
    plain_settings = {name: value for name, value in settings.items() if not _SECRET.search(name)}
    hosted = {"VOILA_SERVER_URL": base_url, "VOILA_BASE_URL": base_url, "SERVER_SOFTWARE": "voila/director"}
    screens = {SCREENS_VARIABLE: f"{assets_url}/screens"} if assets_url else {}
    return {**kept, **plain_settings, **hosted, **screens}


def visit_json(actor: Actor, params: Mapping[str, str], path: str) -> str:
    """Return what ``director_lib.pages.visit`` reads, as JSON text."""
    facts: dict[str, Any] = {
        "actor": {"username": actor.username, "role": actor.role.value, "display_name": actor.display_name},
        "params": dict(params),
        "path": path,
    }
    return json.dumps(facts)
