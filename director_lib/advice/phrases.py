"""Finding phrases in prompts: those of a lexicon, and runs of words that come again and again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from director_lib.advice.lexicon import LEXICON, SMALL_WORDS
from director_lib.advice.words import clauses, is_spaceless, joined, words_of

LONGEST = 3
LONGEST_SPACELESS = 4
_MOST_OFTEN = 0.6
_ABSORBED = 0.9

Words = tuple[str, ...]


class PhraseBook:
    """Knows phrases and finds them in prompts; where several fit, the longest one wins.

    Otherwise "pan" would be credited with what "gentle pan" and "whip pan" do.

    Attributes:
        phrases: As they are shown; a phrase's place is its number.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = tuple(phrases)
        by_first: defaultdict[str, list[tuple[Words, int]]] = defaultdict(list)
        for number, phrase in enumerate(self.phrases):
            words = tuple(words_of(phrase))
            if words:
                by_first[words[0]].append((words, number))
        for known in by_first.values():
            known.sort(key=lambda one: -len(one[0]))
        self._by_first = dict(by_first)

    def find(self, text: str) -> list[int]:
        """Return the numbers of the phrases that a prompt has, sorted, each once; [] for ""."""
        return sorted({number for clause in clauses(text) for number in self._in_clause(clause)})

    def _in_clause(self, clause: Sequence[str]) -> Iterator[int]:
        place = 0
        while place < len(clause):
            length, number = self._longest_at(clause, place)
            if number >= 0:
                yield number
            place += max(1, length)

    def _longest_at(self, clause: Sequence[str], place: int) -> tuple[int, int]:
        for words, number in self._by_first.get(clause[place], ()):
            if tuple(clause[place : place + len(words)]) == words:
                return len(words), number
        return 0, -1


def known_phrases(presets: Iterable[str] = ()) -> list[str]:
    """Return the lexicon's phrases and the clauses of the studio's presets, each once.

    Args:
        presets: Their texts; a preset of several clauses gives several phrases.
    """
    texts = [phrase for group in LEXICON.values() for phrase in group]
    texts += [joined(clause) for text in presets for clause in clauses(text)]
    return list({tuple(words_of(text)): joined(words_of(text)) for text in texts if words_of(text)}.values())


def mine_phrases(
    prompts: Sequence[str], *, known: Collection[str] = (), fewest: int = 5, most: int = 300
) -> list[str]:
    """Find the runs of one to three words (four characters) that many prompts have.

    A run begins and ends with no small word ("of", "und", "egy"), is in at most 60 % of the prompts, and
    contains no known phrase. A run that hardly ever comes without a longer one is left out for it.

    Args:
        prompts: Each counts once, however often it has a phrase.
        known: Phrases that are looked for anyway.
        fewest: Prompts that have to have it.
        most: How many to return, the most frequent ones.

    Returns:
        Phrases, the most frequent first; [] without prompts.
    """
    own = {tuple(words_of(phrase)) for phrase in known}
    counts: Counter[Words] = Counter()
    for prompt in prompts:
        counts.update({run for clause in clauses(prompt) for run in _runs(clause)})
    often = {run: n for run, n in counts.items() if fewest <= n <= max(fewest, _MOST_OFTEN * len(prompts))}
    longer: Counter[Words] = Counter()
    for run, n in often.items():
        for part in _parts(run):
            longer[part] = max(longer[part], n)
    found = [
        (run, n)
        for run, n in often.items()
        if longer[run] < _ABSORBED * n and run not in own and not any(part in own for part in _parts(run))
    ]
    found.sort(key=lambda one: (-one[1], -len(one[0]), one[0]))
    return [joined(run) for run, _ in found[:most]]


def _runs(clause: Sequence[str]) -> Iterator[Words]:
    for first, word in enumerate(clause):
        spaceless = is_spaceless(word[0])
        if word in SMALL_WORDS:
            continue
        for length in range(2 if spaceless else 1, (LONGEST_SPACELESS if spaceless else LONGEST) + 1):
            run = tuple(clause[first : first + length])
            if len(run) < length:
                break
            if run[-1] not in SMALL_WORDS and not run[-1].isdecimal():
                yield run


def _parts(run: Words) -> Iterator[Words]:
    for length in range(1, len(run)):
        for first in range(len(run) - length + 1):
            yield run[first : first + length]
