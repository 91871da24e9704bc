"""The keys of the review desk, and what a person may choose in their place."""

from __future__ import annotations

from collections.abc import Mapping

from director_lib.errors import InputError

DEFAULT_KEYS: Mapping[str, str] = {
    "approve": "Space",
    "approveWithNotes": "A",
    "askChanges": "Q",
    "regenerate": "R",
    "undo": "Z",
    "redo": "Shift+Z",
    "next": "N",
    "previous": "P",
    "select": "X",
    "selectRange": "Shift+X",
    "selectAll": "Ctrl+A",
    "versions": "V",
    "fullScreen": "F",
    "help": "?",
    "approveSelected": "Shift+A",
    "regenerateSelected": "Shift+R",
    "commentSelected": "Shift+C",
    "presetSelected": "Shift+P",
    "editPrompt": "E",
    "promptHistory": "H",
    "comment": "C",
    "savePrompt": "Ctrl+S",
    "compare": "D",
    "sideBySide": "S",
    "wipe": "W",
    "flip": "`",
    "difference": "Shift+D",
    "offsetBack": "<",
    "offsetOn": ">",
    "similar": "G",
    "variants": "B",
    "pick1": "1",
    "pick2": "2",
    "pick3": "3",
    "pick4": "4",
    "neighbours": "T",
    "cut": "U",
    "film": "M",
    "contactSheet": "Y",
    "play": "L",
    "pause": "K",
    "playBack": "J",
    "slower": "[",
    "faster": "]",
    "loop": "O",
    "sound": "I",
}
"""Each action's key unless a person chose another; the names are those of ``key_actions.mjs``."""

_NEEDED = frozenset({"Esc", "Enter", "Tab", "Left", "Right", "Up", "Down"})
_FREE_WITH_CTRL = frozenset({"Ctrl+A", "Ctrl+S", "Ctrl+B", "Ctrl+M"})
_LONGEST_NAME = 20


def check_keys(chosen: object) -> dict[str, str]:
    """Return a person's choice of keys without what is the default anyway.

    Args:
        chosen: Keys by action, such as ``{"approve": "Y"}``; actions that are not named keep their key.

    Raises:
        InputError: It is no such choice, an action is unknown, a key cannot be chosen, or two actions would
            have the same key.
    """
    if not isinstance(chosen, dict) or not all(isinstance(key, str) for key in chosen.values()):
        raise InputError("A choice of keys is an object of actions and keys. Your keys are as they were.")
    unknown = sorted(str(name)[:40] for name in chosen.keys() - DEFAULT_KEYS.keys())
    if unknown:
        raise InputError(f"There is no action “{unknown[0]}” to give a key to. Your keys are as they were.")
    for key in chosen.values():
        _check_key(key)
    holders: dict[str, str] = {}
    for action, key in {**DEFAULT_KEYS, **chosen}.items():
        other = holders.setdefault(key, action)
        if other != action:
            raise InputError(
                f"The key “{key}” cannot be for both “{other}” and “{action}”. Your keys are as they were."
            )
    return {action: key for action, key in chosen.items() if key != DEFAULT_KEYS[action]}


def usable_keys(kept: object) -> dict[str, str]:
    """Return the kept choice of keys; none when a newer or older release could not work with it."""
    try:
        return check_keys(kept)
    except InputError:
        return {}


def _check_key(key: str) -> None:
    letter = key.split("+")[-1] or "+"
    known = key == "Space" or (len(letter) == 1 and letter.upper() in (letter, "SS"))
    reserved = letter in _NEEDED or (key.startswith("Ctrl+") and key not in _FREE_WITH_CTRL)
    modified = key.removeprefix("Ctrl+").removeprefix("Shift+") == letter
    if reserved or not known or not modified or not letter.isprintable() or len(key) > _LONGEST_NAME:
        raise InputError(
            f"The key “{key[:_LONGEST_NAME]}” cannot be chosen; the browser or the desk needs it. "
            "Your keys are as they were."
        )
