"""Pictures of versions that are to be chosen from without knowing which is which."""

from __future__ import annotations

from pathlib import Path

from director_lib.errors import NotFoundError
from director_lib.media.files import VersionFiles
from director_lib.media.thumbnails import thumbnail
from director_lib.server.media import MediaHandler, plain_file
from director_lib.store.variant_sets import get_set

_WIDTH_PX = 1280


class BlindHandler(MediaHandler):
    """``/media/blind/<set>/<position>``: a still anew encoded, or a clip without what its file tells of it.

    With ``/poster`` a clip's first picture. The address names the place and nothing else.
    """

    async def get(self, set_id: str, position: str, poster: str = "", include_body: bool = True) -> None:  # type: ignore[override]
        """Send the picture or clip."""
        await self.send_file(self._find, set_id, int(position), bool(poster), include_body=include_body)

    async def head(self, set_id: str, position: str, poster: str = "") -> None:  # type: ignore[override]
        """Send the headers."""
        await self.get(set_id, position, poster, include_body=False)

    def _find(self, set_id: str, position: int, poster: bool) -> Path:
        with self.host.database.read() as connection:
            found = get_set(connection, set_id)
        made = {version.id: version for version in found.versions}
        seats = found.seats
        version = made.get(seats[position - 1].version_id or 0) if position <= len(seats) else None
        if version is None:
            raise NotFoundError("variant", f"{set_id}/{position}")
        show = _poster if poster else plain_file
        return show(self.host.files, version.sha256, version.extension)


def _poster(files: VersionFiles, sha256: str, extension: str) -> Path:
    """Return the first picture of a clip."""
    return thumbnail(files, sha256, extension, _WIDTH_PX)
