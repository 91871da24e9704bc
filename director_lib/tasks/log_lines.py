"""The lines that an engine's program leaves in its folder, passed on while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

LOG = "log.txt"
_BOOKMARK = "log.told"
_LONGEST_LINE = 2000
_MOST_BYTES_AT_ONCE = 1 << 16


class LogLines:
    """Follows ``log.txt`` of a folder; tells each line once, also when another worker goes on with it."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._path = folder / LOG
        self._tell = tell
        self._bookmark = folder / _BOOKMARK
        self._read_bytes = self._find_bookmark()
        self._begun = b""

    def pass_on(self) -> None:
        """Tell the lines that were completed since the last time."""
        while more := self._read():
            *lines, self._begun = (self._begun + more).split(b"\n")
            for line in lines:
                self._say(line)
            self._remember()

    def pass_on_rest(self) -> None:
        """Tell what is left, with a last line that nobody ended."""
        self.pass_on()
        if self._begun:
            self._say(self._begun)
            self._begun = b""
            self._remember()

    def _read(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                file.seek(self._read_bytes)
                more = file.read(_MOST_BYTES_AT_ONCE)
        except FileNotFoundError:
            return b""
        self._read_bytes += len(more)
        return more

    def _remember(self) -> None:
        self._bookmark.write_text(str(self._read_bytes - len(self._begun)))

    def _find_bookmark(self) -> int:
        try:
            return int(self._bookmark.read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _say(self, line: bytes) -> None:
        text = line.decode(errors="replace").strip()
        if text:
            self._tell(text[:_LONGEST_LINE])
