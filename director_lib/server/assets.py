"""Scripts and styles: kept compressed in memory, under one prefix that changes whenever a file changes.

So a browser may keep them for ever. The prefix holds open-source files only and is public by design.

Voilà's front end consists of some hundred small scripts that register themselves and are fetched one by one.
``startup.txt`` and ``bundle.txt`` list those that a page needs; they are joined into ``startup.js`` and
``bundle.js``, two requests instead of a hundred. The first holds those of which a fifth of the functions or
more run while a page opens: the browser is asked to compile them as a whole, away from the page, and keeps
that. A listed file that is missing (another version of a library) is simply fetched on demand.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tornado import web

STARTUP = "static/startup.js"
BUNDLE = "static/bundle.js"
BUILT_SCREENS = Path(__file__).parents[1] / "widgets" / "built"

_HERE = Path(__file__).parent
_ENTRY = "static/voila.js"
_COMPILE_ALL = b"//# allFunctionsCalledOnLoad\n"
_SMALLEST_WORTH_COMPRESSING = 1024
_COMPRESSED_ALREADY = {".woff", ".woff2", ".png", ".jpg", ".gif"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; ``compressed`` is None when gzip would not help."""

    content_type: str
    plain: bytes
    compressed: bytes | None


class Assets:
    """The front end's files by "kind/path".

    Args:
        roots: Folders searched for each kind ("static", "labextensions", …), first match wins.
        extensions: The labextensions that may be served, by name.
    """

    def __init__(self, roots: Mapping[str, Sequence[Path]], extensions: Sequence[str]) -> None:
        self._roots = {kind: [folder.resolve() for folder in folders] for kind, folders in roots.items()}
        self._extensions = [PurePosixPath(name).parts for name in extensions]
        self._cache: dict[str, Asset] = {}
        self._cache[STARTUP] = _pack(STARTUP, _COMPILE_ALL + self._join("startup.txt"))
        self._cache[BUNDLE] = _pack(BUNDLE, self._join("bundle.txt") + self._entry())
        self.version = self._fingerprint()

    def find(self, name: str) -> Asset | None:
        """Return the asset of that name, or None when there is no such file or it may not be served."""
        # A screen that is compiled anew has another query, and a kernel may know before the server does.
        if name not in self._cache or name.startswith("screens/"):
            path = self.find_path(name)
            if path is None:
                return None
            self._cache[name] = _pack(name, path.read_bytes())
        return self._cache[name]

    def find_path(self, name: str) -> Path | None:
        """Return the file of that name, or None; never a file outside the roots."""
        kind, _, rest = name.partition("/")
        parts = PurePosixPath(rest).parts
        if ".." in parts or not self._is_listed(kind, parts):
            return None
        for root in self._roots.get(kind, ()):
            path = (root / rest).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        return None

    def _is_listed(self, kind: str, parts: tuple[str, ...]) -> bool:
        return kind != "labextensions" or any(parts[: len(name)] == name for name in self._extensions)

    def _join(self, listed_in: str) -> bytes:
        names = (_HERE / listed_in).read_text().split()
        chunks = [path.read_bytes() for name in names if (path := self.find_path(name)) is not None]
        # Each chunk keeps its own strict mode in a function.
        return b"".join(b"(function(){" + chunk + b"\n})();\n" for chunk in chunks)

    def _entry(self) -> bytes:
        """Return what starts the front end; it declares globals, and stays outside of functions."""
        entry = self.find_path(_ENTRY)
        return entry.read_bytes() if entry else b""

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(self._cache[STARTUP].plain + self._cache[BUNDLE].plain)
        for kind, folders in sorted(self._roots.items()):
            for path in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
                digest.update(
                    f"{kind}/{path.name}:{path.stat().st_size}:{path.stat().st_mtime_ns}\n".encode()
                )
        return digest.hexdigest()[:12]


class AssetHandler(web.RequestHandler):
    """Serves assets to anybody, for ever."""

    def initialize(self, assets: Assets) -> None:
        """Take the assets to serve."""
        self._assets = assets

    def get(self, name: str) -> None:
        """Send one asset, compressed when the browser takes that."""
        asset = self._assets.find(name)
        if asset is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", asset.content_type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("X-Content-Type-Options", "nosniff")
        if asset.compressed is not None and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(asset.compressed)
        else:
            self.finish(asset.plain)

    head = get

    def compute_etag(self) -> None:
        """Send no ETag: the address itself names the content."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer an error without a body."""
        self.finish()


def _pack(name: str, plain: bytes) -> Asset:
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    suffix = PurePosixPath(name).suffix
    worthwhile = len(plain) >= _SMALLEST_WORTH_COMPRESSING and suffix not in _COMPRESSED_ALREADY
    return Asset(content_type, plain, gzip.compress(plain, 6, mtime=0) if worthwhile else None)
