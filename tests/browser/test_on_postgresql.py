"""The same studio on PostgreSQL: two tabs, a decision, and a database server that crashes in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from director_lib.config import load_settings
from director_lib.domain.version import Kind
from tests.browser.conftest import LiveStudio, start_studio, write_stream
from tests.browser.test_main_job import approved
from tests.postgres import Cluster, running_cluster
from tests.watching import card, eventually


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server that these tests may crash."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def live(server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStudio]:
    """A running studio whose database is on PostgreSQL."""
    home = tmp_path_factory.mktemp("studio")
    with server.fresh() as url:
        settings = load_settings(home=home, database_url=url, local_pace_s=1.5, _env_file=None)
        for stream_id in ("film", "made"):
            write_stream(settings.streams_root, stream_id)
        studio = start_studio(settings, home / "up.log")
        yield studio
        studio.stop()


def test_what_one_tab_decides_the_other_shows(
    open_page: Callable[[str, str], Page], live: LiveStudio
) -> None:
    mine, theirs = (open_page("/s/film/keyframes", "keyframes") for _ in range(2))
    mine.keyboard.press("Space")
    for page in (mine, theirs):
        expect(card(page, 1)).to_have_attribute("data-decision", "approved")
    assert eventually(lambda: approved(live, "film") == {1})


def test_pages_and_worker_go_on_after_the_server_crashed(
    open_page: Callable[[str, str], Page], live: LiveStudio, server: Cluster
) -> None:
    page = open_page("/s/made/keyframes?segment=3", "keyframes")
    page.wait_for_load_state("networkidle")  # a picture that is asked for meanwhile is answered with an error
    server.crash()
    server.start()
    page.keyboard.press("Space")
    expect(card(page, 3)).to_have_attribute("data-decision", "approved")
    assert eventually(lambda: approved(live, "made") == {3})
    other = open_page("/s/made/keyframes?segment=5", "keyframes")
    other.keyboard.press("r")
    other.locator("[data-testid=image-prompt]").last.wait_for()
    other.keyboard.press("Enter")
    for each in (other, page):
        expect(card(each, 5)).to_have_attribute("data-version", "2")
    with live.workbench() as workbench:
        assert [version.number for version in workbench.reviews.versions("made", 5, Kind.KEYFRAME)] == [1, 2]
    assert "director@" not in page.content()
