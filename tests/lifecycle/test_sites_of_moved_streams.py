"""A site goes where its stream goes: nobody is served another stream's builds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from director_lib.delivery.deployment import find_shown_build
from director_lib.delivery.site_builds import build_path, builds_folder
from director_lib.domain.people import Role
from director_lib.errors import StorageError
from director_lib.workbench.lifecycle import Lifecycle
from director_lib.workbench.new_streams import NewStream
from tests.lifecycle.house import House
from tests.lifecycle.test_crashes import MOST_STEPS, PowerCut, power

__all__ = ["power"]
BUILD, EARLIER = "0123456789abcdef", "fedcba9876543210"


def publish(house: House, stream_id: str, text: str) -> None:
    """Show a build at a stream's address, with an earlier one beside it."""
    target = house.settings.sites_dir / stream_id
    for build_id, words in ((BUILD, text), (EARLIER, "earlier")):
        folder = build_path(target, build_id)
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(words)
    target.symlink_to(build_path(target, BUILD).relative_to(target.parent), target_is_directory=True)


def served(house: House, stream_id: str) -> str | None:
    """What readers get at an address."""
    target = house.settings.sites_dir / stream_id
    shown = find_shown_build(target)
    page = None if shown is None else build_path(target, shown) / "index.html"
    return page.read_text() if page is not None and page.is_file() else None


def all_served(house: House) -> dict[str, str | None]:
    """What readers get at every address that a stream can have."""
    names = ("film", "feature", "sequel")
    return {name: found for name in names if (found := served(house, name)) is not None}


@pytest.fixture
def shown(house: House) -> House:
    """A house whose film has readers."""
    publish(house, "film", "mine")
    return house


def test_a_renamed_streams_readers_find_it_at_its_new_address_alone(shown: House) -> None:
    shown.lifecycle().rename("film", "feature")
    assert all_served(shown) == {"feature": "mine"}
    sites = shown.settings.sites_dir
    assert (build_path(sites / "feature", EARLIER) / "index.html").is_file()
    assert not builds_folder(sites / "film").exists()
    assert not (sites / "film").is_symlink()


def test_a_new_stream_of_the_old_id_shows_nothing_of_the_earlier_one(shown: House) -> None:
    shown.lifecycle().rename("film", "feature")
    bench = shown.open_as(Role.DIRECTOR)
    bench.new_streams.create(NewStream("Film", "Another story.", "film"))
    assert bench.deliveries.shown_build("film") is None
    assert bench.deliveries.builds("film") == []
    publish(shown, "film", "new")
    assert all_served(shown) == {"feature": "mine", "film": "new"}


@pytest.mark.parametrize("stow", [Lifecycle.trash, Lifecycle.archive])
def test_what_is_put_away_is_not_public_until_it_is_brought_back(
    shown: House, stow: Callable[[Lifecycle, str], object]
) -> None:
    lifecycle = shown.lifecycle()
    stow(lifecycle, "film")
    assert all_served(shown) == {}
    [entry] = [*lifecycle.list_trash(), *lifecycle.list_archive()]
    shown.make("film", "teal")
    publish(shown, "film", "new")
    lifecycle.restore(entry.id, new_id="sequel")
    assert all_served(shown) == {"film": "new", "sequel": "mine"}


def test_removing_a_stream_for_good_removes_its_builds(shown: House) -> None:
    lifecycle = shown.lifecycle()
    lifecycle.purge(lifecycle.trash("film").id)
    assert list(shown.settings.sites_dir.iterdir()) == []


def test_builds_that_a_stream_without_a_folder_left_are_kept_apart(house: House) -> None:
    publish(house, "feature", "of a folder that somebody removed")
    house.lifecycle().rename("film", "feature")
    assert all_served(house) == {}
    publish(house, "sequel", "of a folder that somebody removed")
    house.open_as(Role.DIRECTOR).new_streams.create(NewStream("Sequel", "A story.", "sequel"))
    assert all_served(house) == {}
    assert len(list(house.settings.sites_dir.glob(".*.builds"))) == 2


def test_a_deployment_on_this_server_is_told_where_the_stream_is_now(shown: House) -> None:
    file = shown.root / "film" / "deployment.json"
    file.write_text(
        '{"url": "/site/film/", "deployed_at": "2026-11-20T09:00:00Z", "platform": "folder",'
        ' "history": [{"url": "https://films.example/film", "platform": "command"}]}'
    )
    before = file.read_bytes()
    shown.lifecycle().rename("film", "feature")
    found = shown.open_as(Role.VIEWER).deliveries.deployments("feature")
    assert [one.url for one in found] == ["/site/feature/", "https://films.example/film"]
    assert (shown.root / "feature" / "deployment.json").read_bytes() == before


ACTIONS: dict[str, Callable[[Lifecycle, str], object]] = {
    "rename": lambda lifecycle, _: lifecycle.rename("film", "feature"),
    "trash": lambda lifecycle, _: lifecycle.trash("film"),
    "restore": lambda lifecycle, entry_id: lifecycle.restore(entry_id),
}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_move_cut_off_at_any_step_leaves_the_site_with_its_stream(
    shown: House, power: PowerCut, action: str
) -> None:
    lifecycle = shown.lifecycle()
    entry_id = lifecycle.trash("film").id if action == "restore" else ""
    for n_steps in range(MOST_STEPS):
        was_cut = power.cut(partial(ACTIONS[action], lifecycle, entry_id), n_steps)
        assert lifecycle.repair() == []
        streams = shown.open_as(Role.VIEWER).streams.list_ids()
        assert all_served(shown) == dict.fromkeys(streams, "mine")
        assert len(list(shown.settings.sites_dir.iterdir())) == 2
        if not was_cut:
            break
        if streams == ["feature"]:
            lifecycle.rename("feature", "film")
        for entry in lifecycle.list_trash():
            lifecycle.restore(entry.id)
        entry_id = lifecycle.trash("film").id if action == "restore" else ""
    assert not was_cut


def test_a_move_that_the_disk_refuses_leaves_the_site_where_it_was(
    shown: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self == shown.root / "film":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(StorageError, match="Nothing was moved"):
        shown.lifecycle().rename("film", "feature")
    assert all_served(shown) == {"film": "mine"}
    assert len(list(shown.settings.sites_dir.iterdir())) == 2


def test_a_move_that_gives_way_to_another_folder_leaves_both_their_sites(
    shown: House, power: PowerCut
) -> None:
    lifecycle = shown.lifecycle()
    n_steps = 0
    while shown.decisions("film"):
        assert power.cut(lambda: lifecycle.rename("film", "feature"), n_steps)
        n_steps += 1
    shown.make("feature", "teal")
    publish(shown, "feature", "new")
    assert lifecycle.repair() != []
    assert all_served(shown) == {"film": "mine", "feature": "new"}
