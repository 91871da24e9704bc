"""What is approved is said in one place: nobody else reads it off a decision's name."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.sources import find_files, relative

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "director_lib/domain/review.py",  # the rule
    "director_lib/domain/gate_rules.py",  # words for one person's decision
    "director_lib/metrics/effective.py",  # the rule for whole columns, tested against it
}
ONE_VOTE = {"APPROVALS", "is_approval"}


def names_used(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    imported = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return imported | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def test_only_the_rule_looks_at_single_approvals() -> None:
    users = {
        relative(path, ROOT)
        for path in find_files(ROOT, "*.py", "director_lib")
        if names_used(path.read_text(encoding="utf-8")) & ONE_VOTE
    }
    assert users <= ALLOWED, f"ask Verdict.is_approved instead: {sorted(users - ALLOWED)}"


def test_the_check_sees_an_import_and_an_attribute() -> None:
    assert names_used("from director_lib.domain.review import APPROVALS") & ONE_VOTE
    assert names_used("import review\nreview.is_approval(x)") & ONE_VOTE
    assert not names_used("verdict.is_approved") & ONE_VOTE
