"""Downloads a file that Google keeps, whole or not at all."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from director_lib.engines.google.connection import Connection, trusted_authorities
from director_lib.engines.google.options import GOOGLE_URL
from director_lib.engines.google.refusals import shown
from director_lib.errors import ConfigError, EngineBusyError, EngineError

if TYPE_CHECKING:
    import httpx

_PIECE_BYTES = 1 << 18
_MOST_REDIRECTS = 5
_GONE = frozenset({403, 404, 410})
_RETRY_S = 5.0
_FILE_PATH = re.compile(r"^/(?P<version>v[0-9][0-9a-z]*)/files/(?P<name>[A-Za-z0-9_.-]+?)(:download)?$")


def download(connection: Connection, uri: str, path: Path, timeout_s: float) -> None:
    """Download a file.

    Args:
        uri: What Google named it: a file of its API, or any other address.
        timeout_s: Longest silence.

    Raises:
        ConfigError: The key is refused.
        EngineBusyError: It broke off, or the file is not ready; it may be tried again.
        EngineError: The file is gone.
    """
    import httpx

    if not _is_web_address(uri):
        raise EngineError(
            f"Google named no address that the clip could be downloaded from ({shown(uri, connection.key)}). "
            "It was charged. Look at it in Google AI Studio."
        )
    try:
        with httpx.Client(verify=trusted_authorities(), timeout=timeout_s) as client:
            address = _ready_file(client, connection, uri) or uri
            _stream(client, connection, address, path)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _broken(shown(str(error), connection.key) or type(error).__name__) from error


def _is_web_address(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _ready_file(client: httpx.Client, connection: Connection, uri: str) -> str | None:
    """Return where to download a file of Google's API from; None for any other address."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    known_hosts = {urlsplit(connection.base_url).hostname, urlsplit(GOOGLE_URL).hostname}
    match = _FILE_PATH.match(parts.path)
    if match is None or host not in known_hosts:
        return None
    address = f"{connection.base_url}/{match['version']}/files/{match['name']}"
    answer = client.get(address, headers=_headers(connection, address))
    _check(answer, connection)
    state = _state(answer)
    if state == "PROCESSING":
        raise EngineBusyError(
            f"Google is still preparing the clip's file. It can be fetched again after {_RETRY_S:.0f} s.",
            _RETRY_S,
        )
    if state == "FAILED":
        raise EngineError(
            "Google made the clip but failed to prepare its file, and may have charged it. Look at it in "
            "Google AI Studio, or order it again."
        )
    return f"{address}:download?alt=media"


def _stream(client: httpx.Client, connection: Connection, address: str, path: Path) -> None:
    for _ in range(_MOST_REDIRECTS):
        with client.stream("GET", address, headers=_headers(connection, address)) as answer:
            if answer.next_request is not None:
                address = urljoin(address, answer.headers["location"])
                continue
            if not answer.is_success:
                answer.read()
            _check(answer, connection)
            return _write(answer, path)
    raise _broken("it was sent from address to address")


def _write(answer: httpx.Response, path: Path) -> None:
    n_bytes = 0
    with path.open("wb") as file:
        for piece in answer.iter_bytes(_PIECE_BYTES):
            n_bytes += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    announced = answer.headers.get("content-length")
    if announced and "content-encoding" not in answer.headers and int(announced) != n_bytes:
        raise _broken(f"{n_bytes} of {announced} bytes arrived")


def _headers(connection: Connection, address: str) -> dict[str, str]:
    """Send the key to Google's API only, never to a host that it names for a download."""
    here, api = urlsplit(address), urlsplit(connection.base_url)
    is_api = (here.scheme, here.netloc) == (api.scheme, api.netloc)
    return {"x-goog-api-key": connection.key} if is_api else {}


def _check(answer: httpx.Response, connection: Connection) -> None:
    if answer.is_success:
        return
    words = shown(answer.text, connection.key) or f"status {answer.status_code}"
    if answer.status_code == 401 or "api key" in words.lower():
        raise ConfigError(
            f"Google refused the key for the download ({words}). The clip is made and charged; set "
            "GOOGLE_AI_API_KEY to a valid key and fetch it again."
        )
    if answer.status_code in _GONE:
        raise EngineError(
            f"The clip's file is gone: Google keeps it for two days (status {answer.status_code}). It was "
            "charged and cannot be downloaded any more; order it again if you need it."
        )
    raise _broken(f"status {answer.status_code}: {words}")


def _state(answer: httpx.Response) -> str:
    try:
        facts = answer.json()
    except ValueError as error:
        raise _broken("it sent something that is no answer") from error
    return str(facts.get("state", "")) if isinstance(facts, dict) else ""


def _broken(how: str) -> EngineBusyError:
    return EngineBusyError(
        f"The download of the clip broke off ({how}). It is made and safe at Google for two days; it can be "
        "fetched again at no cost.",
        _RETRY_S,
    )
