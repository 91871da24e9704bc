"""Words of a prompt, in any script.

Blanks separate words where a script has them. Where it has none (Chinese, Japanese, Thai, …) each character
is a word, and phrases are runs of characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_END = "\n"
_JOINED = frozenset("'’ʼ＇\u200c\u200d\ufe0f\u00ad")
_HYPHENS = frozenset("-\u2010\u2011_")
_WHOLE = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3134F))
"""Scripts without blanks and without signs that combine."""
_COMBINING = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""Scripts without blanks whose signs combine with the letter before."""
_FIRST_SPACELESS = "\u0e00"


class _Signs(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = found = _replacement(sign, code)
        return found


def clauses(text: str) -> list[list[str]]:
    """Split a prompt into clauses of words; no phrase goes across a comma or a full stop.

    Words are compatibility-composed (NFKC) and case-folded, accents stay: "café" is not "cafe".

    Args:
        text: Any text; "" gives no clause.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
    return [words for part in plain.split(_END) if (words := part.split())]


def words_of(text: str) -> list[str]:
    """Return all words of a prompt in their order; [] for ""."""
    return [word for clause in clauses(text) for word in clause]


def joined(words: Sequence[str]) -> str:
    """Write words as a phrase, with blanks where their script has them."""
    text = ""
    for word in words:
        gap = "" if not text or (is_spaceless(text[-1]) and is_spaceless(word[0])) else " "
        text += gap + word
    return text


def is_spaceless(sign: str) -> bool:
    """Tell whether a character belongs to a script that has no blanks between words."""
    return sign >= _FIRST_SPACELESS and (_within(ord(sign), _WHOLE) or _within(ord(sign), _COMBINING))


def _replacement(sign: str, code: int) -> str:
    if sign in _JOINED:
        return ""
    if sign in _HYPHENS:
        return " "
    if _within(code, _WHOLE):
        return f" {sign} "
    category = unicodedata.category(sign)
    if _within(code, _COMBINING) and category[0] == "L":
        return f" {sign}"
    if category[0] in "LNM":
        return sign
    return _END if category[0] == "P" or sign in "\n\r|" else " "


def _within(code: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


_SIGNS = _Signs()
