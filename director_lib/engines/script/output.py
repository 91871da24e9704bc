"""Reading what a generator program prints: how far it is, and which job it began at a provider."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?%")
_COUNT = re.compile(r"\b(\d{1,6})\s?/\s?(\d{1,6})\b")
_STATUS = re.compile(r"^\s*status\s*:\s*([a-z_ ]+)", re.IGNORECASE)
_JOB = re.compile(r"^\s*prediction id\s*:\s*(\S+)", re.IGNORECASE)
_MOST_LINES = 200
_LONGEST_LINE = 500
_LAST_WORDS = 3


@dataclass
class ProgramOutput:
    """The lines of a program and what they say.

    Attributes:
        percent: Highest percentage seen, from 0 to 100.
        phase: The status it named last, "working" before any.
        remote_id: The provider's job that it named, or None.
        lines: The last lines, oldest first, each cut at 500 characters.
        secrets: Texts that are shown as "***" should the program print them.
    """

    percent: float = 0.0
    phase: str = "working"
    remote_id: str | None = None
    lines: list[str] = field(default_factory=list)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def take(self, line: str) -> str:
        """Learn from one more line; an empty one says nothing.

        Returns:
            The line as it may be shown, without secrets; empty when there is nothing to show.
        """
        text = line.strip()
        for secret in self.secrets:
            text = text.replace(secret, "***")
        text = text[:_LONGEST_LINE]
        if not text:
            return ""
        self.lines.append(text)
        del self.lines[:-_MOST_LINES]
        if (job := _JOB.search(text)) is not None:
            self.remote_id = job[1]
        if (status := _STATUS.search(text)) is not None:
            self.phase = status[1].strip().lower()
        percent = _percent(text)
        if percent is not None:
            self.percent = max(self.percent, percent)
        return text

    def last_words(self) -> str:
        """Return the last lines as one text, for telling why it failed."""
        return " / ".join(self.lines[-_LAST_WORDS:])


def _percent(text: str) -> float | None:
    """Read "NN%" or "N/M", the last in the line; None when there is neither or it is more than the whole."""
    found = [float(value) for value in _PERCENT.findall(text)]
    found += [100.0 * int(done) / int(whole) for done, whole in _COUNT.findall(text) if int(whole) > 0]
    sound = [value for value in found if value <= 100.0]
    return sound[-1] if sound else None
