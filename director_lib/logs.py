"""Log lines of the server and the worker: text, or one JSON object a line; never with a secret in them.

Secrets are masked where a line is finished and not where it is asked for, because a traceback, too, quotes
values.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr

from director_lib.config import Settings, all_variables

MASK = "***"
SECRET_NAME = re.compile(r"KEY(?!FRAME)|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL", re.IGNORECASE)
CONTEXT = ("task_id", "stream_id")
"""What a log call may give through ``extra`` and a JSON line then has."""

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# a shorter value of a variable like KEYBOARD_LAYOUT or HOTKEY would blacken half of every line
_SHORTEST_SECRET = 6
_PASSWORD_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+(?=@)", re.IGNORECASE)
_SECRET_IN_QUERY = re.compile(r"([?&;](?:\w*(?:token|secret|password|key))=)[^\s&;'\"]+", re.IGNORECASE)


class Masking:
    """Puts a mask in place of secrets.

    Args:
        secrets: The values to hide, wherever they appear; addresses' passwords are hidden in any case.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        # the longest first: one secret may begin with another
        known = sorted(forms, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        text = _PASSWORD_IN_URL.sub(rf"\g<1>{MASK}", text)
        text = _SECRET_IN_QUERY.sub(rf"\g<1>{MASK}", text)
        return text if self._known is None else self._known.sub(MASK, text)


class TextLines(logging.Formatter):
    """Lines for people; a traceback follows on lines of its own."""

    def __init__(self, masked: Masking) -> None:
        super().__init__(_TEXT)
        self._masked = masked

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return self._masked(super().format(record))


class JsonLines(logging.Formatter):
    """Lines for programs: one object each, whatever the message holds."""

    def __init__(self, masked: Masking) -> None:
        super().__init__()
        self._masked = masked

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: str(getattr(record, name)) for name in CONTEXT if hasattr(record, name)},
        }
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        # masked before they are escaped: a secret with a quotation mark is another text afterwards
        return json.dumps({name: self._masked(value) for name, value in facts.items()})


def configure_logging(settings: Settings, stream: TextIO) -> None:
    """Log warnings, and what the workbench itself has to tell, to a stream in the configured form."""
    logging.basicConfig(level=logging.WARNING, handlers=[log_handler(settings, stream)])
    logging.getLogger("director").setLevel(logging.INFO)
    # Python's own warnings go around logging otherwise, and are no JSON
    logging.captureWarnings(settings.log_format == "json")


def log_handler(settings: Settings, stream: TextIO) -> logging.Handler:
    """Return what writes log lines to a stream in the configured form."""
    masked = Masking(known_secrets(settings, all_variables()))
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(masked) if settings.log_format == "json" else TextLines(masked))
    return handler


def known_secrets(settings: Settings, variables: Mapping[str, str]) -> list[str]:
    """Return the values of secret settings, of variables with a telling name, and passwords in addresses."""
    secret_fields = (value for _, value in settings if isinstance(value, SecretStr))
    values = [field.get_secret_value() for field in secret_fields]
    named = [value for name, value in variables.items() if SECRET_NAME.search(name)]
    passwords = [_password(value) for value in (*values, *variables.values()) if "://" in value]
    return [value.strip() for value in (*values, *named, *passwords)]


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        # no address after all, so there is no password in it
        return ""


def _forms(secret: str) -> Iterator[str]:
    """Give a secret as it is, as Python quotes it, and as addresses do; none when it is too short to hide."""
    for form in (secret, repr(secret)[1:-1], quote(secret, safe=""), unquote(secret)):
        if len(form) >= _SHORTEST_SECRET:
            yield form
