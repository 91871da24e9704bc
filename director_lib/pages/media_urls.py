"""Addresses of version files and thumbnails on the server."""

from __future__ import annotations

from urllib.parse import quote

from director_lib.domain.version import Version, download_name

THUMBNAIL_PX = 320
POSTER_PX = 1280


def file_url(version: Version) -> str:
    """Return the address of a version's own bytes."""
    return f"/media/file/{version.sha256}{version.extension}"


def thumbnail_url(version: Version, width_px: int = THUMBNAIL_PX) -> str:
    """Return the address of a small picture of a version, 320, 640 or 1280 pixels wide."""
    return f"/media/thumb/{width_px}/{version.sha256}{version.extension}"


def download_url(version: Version) -> str:
    """Return the address that saves a version's file under a clear name."""
    return f"{file_url(version)}?download={quote(download_name(version), safe='')}"
