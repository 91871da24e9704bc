"""First specs whose paid call nobody knows the end of: listed, looked into, settled, by page and command."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from director_lib.cli import app
from director_lib.domain.people import Actor, Role
from director_lib.domain.stream_task import StreamTask
from director_lib.errors import DirectorError, InputError, PermissionDeniedError, RuleError
from director_lib.pages.job_rows import read_job_rows
from director_lib.pages.tasks import TasksPage
from director_lib.store.events import list_events
from director_lib.store.job_receipts import begin_receipt
from director_lib.store.stream_board import count_jobs
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser
from tests.tasks.paid_specs import STREAM, PaidStudio, google, paid

__all__ = ["google", "paid"]


@pytest.fixture
def lost(paid: PaidStudio) -> StreamTask:
    """A task whose call was begun, and never told its end."""
    task = paid.order()
    with paid.workbench.studio.database.write() as connection:
        begin_receipt(connection, task.id, paid.workbench.studio.clock())
    paid.work()
    assert paid.receipt(task).state == "unknown"
    return task


def n_broken(paid: PaidStudio) -> int:
    with paid.workbench.studio.database.read() as connection:
        return count_jobs(connection).broken


def row_of(paid: PaidStudio, task: StreamTask) -> dict[str, Any]:
    with paid.workbench.studio.database.read() as connection:
        return read_job_rows(paid.workbench, connection, 9)[task.id]


def test_it_is_listed_with_what_can_be_done(paid: PaidStudio, lost: StreamTask) -> None:
    [outcome] = paid.workbench.stream_tasks.unknown(STREAM)
    assert (outcome.task.id, outcome.provider) == (lost.id, "google")
    assert outcome.price_usd == paid.receipt(lost).estimated_usd
    assert f"for a call at {outcome.tried_at:%Y-%m-%d %H:%M:%S} UTC" in outcome.advice
    assert paid.workbench.stream_tasks.unknown("nowhere") == []


def test_made_is_spent_and_not_made_is_not(paid: PaidStudio, lost: StreamTask) -> None:
    jobs = paid.workbench.stream_tasks
    with pytest.raises(InputError):
        jobs.settle(lost.id, False, billed_usd=1.0)
    assert jobs.settle(lost.id, True, "seen in the account", billed_usd=0.02).id == lost.id
    assert (paid.receipt(lost).state, paid.receipt(lost).billed_usd) == ("settled_paid", 0.02)
    spend = paid.workbench.tasks.spend(STREAM)
    assert (spend.total.billed_usd, spend.total.unknown_usd) == (0.02, 0.0)
    assert jobs.unknown() == []
    with pytest.raises(RuleError, match="no outcome to settle"):
        jobs.settle(lost.id, False)
    with paid.workbench.studio.database.read() as connection:
        newest = list_events(connection, stream_id=STREAM, limit=1)[0]
    assert (newest.verb, newest.actor, newest.details["note"]) == ("settled", "dora", "seen in the account")


def test_without_a_price_the_estimate_is_spent_and_nothing_for_what_was_not_made(
    paid: PaidStudio, lost: StreamTask
) -> None:
    paid.workbench.stream_tasks.settle(lost.id, False)
    assert (paid.receipt(lost).state, paid.receipt(lost).billed_usd) == ("settled_unpaid", 0.0)
    assert paid.workbench.tasks.spend(STREAM).total.total_usd == 0.0


def test_it_needs_somebody_until_it_is_settled_whatever_was_made_since(
    paid: PaidStudio, lost: StreamTask
) -> None:
    paid.workbench.stream_tasks.retry(lost.id)
    paid.work()
    assert n_broken(paid) == 1
    assert "google account" in row_of(paid, lost)["advice"]
    paid.workbench.stream_tasks.settle(lost.id, True)
    assert n_broken(paid) == 0
    assert row_of(paid, lost)["is_settled"]


def test_the_tasks_page_settles_it(
    paid: PaidStudio, lost: StreamTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page: Any = TasksPage()
    browser = Browser(page, monkeypatch)
    page.start(paid.workbench)
    assert browser.send("settle_task", task_id=lost.id, was_made=False, note="")["ok"]
    assert paid.receipt(lost).state == "settled_unpaid"


def test_the_command_line_lists_and_settles_it(
    paid: PaidStudio, lost: StreamTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in paid.settings.environment().items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    [told] = json.loads(run(app, ["tasks", "unknown", "--json"]).stdout)
    assert (told["task"]["id"], told["provider"]) == (lost.id, "google")
    settled = run(app, ["tasks", "settle", lost.id, "--made", "--usd", "0.03"])
    assert "fresh spec  settled: made" in settled.stdout
    assert paid.receipt(lost).billed_usd == 0.03


def test_who_may_not_spend_may_not_settle(paid: PaidStudio, lost: StreamTask) -> None:
    viewer = Actor("vera", Role.VIEWER)
    with Workbench.open(paid.settings, viewer) as opened, pytest.raises(PermissionDeniedError):
        opened.stream_tasks.settle(lost.id, True)
    with pytest.raises(DirectorError):
        paid.workbench.stream_tasks.settle("nothing", True)
