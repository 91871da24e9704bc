from __future__ import annotations

import re

from tests.docs.documents import CHECKOUT, read

FILE = "test_failures_of_the_old_tool.py"


def named_in_the_document() -> dict[str, list[str]]:
    """Map each folder that the document names to the tests listed under it."""
    parts = re.split(r"^## .*\(`tests/(\w+)`\)$", read("old-failures.md"), flags=re.MULTILINE)
    return {
        folder: re.findall(r"`(test_\w+)` \|$", text, re.MULTILINE)
        for folder, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_every_failure_of_the_old_tool_names_its_test_and_every_such_test_is_named() -> None:
    found = {
        path.parent.name: re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in (CHECKOUT / "tests").glob(f"*/{FILE}")
    }
    named = named_in_the_document()
    assert {folder: sorted(tests) for folder, tests in named.items()} == {
        folder: sorted(tests) for folder, tests in found.items()
    }
