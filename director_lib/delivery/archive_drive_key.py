"""Signing in to Google Drive: a service account, or a user who gave leave."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from google.auth import crypt, jwt

from director_lib.errors import ConfigError, StorageError

SCOPE = "https://www.googleapis.com/auth/drive"
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 -- an address
_VALID_S, _EARLY_S = 3600, 120


@dataclass
class DriveKey:
    """Gives tokens, and new ones when they are no longer valid; none is ever shown."""

    facts: Mapping[str, Any] = field(repr=False)
    _token: str = field(default="", repr=False)
    _until_s: float = 0.0

    def token(self, client: httpx.Client, *, fresh: bool = False) -> str:
        """Return a token.

        Args:
            fresh: Whether the one of before was refused.

        Raises:
            StorageError: The key was refused, or nobody answers.
        """
        if fresh or time.monotonic() > self._until_s:
            try:
                answer = client.post(self.facts.get("token_uri") or _TOKEN_URI, data=self._request())
            except httpx.HTTPError as error:
                raise StorageError(
                    f"Google's sign-in cannot be reached ({type(error).__name__}). Nothing was removed here. "
                    "Try again when the network is back."
                ) from error
            if answer.status_code != httpx.codes.OK:
                raise StorageError(
                    f"Google refused the archive's key ({answer.status_code}). Nothing was removed here. "
                    "Check the file that DIRECTOR_GDRIVE_CREDENTIALS names."
                )
            given = answer.json()
            self._token = str(given["access_token"])
            self._until_s = time.monotonic() + float(given.get("expires_in", _VALID_S)) - _EARLY_S
        return self._token

    def _request(self) -> dict[str, str]:
        facts = self.facts
        if facts.get("type") == "authorized_user":
            names = ("client_id", "client_secret", "refresh_token")
            return {"grant_type": "refresh_token", **{name: str(facts[name]) for name in names}}
        now = int(time.time())
        claims = {
            "iss": facts["client_email"],
            "scope": SCOPE,
            "aud": facts.get("token_uri") or _TOKEN_URI,
            "iat": now,
            "exp": now + _VALID_S,
        }
        signer = crypt.RSASigner.from_service_account_info(facts)  # type: ignore[no-untyped-call]
        assertion = jwt.encode(signer, claims)  # type: ignore[no-untyped-call]
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": assertion.decode(),
        }


def read_key(file: Path | None) -> DriveKey:
    """Read the key from its file.

    Raises:
        ConfigError: There is none, or it is neither a service account's nor an authorized user's.
    """
    try:
        facts = json.loads(file.read_bytes()) if file else None
    except (OSError, ValueError):
        facts = None
    needed = {
        "service_account": {"client_email", "private_key"},
        "authorized_user": {"client_id", "client_secret", "refresh_token"},
    }
    kind = facts.get("type") if isinstance(facts, dict) else None
    if not isinstance(facts, dict) or not needed.get(str(kind), {"nothing has this"}) <= facts.keys():
        raise ConfigError(
            "DIRECTOR_GDRIVE_CREDENTIALS has to name the JSON key of a service account, or of an authorized "
            "user, for example /etc/director/drive.json. Its content is never shown."
        )
    return DriveKey(facts)
