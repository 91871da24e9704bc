from __future__ import annotations

import re

from tests.docs.documents import CHECKOUT, read

KEYMAP = CHECKOUT / "director_lib" / "widgets" / "review_desk" / "keymap.mjs"


def keys_on_the_desk() -> set[str]:
    """List the keys of the desk's own help sheet."""
    lists = re.findall(r"\{ keys: \[([^\]]+)\]", KEYMAP.read_text(encoding="utf-8"))
    return {key for one in lists for key in re.findall(r'"([^"]+)"', one)}


def documented_keys() -> set[str]:
    cells = re.findall(r"^\| ([^|]+) \|", read("keys.md"), re.MULTILINE)
    return {key for cell in cells[1:] for key in re.split(r", |\+", cell.strip())}


def test_the_documented_keys_are_those_of_the_desks_help() -> None:
    assert documented_keys() == keys_on_the_desk() | {"?"}
