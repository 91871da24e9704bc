"""Having a first spec written for money from the spec page and the story page, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from director_lib.pages.spec import SpecPage
from director_lib.pages.story import StoryPage
from tests.engines.fakes.google import answers
from tests.pages.test_review_page import Browser
from tests.tasks.paid_specs import STREAM, PaidStudio, google, paid

__all__ = ["google", "paid"]


def opened(page: Any, paid: PaidStudio, monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser(page, monkeypatch)
    page.open(paid.workbench, STREAM)
    return browser


def test_the_price_is_shown_before_and_the_page_fills_by_itself_when_it_is_written(
    paid: PaidStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    page: Any = SpecPage()
    browser = opened(page, paid, monkeypatch)
    drafting = browser.last("load")["spec"]["drafting"]
    assert (drafting["usual"], drafting["offer"]["model"], drafting["job"]) == (
        "google",
        "gemini-3.8-flash",
        None,
    )
    assert drafting["offer"]["usd"] > 0
    reply = browser.send("draft", engine="google", replace=False)
    assert reply["ok"]
    job = browser.last("patch")["spec"]["drafting"]["job"]
    assert (job["id"], job["state"], job["price_usd"]) == (
        reply["task_id"],
        "queued",
        drafting["offer"]["usd"],
    )
    paid.work()
    page.look()
    told = browser.last("patch")["spec"]
    assert told["order"] == [1, 2, 3]
    assert told["drafting"]["job"] is None


def test_why_it_failed_stands_on_the_page(paid: PaidStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    paid.google.text_answer = answers.blocked("SAFETY")
    page: Any = SpecPage()
    browser = opened(page, paid, monkeypatch)
    browser.send("draft", engine="google", replace=False)
    paid.work()
    page.refresh()
    job = browser.last("patch")["spec"]["drafting"]["job"]
    assert (job["state"], job["href"]) == ("failed", f"/s/{STREAM}/spec")
    assert "refused the story" in job["error_message"]


def test_the_story_page_orders_it_too(paid: PaidStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    page: Any = StoryPage()
    browser = opened(page, paid, monkeypatch)
    story = browser.last("load")["story"]
    assert story["drafts_here"]
    assert story["drafting"]["offer"]["usd"] > 0
    assert browser.send("draft_spec")["queued"]
    assert browser.last("patch")["story"]["drafting"]["job"]["state"] == "queued"
    paid.work()
    page.look()
    assert browser.last("patch")["story"]["has_spec"]
