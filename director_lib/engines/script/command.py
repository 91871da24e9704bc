"""Command templates: how a program of the studio's own is called, without a shell in between.

A template is split into words as a shell would, once. ``{prompt}`` and the other names are then put in, each
staying inside its word, so that a prompt is never read as a command. Words in ``[...]`` are left out when a
name in them has nothing to say. With ``=`` a prompt that begins with a dash is not read as an option either::

    python generate_frame.py --prompt={prompt} --output={output} [--negative={negative}]
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from itertools import takewhile

from director_lib.errors import ConfigError

_NAME = re.compile(r"\{([a-z_]+)\}")
_PART = re.compile(r"\[([^\[\]]*)\]|([^\[\]]+)")


class CommandTemplate:
    """A command with names to fill in.

    Args:
        text: The template.
        known: Names that may be used.

    Attributes:
        used: Names that it uses.

    Raises:
        ConfigError: It is empty, unbalanced, uses an unknown name, or does not name ``{output}``.
    """

    def __init__(self, text: str, known: frozenset[str]) -> None:
        self.text = text
        self._parts = [(words, optional) for words, optional in _parts(text) if words]
        self.used = {name for words, _ in self._parts for word in words for name in _NAME.findall(word)}
        if strange := sorted(self.used - known):
            raise ConfigError(
                f"The command “{text}” uses {{{strange[0]}}}, which is nothing known. "
                f"Use {', '.join(f'{{{name}}}' for name in sorted(known))}."
            )
        if "output" not in self.used:
            raise ConfigError(
                f"The command “{text}” does not say where the file is to be written. Add {{output}}, for "
                "example: python generate_frame.py --prompt={prompt} --output={output}"
            )

    @property
    def first_words(self) -> list[str]:
        """The words that come before anything that is filled in or left out: the program, at least."""
        words, optional = self._parts[0]
        return [] if optional else list(takewhile(lambda word: "{" not in word, words))

    def fill(self, values: Mapping[str, str]) -> list[str]:
        """Return the program and its arguments.

        Args:
            values: A text for each known name; an optional part with an empty one is left out.
        """
        arguments: list[str] = []
        for words, optional in self._parts:
            names = [name for word in words for name in _NAME.findall(word)]
            if optional and not all(values[name] for name in names):
                continue
            arguments += [_NAME.sub(lambda match: values[match[1]], word) for word in words]
        return arguments


def _parts(text: str) -> list[tuple[list[str], bool]]:
    if _PART.sub("", text):
        raise ConfigError(f"The command “{text}” has a [ or ] without its partner. Correct it.")
    try:
        found = [(shlex.split(match[1] or match[2]), match[1] is not None) for match in _PART.finditer(text)]
    except ValueError as error:
        raise ConfigError(f"The command “{text}” cannot be read ({error}). Check its quotes.") from error
    if not any(words for words, _ in found):
        raise ConfigError(
            "The command is empty. Give one like: python make.py --prompt={prompt} --output={output}"
        )
    return found
