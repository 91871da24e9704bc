"""Addresses of version files and thumbnails on the server."""

from __future__ import annotations

from director_lib.domain.version import Version

THUMBNAIL_PX = 320
POSTER_PX = 1280


def file_url(version: Version) -> str:
    """Return the address of a version's own bytes."""
    return f"/media/file/{version.sha256}{version.extension}"


def thumbnail_url(version: Version, width_px: int = THUMBNAIL_PX) -> str:
    """Return the address of a small picture of a version, 320, 640 or 1280 pixels wide."""
    return f"/media/thumb/{width_px}/{version.sha256}{version.extension}"
