from __future__ import annotations

from pathlib import Path

from tests.architecture.size_rules import long_functions, long_modules, vague_names
from tests.architecture.sources import CHECKOUT, lines_of, write


def test_modules_and_components_keep_their_size_budget() -> None:
    findings = long_modules(CHECKOUT)
    assert not findings, lines_of(findings)


def test_functions_keep_their_size_budget() -> None:
    findings = long_functions(CHECKOUT)
    assert not findings, lines_of(findings)


def test_no_module_has_a_name_that_says_nothing() -> None:
    findings = vague_names(CHECKOUT)
    assert not findings, lines_of(findings)


def test_a_module_of_301_lines_is_found_and_one_of_300_is_not(tmp_path: Path) -> None:
    write(tmp_path, "director_lib/long.py", "x = 1\n" * 301)
    write(tmp_path, "director_lib/just_right.py", "x = 1\n" * 300)
    write(tmp_path, "director_lib/widgets/desk/desk.vue", "<br>\n" * 301)
    assert [finding.file for finding in long_modules(tmp_path)] == [
        "director_lib/long.py",
        "director_lib/widgets/desk/desk.vue",
    ]


def test_a_function_of_51_lines_is_found_and_one_of_50_is_not(tmp_path: Path) -> None:
    write(tmp_path, "director_lib/a.py", "async def long():\n" + "    x = 1\n" * 50)
    write(tmp_path, "director_lib/b.py", "class A:\n    def fits(self):\n" + "        x = 1\n" * 49)
    assert [finding.message for finding in long_functions(tmp_path)] == ["long has 51 lines; at most 50"]


def test_schema_changes_have_no_size_budget(tmp_path: Path) -> None:
    write(tmp_path, "director_lib/store/migrations/versions/0001_first.py", "x = 1\n" * 400)
    assert long_modules(tmp_path) == []


def test_vague_names_are_found_for_modules_and_packages_but_the_widgets_base_is_allowed(
    tmp_path: Path,
) -> None:
    write(tmp_path, "director_lib/tasks/utils.py", "")
    write(tmp_path, "director_lib/common/__init__.py", "")
    write(tmp_path, "director_lib/store/base.py", "")
    write(tmp_path, "director_lib/widgets/base.py", "")
    assert [finding.file for finding in vague_names(tmp_path)] == [
        "director_lib/common/__init__.py",
        "director_lib/store/base.py",
        "director_lib/tasks/utils.py",
    ]
