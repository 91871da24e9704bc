"""What can be configured of the archive of old versions."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

PLAIN_ARCHIVE = ("archive_url", "archive_keep", "archive_at", "archive_trash_days", "gdrive_base_url")
"""Settings that a child process is given as they are; the archive's keys are not among them."""

_FORMS = "file:///mnt/nas/film-archive, s3://bucket/prefix or gdrive://folder-id"
_DRIVE_ID = re.compile(r"[A-Za-z0-9_-]{8,120}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class ArchiveSettings(BaseSettings):
    """The archive's part of the settings.

    Attributes:
        archive_url: Where old versions go; "" for nowhere.
        archive_keep: How many of an asset's newest versions always stay.
        archive_at: Time of day at which the worker archives, "HH:MM" in the configured time zone; "" for
            never.
        archive_trash_days: How long a file that was archived stays in the trash.
        gdrive_credentials: JSON file of a service account or of an authorized user.
    """

    archive_url: str = ""
    archive_keep: int = Field(default=5, ge=1, le=10_000)
    archive_at: str = ""
    archive_trash_days: int = Field(default=14, ge=0, le=3650)
    gdrive_credentials: Path | None = None
    gdrive_base_url: str = ""

    @field_validator("archive_url")
    @classmethod
    def _check_archive_url(cls, url: str) -> str:
        if url:
            check_archive_url(url)
        return url

    @field_validator("archive_at")
    @classmethod
    def _check_archive_at(cls, clock: str) -> str:
        if clock and not _CLOCK.fullmatch(clock):
            raise ValueError("it is a time of day from 00:00 to 23:59, for example 03:30")
        return clock


def check_archive_url(url: str) -> None:
    """Refuse what is no address of an archive.

    Raises:
        ValueError: It is none, or has a password in it, which would be shown and logged.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            "an archive's address has no password and no “?”; keys are read from the worker's environment"
        )
    good = {
        "file": not parts.netloc and parts.path.startswith("/") and len(parts.path) > 1,
        "s3": bool(parts.netloc),
        "gdrive": bool(_DRIVE_ID.fullmatch(parts.netloc)) and parts.path in ("", "/"),
    }
    if not good.get(parts.scheme, False):
        raise ValueError(f"it is one of {_FORMS}")
