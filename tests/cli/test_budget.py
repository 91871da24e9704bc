"""`director budget`, as processes."""

from __future__ import annotations

import getpass
import json

import pytest

from tests.cli.test_commands import Run, run, stream_folder

__all__ = ["run", "stream_folder"]


def test_a_budget_is_shown_set_and_left_to_the_settings_again(run: Run) -> None:
    assert run("budget", "show").stdout.splitlines() == [
        "budget  amount  set by",
        "day     $20.00  the settings",
        "stream  $50.00  the settings",
    ]
    told = run("budget", "set", "day", "1234.5").stdout.splitlines()[1]
    assert told.startswith(f"day     $1,234.50  {getpass.getuser()} ")
    assert told.endswith("UTC; the settings say $20.00")
    assert "stream  no limit" in run("budget", "set", "stream", "--unlimited").stdout
    shown = json.loads(run("budget", "show", "--json").stdout)
    assert (shown["day"]["amount_usd"], shown["stream"]["amount_usd"]) == (1234.5, None)
    assert shown["day"]["changed_by"] == getpass.getuser()
    assert "budget of a day: $1,234.50; of a stream: no limit" in run("tasks", "spend").stdout
    assert json.loads(run("tasks", "spend", "--json").stdout)["budget_stream_usd"] is None
    assert json.loads(run("budget", "reset", "day", "--json").stdout)["day"] == {
        "amount_usd": 20.0,
        "default_usd": 20.0,
        "changed_by": None,
        "changed_at": None,
    }


@pytest.mark.parametrize(
    "arguments", [("day",), ("day", "5", "--unlimited"), ("week", "5"), ("day", "much"), ("day", "-5")]
)
def test_a_budget_needs_what_it_is_for_and_one_amount(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("budget", "set", *arguments).returncode == 2


def test_an_amount_that_makes_no_sense_is_refused_in_one_line(run: Run) -> None:
    result = run("budget", "set", "day", "nan")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "director: A budget is a number of dollars. Nothing was changed.\n"
