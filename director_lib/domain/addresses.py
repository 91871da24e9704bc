"""What a path in the address bar means: which notebook, with which parameters. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from director_lib.domain.stream import check_stream_id
from director_lib.errors import InvalidIdError

STREAM_PAGES = ("story", "spec", "keyframes", "videos", "final", "activity", "metrics")

_NOTEBOOK = re.compile(r"[a-z][a-z0-9_-]{0,40}\.ipynb")
_STREAM_PAGE = re.compile(rf"/s/([^/]+)/({'|'.join(STREAM_PAGES)})/?")
_RENDER = re.compile(r"/voila/render/([^/]+)")
_STUDIO_PAGES = {
    "/": "streams.ipynb",
    "/tasks": "tasks.ipynb",
    "/metrics": "metrics.ipynb",
    "/advice": "advice.ipynb",
    "/settings": "settings.ipynb",
    "/variants": "variants.ipynb",
}
# Voilà gives these two a meaning of its own.
_RESERVED = frozenset({"template", "theme"})
_MOST_PARAMS, _LONGEST_NAME, _LONGEST_VALUE = 24, 40, 2000


@dataclass(frozen=True, slots=True)
class PageAddress:
    """A page to open.

    Attributes:
        notebook: File name, directly in the notebooks folder.
        params: What the page is told; untrusted text.
    """

    notebook: str
    params: Mapping[str, str] = field(default_factory=dict)


def servable_notebooks(folder: Path) -> frozenset[str]:
    """Return the names of the page notebooks: those directly in the folder, never in a folder below."""
    return frozenset(path.name for path in folder.glob("*.ipynb") if _NOTEBOOK.fullmatch(path.name))


def find_page(path: str, query: Mapping[str, str], notebooks: Collection[str]) -> PageAddress | None:
    """Return the page at a decoded path, or None when there is none.

    Args:
        path: The decoded path without the server's base, beginning with "/".
        query: Query parameters; a stream in the path wins over one in the query.
        notebooks: Names of the notebooks that may be served.
    """
    notebook, stream = _match(path)
    if notebook not in notebooks:
        return None
    params = clean_params(query)
    if stream is not None:
        params["stream"] = stream
    if "stream" in params and not _is_stream_id(params["stream"]):
        return None
    return PageAddress(notebook, params)


def clean_params(query: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters a page may see: reserved, oversized and surplus ones are left out."""
    fitting = {
        name: value
        for name, value in query.items()
        if name not in _RESERVED and 0 < len(name) <= _LONGEST_NAME and len(value) <= _LONGEST_VALUE
    }
    return dict(list(fitting.items())[:_MOST_PARAMS])


def safe_return_path(wanted: str) -> str:
    """Return where to go after signing in: ``wanted`` when it is a path on this server, else "/"."""
    plain = wanted.isprintable() and wanted.startswith("/") and not wanted.startswith("//")
    return wanted if plain and "\\" not in wanted and len(wanted) <= _LONGEST_VALUE else "/"


def _match(path: str) -> tuple[str, str | None]:
    if path in _STUDIO_PAGES:
        return _STUDIO_PAGES[path], None
    stream_page = _STREAM_PAGE.fullmatch(path)
    if stream_page:
        return f"{stream_page[2]}.ipynb", stream_page[1]
    render = _RENDER.fullmatch(path)
    return (render[1] if render else ""), None


def _is_stream_id(text: str) -> bool:
    try:
        check_stream_id(text)
    except InvalidIdError:
        return False
    return True
