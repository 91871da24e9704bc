from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.edge_rules import scattered_errors, swallowed_errors
from tests.architecture.sources import CHECKOUT, lines_of, write


def test_every_error_is_caught_at_the_outer_edges_only() -> None:
    findings = swallowed_errors(CHECKOUT)
    assert not findings, lines_of(findings)


@pytest.mark.parametrize("kinds", [" Exception", " BaseException as error", " (ValueError, Exception)", ""])
def test_catching_everything_is_found_away_from_the_outer_edges(tmp_path: Path, kinds: str) -> None:
    handler = f"try:\n    x = 1\nexcept{kinds}:\n    x = 2\n"
    write(tmp_path, "director_lib/workbench/reviews.py", handler)
    write(tmp_path, "director_lib/tasks/worker.py", handler)
    assert [finding.file for finding in swallowed_errors(tmp_path)] == ["director_lib/workbench/reviews.py"]


@pytest.mark.parametrize(
    "kinds_and_body", ["ValueError:\n    x = 2\n", "BaseException:\n    x = 2\n    raise\n"]
)
def test_catching_one_kind_or_raising_again_is_accepted(tmp_path: Path, kinds_and_body: str) -> None:
    write(tmp_path, "director_lib/store/a.py", f"try:\n    x = 1\nexcept {kinds_and_body}")
    assert swallowed_errors(tmp_path) == []


def test_every_kind_of_error_is_declared_in_the_tree() -> None:
    findings = scattered_errors(CHECKOUT)
    assert not findings, lines_of(findings)


def test_an_error_that_is_declared_elsewhere_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        "director_lib/errors.py",
        "class DirectorError(Exception): ...\nclass InputError(DirectorError): ...",
    )
    write(
        tmp_path,
        "director_lib/cli/streams.py",
        "class BrokenError(InputError): ...\nclass Other(ValueError): ...",
    )
    assert [finding.file for finding in scattered_errors(tmp_path)] == ["director_lib/cli/streams.py"]
