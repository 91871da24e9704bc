"""How long a text is, and how long reading it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003134f"
# written without blanks between words, so that its letters are counted; marks on letters are none
_LETTERS = re.compile(f"[{_UNSPACED}]")
_WORDS = re.compile(rf"[^\W_{_UNSPACED}]+(?:['’\-‐·][^\W_{_UNSPACED}]+)*")
_USUAL_WORDS_PER_MIN = 190
_WORDS_PER_MIN = {
    "ar": 138,
    "de": 179,
    "en": 228,
    "es": 218,
    "fi": 161,
    "fr": 195,
    "he": 187,
    "hu": 170,
    "it": 188,
    "nl": 202,
    "pl": 166,
    "pt": 181,
    "ru": 184,
    "sv": 199,
    "tr": 166,
}
"""How fast people read silently: a long word of one language says as much as two short ones of another."""
_LETTERS_PER_MIN = {"ja": 357}
_USUAL_LETTERS_PER_MIN = 255


@dataclass(frozen=True, slots=True)
class TextLength:
    """How long a text is.

    Attributes:
        n_words: Words; of a script without blanks between words, its letters.
        n_letters: How many of those are such letters.
        n_characters: All characters, blanks included.
        reading_s: Seconds that reading it takes, in its language.
    """

    n_words: int
    n_letters: int
    n_characters: int
    reading_s: float

    @property
    def counts_letters(self) -> bool:
        """Whether most of what was counted are letters of a script without blanks."""
        return 2 * self.n_letters > self.n_words


def measure_text(text: str, language: str = "") -> TextLength:
    """Measure a text; an empty one is 0 words long.

    Args:
        language: Two letters, for the pace of reading; "" for one of no known language.
    """
    n_letters = len(_LETTERS.findall(text))
    n_words = sum(1 for _ in _WORDS.finditer(text))
    pace = _WORDS_PER_MIN.get(language, _USUAL_WORDS_PER_MIN)
    letter_pace = _LETTERS_PER_MIN.get(language, _USUAL_LETTERS_PER_MIN)
    reading_s = 60 * (n_words / pace + n_letters / letter_pace)
    return TextLength(n_words + n_letters, n_letters, len(text), reading_s)
