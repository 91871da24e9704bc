from __future__ import annotations

import pytest

from director_lib.domain.version import Kind
from director_lib.store.versions import clear_pending, get_asset_id, set_current, set_pending
from director_lib.workbench import Workbench
from tests.pages.test_review_page import Browser, director, open_as, shown, stream_folder
from tests.workbench.conftest import write_still

__all__ = ["director", "open_as", "shown", "stream_folder"]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_a_version_that_is_put_in_place_after_its_event_reaches_the_card(
    director: Workbench, shown: Browser
) -> None:
    write_still(director.studio.root.path("film") / "keyframes" / "segment_1_keyframe.png", "olive")
    director.streams.scan("film")
    first, second = director.reviews.versions("film", 1, Kind.KEYFRAME)
    database = director.studio.database
    with database.write() as connection:
        asset_id = get_asset_id(connection, first.id)
        set_pending(connection, asset_id, first.id)
    shown.page.refresh()
    assert shown.cards()[1]["version"]["sha256"] == second.sha256
    with database.write() as connection:
        set_current(connection, asset_id, first.id)
        clear_pending(connection, asset_id)
    shown.page.refresh()
    assert shown.cards()[1]["version"]["sha256"] == first.sha256
