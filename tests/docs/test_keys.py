from __future__ import annotations

import json
import re
from pathlib import Path

from director_lib.domain.keymap import DEFAULT_KEYS
from tests.docs.documents import read

_FIXED = {"←", "→", "↑", "↓", "Enter", "Shift+Enter", "Esc"}


_TASK_LIST = "# Keys of the task list"
_TASK_KEYS = Path(__file__).parents[2] / "director_lib" / "widgets" / "frame" / "task_keys.mjs"


def documented_keys(text: str) -> set[str]:
    cells = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return {key.strip("`") or "`" for cell in cells if cell != "key" for key in cell.split(", ")}


def test_every_key_of_the_desk_is_documented_and_no_other() -> None:
    desk, _, _ = read("keys.md").partition(_TASK_LIST)
    assert documented_keys(desk) == set(DEFAULT_KEYS.values()) | _FIXED


def test_every_key_of_the_task_list_is_documented_and_no_other() -> None:
    told = re.findall(r"\{ keys: (\[.*?\]), does", _TASK_KEYS.read_text(encoding="utf-8"))
    keys = [json.loads(line) for line in told]
    shown = {"+".join(line) if line[0] == "Alt" else key for line in keys for key in line}
    _, _, tasks = read("keys.md").partition(_TASK_LIST)
    assert documented_keys(tasks) == shown
