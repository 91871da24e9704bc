"""Which language a text is probably in: by its script, else by the small words that every text has."""

from __future__ import annotations

import re

_LOOKED_AT = 20_000
_LEAST_SHARE = 0.04
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ar": re.compile("[\u0620-\u064a]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u03b1-\u03c9]"),
    "uk": re.compile("[іїєґ]"),
    "ru": re.compile("[а-я]"),
}
"""In the order in which they are looked for: Japanese is written with Chinese letters, too."""
_SMALL_WORDS = {
    "en": "the and of to a in was it that he she his her is with for had as they",
    "hu": "a az és hogy nem is egy volt de ez meg azt ha már csak mint mert ami aki",
    "de": "der die das und ist nicht ein eine zu mit den von sie er es sich auf war dem",
    "fr": "le la les et de des un une est que qui dans il elle pas pour sur au ce était",
    "es": "el la los las y de que en un una no se por con su para era como lo más",
    "it": "il la le e di che un una non per con si era in del della come più gli",
    "pl": "i w nie na się że z do to jak był po co ale jest jego przez tylko",
    "nl": "de het een en van dat niet in is op te hij ze met voor zijn was er maar",
    "pt": "o a os e de que não um uma em se com por para era da do como mais",
    "sv": "och att det som en på är för inte den med var han hon av till ett",
}
_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str:
    """Return two letters, or "" when it cannot be told.

    Args:
        text: Its beginning decides.
    """
    beginning = text[:_LOOKED_AT].lower()
    for language, letters in _SCRIPTS.items():
        if 5 * len(letters.findall(beginning)) > len(_letters(beginning)) * (1 if language in "ja uk" else 2):
            return language
    words = _WORD.findall(beginning)
    shares = {language: _share(words, small) for language, small in _SMALL_WORDS.items()}
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= _LEAST_SHARE else ""


def _letters(text: str) -> list[str]:
    return [letter for letter in text if letter.isalpha()]


def _share(words: list[str], small: str) -> float:
    known = frozenset(small.split())
    return sum(word in known for word in words) / max(1, len(words))
