"""Single calls to Replicate's HTTP API. Nothing is ever repeated here: the caller knows what is paid for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from director_lib.engines.replicate.answers import Answer, read_body
from director_lib.engines.replicate.options import ReplicateOptions

if TYPE_CHECKING:
    import httpx

_LONGEST_WORDS = 300
_NO_JSON = frozenset({"", "{", "["})


class ReplicateClient:
    """Makes calls and tells what came of them; raises for a missing token only."""

    def __init__(self, options: ReplicateOptions) -> None:
        self._options = options

    @cached_property
    def _http(self) -> httpx.Client:
        import httpx

        return httpx.Client(
            base_url=self._options.base_url.rstrip("/"),
            headers={"Authorization": self._options.bearer(), "Accept": "application/json"},
            timeout=httpx.Timeout(self._options.answer_timeout_s, connect=self._options.connect_timeout_s),
            # a kept connection can die unnoticed, and then a paid call has an unknown outcome for nothing
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Read something."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON, once."""
        return self._call("POST", path, json=body, headers=headers)

    def upload(self, name: str, content: bytes, mime: str, metadata: Mapping[str, str]) -> Answer:
        """Store a file at Replicate for a day; it costs nothing."""
        import httpx

        timeout = httpx.Timeout(self._options.upload_timeout_s, connect=self._options.connect_timeout_s)
        files = {"content": (name, content, mime)}
        fields = {"metadata": json.dumps(dict(metadata))}
        return self._call("POST", "/v1/files", files=files, data=fields, timeout=timeout)

    def pages(self, path: str, query: Mapping[str, str], what: str) -> Iterator[Mapping[str, object]]:
        """Yield the objects of a list, page by page.

        Raises:
            EngineBusyError: It may be asked again.
            EngineError: It would be refused again.
            ConfigError: The token is refused.
        """
        next_path: str | None = path
        next_query: Mapping[str, str] | None = query
        seen: set[str] = set()
        while next_path is not None and next_path not in seen:
            seen.add(next_path)
            body = read_body(self.get(next_path, next_query), what)
            results = body.get("results")
            yield from (
                item for item in (results if isinstance(results, list) else []) if isinstance(item, dict)
            )
            next_path, next_query = self._own_path(body.get("next")), None

    def _own_path(self, url: object) -> str | None:
        """Return the path of a following page at our own address, so that the token goes nowhere else."""
        if not isinstance(url, str) or not url:
            return None
        parts = urlsplit(url)
        root = urlsplit(self._options.base_url).path.rstrip("/")
        path = parts.path.removeprefix(root)
        return f"{path}?{parts.query}" if parts.query else path

    def _call(self, method: str, path: str, **content: Any) -> Answer:
        import httpx

        try:
            response = self._http.request(method, path, **content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
            return Answer(None, words="no connection", was_sent=False)
        except httpx.TimeoutException:
            return Answer(None, words="no answer in time")
        except httpx.RequestError:
            return Answer(None, words="the connection broke off")
        return _read(response, self._options.token.strip())


def _read(response: httpx.Response, token: str) -> Answer:
    # an address that echoes what it was sent must not carry the token into a message
    text = response.content.decode("utf-8", "replace").replace(token, "…")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    body = body if isinstance(body, dict) else {}
    return Answer(
        response.status_code,
        body,
        _words(body, text) if response.status_code >= 300 else "",
        _seconds(response.headers.get("retry-after")),
    )


def _words(body: Mapping[str, object], text: str) -> str:
    said = next((body[key] for key in ("detail", "error", "title") if body.get(key)), "")
    if not said and text[:1].strip() not in _NO_JSON and not text.lstrip().startswith("<"):
        said = text
    return " ".join(str(said).split())[:_LONGEST_WORDS].rstrip(".")


def _seconds(retry_after: str | None) -> float | None:
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
