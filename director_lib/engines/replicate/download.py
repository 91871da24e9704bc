"""Fetching a finished file. The place it comes from never sees the token."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from director_lib.domain.version import Kind
from director_lib.engines.replicate.decoding import Decoded, decode
from director_lib.engines.replicate.options import ReplicateOptions
from director_lib.errors import EngineBusyError, EngineError, StorageError

if TYPE_CHECKING:
    import httpx

_EXPIRED = frozenset({403, 404, 410})
_CHUNK_BYTES = 256 * 1024
_NOUNS = {Kind.VIDEO: "clip", Kind.KEYFRAME: "still"}
ERASED_MESSAGE = (
    "The finished file has expired: Replicate keeps files for one hour. It was charged. "
    "The version before stays; retry the task to have it made again."
)


def output_url(prediction: Mapping[str, object]) -> str:
    """Return the address of a finished job's first file.

    Raises:
        EngineError: There is none (any more).
    """
    for value in _flat(prediction.get("output")):
        if urlsplit(value).scheme in ("http", "https"):
            return value
    if prediction.get("data_removed") or prediction.get("output") is None:
        raise EngineError(ERASED_MESSAGE)
    raise EngineError(
        "The model finished without a file. It was charged. "
        "The version before stays; choose another model, or look at the order at replicate.com/predictions."
    )


def download(url: str, folder: Path, expected: Kind | None, options: ReplicateOptions) -> tuple[Path, Kind]:
    """Download a file, prove that it is whole, and name it by what it is.

    Args:
        expected: What it has to be; None when either will do.

    Raises:
        EngineBusyError: The download broke off; it may be tried again.
        EngineError: The file is gone, or is not what was asked for.
        StorageError: The folder cannot be written.
    """
    draft = folder / "download.part"
    try:
        content_type = _save(url, draft, options)
        decoded = decode(draft)
        _check(decoded, expected, content_type)
        assert decoded.kind is not None
        path = folder / f"{_NOUNS[decoded.kind]}{decoded.ending}"
        draft.replace(path)
        return path, decoded.kind
    except OSError as error:
        raise StorageError(
            f"The file could not be written to {folder} ({error.strerror or error}). No version was changed; "
            "check the folder and the free space, then retry the task within the hour."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _save(url: str, draft: Path, options: ReplicateOptions) -> str:
    import httpx

    timeout = httpx.Timeout(options.answer_timeout_s, connect=options.connect_timeout_s)
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=True) as http,
            http.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response,
        ):
            _check_status(response.status_code)
            _write(response, draft, options.largest_file_bytes)
            return str(response.headers.get("content-type", "unknown"))
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise _broke_off() from error


def _write(response: httpx.Response, draft: Path, most_bytes: int) -> None:
    announced = response.headers.get("content-length", "")
    n_bytes = 0
    with draft.open("wb") as file:
        for chunk in response.iter_bytes(_CHUNK_BYTES):
            n_bytes += len(chunk)
            if n_bytes > most_bytes:
                raise EngineError(
                    f"The finished file is larger than {most_bytes / 1e9:.1f} GB. It was charged, and no "
                    "version was changed. Ask for a shorter clip or a smaller size."
                )
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    is_plain = "content-encoding" not in response.headers
    if n_bytes == 0 or (is_plain and announced.isdigit() and int(announced) != n_bytes):
        raise _broke_off()


def _check_status(status: int) -> None:
    if status in _EXPIRED:
        raise EngineError(ERASED_MESSAGE)
    if status == 429 or status >= 500:
        raise _broke_off()
    if status != 200:
        raise EngineError(
            f"The finished file cannot be fetched (error {status}). It was charged. "
            "Look at the order at replicate.com/predictions within the hour; the version before stays."
        )


def _check(decoded: Decoded, expected: Kind | None, content_type: str) -> None:
    noun = _NOUNS[expected] if expected else "file"
    if decoded.kind is None:
        what = f"{decoded.why_not}; sent as {content_type.partition(';')[0][:60]}"
    elif expected is not None and decoded.kind is not expected:
        what = f"a {_NOUNS[decoded.kind]} came"
    else:
        return
    raise EngineError(
        f"What Replicate sent is not the finished {noun}: {what}. It was charged. The version before stays; "
        "look at the order at replicate.com/predictions within the hour, then retry the task."
    )


def _broke_off() -> EngineBusyError:
    return EngineBusyError(
        "The download of the finished file broke off. Nothing more is charged; it is tried again, and has to "
        "succeed within an hour of the file's making."
    )


def _flat(output: object) -> list[str]:
    if isinstance(output, str):
        return [output]
    values = output if isinstance(output, list) else list(output.values()) if isinstance(output, dict) else []
    return [text for value in values for text in _flat(value)]
