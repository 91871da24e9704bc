"""A folder in Google Drive as archive; uploads go on where they were interrupted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from director_lib.delivery.archive_drive_key import DriveKey, read_key
from director_lib.delivery.archive_place import PART_BYTES, Sent
from director_lib.errors import StorageError

if TYPE_CHECKING:
    from director_lib.config import Settings

_BASE_URL = "https://www.googleapis.com"
_WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
_BUSY = frozenset({429, 500, 502, 503, 504})
_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_MORE, _DONE = 308, frozenset({200, 201})
_ALL_DRIVES = {"supportsAllDrives": "true"}
_NOT_THERE = 404


def open_drive(settings: Settings, folder_id: str) -> DrivePlace:
    """Open a folder.

    Raises:
        ConfigError: There is no usable key.
    """
    key = read_key(settings.gdrive_credentials)
    client = httpx.Client(base_url=settings.gdrive_base_url or _BASE_URL, timeout=60, follow_redirects=False)
    return DrivePlace(folder_id, client, key, settings.data_dir / "archive-uploads")


@dataclass
class DrivePlace:
    """A folder on a shared drive, or of the user who gave leave.

    Attributes:
        notes: Folder that remembers uploads which were begun; their addresses are secrets.
        wait: Lets time pass before a call is tried again.
    """

    folder_id: str
    client: httpx.Client
    key: DriveKey
    notes: Path
    wait: Callable[[float], None] = time.sleep
    _ids: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address."""
        return f"gdrive://{self.folder_id}"

    def check(self, *, is_known: bool) -> None:
        """Ask for the folder."""
        answer = self._ask("GET", f"/drive/v3/files/{self.folder_id}", {"fields": "id,mimeType"})
        if answer.status_code == _NOT_THERE:
            raise self._refusal("there is no such folder, or it is not shared with the key's account")

    def find_size(self, name: str) -> int | None:
        """Return a file's size, or None."""
        found = self._find(name)
        return found[1] if found else None

    def put(self, name: str, source: Path, sent: Sent) -> None:
        """Send a file in parts."""
        size = source.stat().st_size
        session = self._begun(name) or self._begin(name, size)
        done = self._arrived(session, size)
        if done is None:
            session, done = self._begin(name, size), 0
        lost = 0
        with source.open("rb") as file:
            while done < size:
                file.seek(done)
                before, done = done, self._send(session, file.read(PART_BYTES), done, size)
                sent(done)
                lost = 0 if done > before else lost + 1
                if lost == len(_WAITS_S):
                    raise self._refusal("parts do not arrive")
        self._note(name).unlink(missing_ok=True)
        self._ids.pop(name, None)

    def read(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """Read a file, part by part."""
        found = self._find(name)
        if found is None:
            raise StorageError(f"{name} is not in the archive {self.url}. Nothing was changed here.")
        file_id, size = found
        while offset < size:
            end = min(size, offset + PART_BYTES) - 1
            answer = self._ask(
                "GET",
                f"/drive/v3/files/{file_id}",
                {"alt": "media"},
                headers={"Range": f"bytes={offset}-{end}"},
            )
            if answer.status_code not in (200, 206) or not answer.content:
                raise self._refusal(str(answer.status_code))
            part = answer.content if answer.status_code == 206 else answer.content[offset:]
            yield part
            offset += len(part)

    def remove(self, name: str) -> None:
        """Remove a file."""
        found = self._find(name)
        if found is not None:
            self._ask("DELETE", f"/drive/v3/files/{found[0]}", {})
            self._ids.pop(name, None)

    def close(self) -> None:
        """End the connections."""
        self.client.close()

    def _find(self, name: str) -> tuple[str, int] | None:
        if name not in self._ids:
            words = _title(name).replace("\\", "\\\\").replace("'", "\\'")
            asked = {
                "q": f"'{self.folder_id}' in parents and name = '{words}' and trashed = false",
                "fields": "files(id,size)",
                "includeItemsFromAllDrives": "true",
            }
            files = self._ask("GET", "/drive/v3/files", asked).json().get("files") or []
            if not files:
                return None
            self._ids[name] = (str(files[0]["id"]), int(files[0].get("size", 0)))
        return self._ids[name]

    def _begin(self, name: str, size: int) -> str:
        about = {"name": _title(name), "parents": [self.folder_id]}
        headers = {"X-Upload-Content-Length": str(size), "Content-Type": "application/json; charset=UTF-8"}
        answer = self._ask(
            "POST",
            "/upload/drive/v3/files",
            {"uploadType": "resumable"},
            headers=headers,
            content=json.dumps(about).encode(),
        )
        session = answer.headers.get("Location", "")
        if answer.status_code not in _DONE or not session:
            raise self._refusal(str(answer.status_code))
        note = self._note(name)
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.touch(mode=0o600)
        note.write_text(json.dumps({"session": session, "size": size}))
        return str(session)

    def _begun(self, name: str) -> str | None:
        try:
            return str(json.loads(self._note(name).read_text())["session"])
        except (OSError, ValueError, KeyError):
            return None

    def _arrived(self, session: str, size: int) -> int | None:
        """Ask how much of an upload arrived; None when it is forgotten there."""
        answer = self._ask("PUT", session, {}, headers={"Content-Range": f"bytes */{size}"})
        if answer.status_code in _DONE:
            return size
        return _end_of(answer) if answer.status_code == _MORE else None

    def _send(self, session: str, part: bytes, start: int, size: int) -> int:
        """Send one part; returns how much has arrived in all."""
        span = f"bytes {start}-{start + len(part) - 1}/{size}"
        try:
            answer = self._request("PUT", session, {}, {"Content-Range": span}, part)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code in _DONE:
            return size
        if answer is not None and answer.status_code == _MORE:
            return _end_of(answer)
        if answer is not None and answer.status_code not in _BUSY and answer.status_code != 401:
            raise self._refusal(_reason(answer) or str(answer.status_code))
        self.wait(_WAITS_S[0])
        arrived = self._arrived(session, size)
        if arrived is None:
            raise self._refusal("the upload was forgotten there")
        return arrived

    def _ask(
        self,
        method: str,
        address: str,
        asked: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> httpx.Response:
        """Call, again when the other side is busy or the connection was lost.

        Raises:
            StorageError: It stays so, or it was refused for good.
        """
        why = ""
        for wait_s in (*_WAITS_S, 0.0):
            try:
                answer = self._request(method, address, asked, headers or {}, content)
            except httpx.TransportError as error:
                why = type(error).__name__
            else:
                reason = _reason(answer)
                if answer.status_code == 401:
                    raise self._refusal("the key is not valid")
                if answer.status_code not in _BUSY and reason not in _SLOW_DOWN:
                    if answer.status_code in (400, 403):
                        raise self._refusal(reason or str(answer.status_code))
                    return answer
                why = reason or str(answer.status_code)
            if wait_s:
                self.wait(wait_s)
        raise self._refusal(why)

    def _request(
        self, method: str, address: str, asked: Mapping[str, str], headers: Mapping[str, str], content: bytes
    ) -> httpx.Response:
        """Call once; once more with a new token when the token was refused."""
        is_session = address.startswith("http")
        for fresh in (False, True):
            token = self.key.token(self.client, fresh=fresh)
            answer = self.client.request(
                method,
                address,
                params=None if is_session else {**_ALL_DRIVES, **asked},
                headers={**headers, "Authorization": f"Bearer {token}"},
                content=content,
            )
            if answer.status_code != 401:
                break
        return answer

    def _note(self, name: str) -> Path:
        return self.notes / f"{sha256(f'{self.folder_id}/{name}'.encode()).hexdigest()}.json"

    def _refusal(self, why: str) -> StorageError:
        cure = "Make room there." if "quota" in why.lower() else "Check the folder and its key."
        return StorageError(
            f"The archive {self.url} refused ({why}). Nothing was removed here; the next try goes on where "
            f"this one ended. {cure}"
        )


def _title(name: str) -> str:
    """Drive has no paths: a file's own name, which is its digest, says it all."""
    return name.rpartition("/")[2]


def _end_of(answer: httpx.Response) -> int:
    """Read how much has arrived."""
    told: str = answer.headers.get("Range", "")
    return int(told.rpartition("-")[2]) + 1 if told else 0


def _reason(answer: httpx.Response) -> str:
    """Read Google's own word for a refusal."""
    if answer.status_code < 400:
        return ""
    try:
        error: Any = answer.json()["error"]
        return str(error["errors"][0]["reason"])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
