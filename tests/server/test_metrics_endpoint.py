"""What a monitoring system may read, and who else may not."""

from __future__ import annotations

import math
from collections.abc import Mapping

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from director_lib import __version__
from director_lib.server.operations import is_token
from director_lib.workbench import Workbench
from tests.server.kernel_wire import open_page
from tests.server.live_server import METRICS_TOKEN, LiveServer

ADDRESS = "/api/metrics"


def ask(server: LiveServer, authorization: str | None = None, username: str | None = None) -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    with server.browser(username) as client:
        return client.get(ADDRESS, headers=headers)


def read(answer: httpx.Response) -> Mapping[tuple[str, frozenset[tuple[str, str]]], float]:
    """Map names with labels to values, as a scraper reads them."""
    assert answer.status_code == 200, answer.text
    found = text_string_to_metric_families(answer.text)
    return {
        (one.name, frozenset(one.labels.items())): one.value for family in found for one in family.samples
    }


def plain(name: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset()


@pytest.mark.parametrize("person", ["ann", "bob"])
def test_a_director_and_a_viewer_are_refused(server: LiveServer, person: str) -> None:
    answer = ask(server, username=person)
    assert answer.status_code == 403
    assert "director_" not in answer.text
    server.wait_for_log("refused metrics", f"user {person}")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer wrong",
        f"Bearer {METRICS_TOKEN}x",
        f"Bearer {METRICS_TOKEN[:-1]}",
        "Bearer",
        f"Basic {METRICS_TOKEN}",
        METRICS_TOKEN,
        f"token {METRICS_TOKEN}",
    ],
)
def test_a_wrong_token_is_refused(server: LiveServer, header: str) -> None:
    answer = ask(server, header)
    assert (answer.status_code, "director_tasks" in answer.text) == (403, False)
    server.wait_for_log("refused metrics", "a wrong token", "user nobody")


def test_a_wrong_token_is_refused_to_an_admin_too(server: LiveServer) -> None:
    assert ask(server, "Bearer wrong", username="cleo").status_code == 403


def test_who_does_not_say_who_they_are_is_told_how(server: LiveServer) -> None:
    answer = ask(server)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_token_in_the_address_is_no_way_in(server: LiveServer) -> None:
    with server.browser() as client:
        assert client.get(ADDRESS, params={"token": METRICS_TOKEN}).status_code == 401


def test_nothing_can_be_written_there(server: LiveServer) -> None:
    with server.browser() as client:
        answer = client.post(ADDRESS, headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert answer.status_code in {403, 405}


def test_an_admin_and_the_token_read_the_same_families(server: LiveServer) -> None:
    by_token, by_admin = ask(server, f"Bearer {METRICS_TOKEN}"), ask(server, username="cleo")
    assert by_token.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert by_token.headers["Cache-Control"] == "no-store"
    assert read(by_token).keys() == read(by_admin).keys()


def test_a_studio_at_rest_is_described(server: LiveServer) -> None:
    found = read(ask(server, f"Bearer {METRICS_TOKEN}"))
    assert found[plain("director_queue_depth")] == 0
    assert found[plain("director_oldest_waiting_seconds")] == 0
    assert found[plain("director_running_tasks")] == 0
    assert found[plain("director_worker_up")] == 0
    assert found[plain("director_spend_today_usd")] == 0
    assert found[plain("director_budget_day_usd")] == server.settings.budget_day_usd
    assert found[plain("director_database_size_bytes")] > 0
    assert found["director_disk_free_bytes", frozenset({("folder", "data")})] > 0
    (about,) = (dict(labels) for name, labels in found if name == "director_build_info")
    assert (about["version"], about["database"]) == (__version__, "sqlite")


def test_no_limit_is_a_budget_without_end(server: LiveServer) -> None:
    with Workbench.open(server.settings) as workbench:
        workbench.tasks.set_budget("day", None)
        try:
            assert read(ask(server, f"Bearer {METRICS_TOKEN}"))[plain("director_budget_day_usd")] == math.inf
        finally:
            workbench.tasks.reset_budget("day")


def test_open_pages_are_counted(server: LiveServer, ann: httpx.Client) -> None:
    open_page(ann)
    found = read(ask(server, f"Bearer {METRICS_TOKEN}"))
    assert found[plain("director_open_pages")] >= 1
    assert found[plain("director_kernels")] >= found[plain("director_open_pages")]


def test_the_token_is_in_no_log(server: LiveServer) -> None:
    ask(server, f"Bearer {METRICS_TOKEN}x")
    assert METRICS_TOKEN not in server.text()


def test_without_a_configured_token_none_is_right() -> None:
    assert not is_token("Bearer ", None)
    assert not is_token("Bearer None", None)
    assert is_token("bearer  a-token ", SecretStr("a-token"))
    assert not is_token("Bearer tökén", SecretStr("a-token"))
