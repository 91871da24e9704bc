from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.sources import CHECKOUT, lines_of, write
from tests.architecture.text_rules import (
    foreign_addresses,
    own_patience,
    unfinished_marks,
    untested_tests,
)


def test_nothing_shipped_names_a_content_delivery_network() -> None:
    findings = foreign_addresses(CHECKOUT)
    assert not findings, lines_of(findings)


def test_nothing_shipped_is_marked_unfinished() -> None:
    findings = unfinished_marks(CHECKOUT)
    assert not findings, lines_of(findings)


def test_no_test_is_left_out() -> None:
    findings = untested_tests(CHECKOUT)
    assert not findings, lines_of(findings)


def test_no_test_changes_how_long_the_others_wait() -> None:
    findings = own_patience(CHECKOUT)
    assert not findings, lines_of(findings)


def test_a_change_of_how_long_all_wait_is_found(tmp_path: Path) -> None:
    line = "expect." + "set_options(timeout=5_000)"
    write(tmp_path, "tests/conftest.py", line)
    write(tmp_path, "tests/browser/test_a.py", line)
    assert [finding.file for finding in own_patience(tmp_path)] == ["tests/browser/test_a.py"]


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.example.net/x.js",
        "http://unpkg.com/vue",
        "https://cdn.jsdelivr.net/npm/a",
        "https://fonts.googleapis.com/css?family=Inter",
        "https://ajax.googleapis.com/ajax/libs/jquery",
        "https://esm.sh/lit",
    ],
)
def test_an_address_of_a_content_delivery_network_is_found(tmp_path: Path, address: str) -> None:
    write(tmp_path, "director_lib/widgets/desk/desk.vue", f"<template>\n<script src='{address}'></script>")
    assert [finding.line for finding in foreign_addresses(tmp_path)] == [2]


@pytest.mark.parametrize(
    "address", ["https://api.replicate.com/v1", "https://generativelanguage.googleapis.com"]
)
def test_the_address_of_an_engine_is_no_content_delivery_network(tmp_path: Path, address: str) -> None:
    write(tmp_path, "director_lib/engines/far.py", f"URL = '{address}'")
    assert foreign_addresses(tmp_path) == []


@pytest.mark.parametrize("mark", ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Error"])
def test_a_mark_of_unfinished_work_is_found(tmp_path: Path, mark: str) -> None:
    write(tmp_path, "director_lib/a.py", f"x = 1  # {mark}: later")
    write(tmp_path, "notebooks/a.ipynb", f'{{"source": "{mark}"}}')
    assert [finding.file for finding in unfinished_marks(tmp_path)] == [
        "director_lib/a.py",
        "notebooks/a.ipynb",
    ]


@pytest.mark.parametrize("mark", ["pytest.sk" + "ip()", "@pytest.mark.xf" + "ail", "assert Tr" + "ue"])
def test_a_test_that_is_left_out_is_found(tmp_path: Path, mark: str) -> None:
    write(tmp_path, "tests/test_a.py", mark)
    assert len(untested_tests(tmp_path)) == 1
