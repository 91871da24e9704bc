"""The settings page without a browser: what it shows to whom, and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.pages.review import ReviewPage
from director_lib.pages.settings import SettingsPage
from tests.pages.test_review_page import Browser
from tests.workbench.conftest import OpenAs, open_as, stream_folder

__all__ = ["open_as", "stream_folder"]

PASSWORD = "a long password"
FOG = {"name": "Fog", "category": "Lighting", "text": "soft fog", "is_shared": True}
OpenSettings = Callable[[str, Role], Browser]


@pytest.fixture
def open_settings(open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> OpenSettings:
    def open_one(username: str, role: Role) -> Browser:
        workbench = open_as(username, role)
        if username not in {person.username for person in workbench.people.list()}:
            workbench.people.add(username, role, PASSWORD)
        page: Any = SettingsPage()
        browser = Browser(page, monkeypatch)
        page.start(workbench)
        return browser

    return open_one


def test_a_director_sees_everything_but_people(open_settings: OpenSettings) -> None:
    load = open_settings("dora", Role.DIRECTOR).last("load")
    settings = load["settings"]
    assert settings["people"] is None
    assert load["frame"]["page"] == "settings"
    assert [one["name"] for one in settings["engines"]["keyframe"]][0] == "local"
    assert load["streams"] == [{"id": "film", "title": "The film"}]
    assert settings["spenders"] == []


def test_keys_are_kept_and_come_back_with_the_frame(open_settings: OpenSettings, open_as: OpenAs) -> None:
    page = open_settings("dora", Role.DIRECTOR)
    assert page.send("set_keys", keys={"approve": "É"})["keys"] == {"approve": "É"}
    assert page.last("patch")["frame"]["person"]["keys"] == {"approve": "É"}
    assert open_as("dora", Role.DIRECTOR).preferences.keys() == {"approve": "É"}
    assert page.send("set_keys", keys={"approve": "N"})["ok"] is False
    assert page.send("set_keys", keys="all")["ok"] is False


def test_a_preset_is_added_changed_and_deleted(open_settings: OpenSettings, open_as: OpenAs) -> None:
    page = open_settings("dora", Role.DIRECTOR)
    preset_id = page.send("add_preset", **FOG)["preset_id"]
    [shown] = page.last("patch")["settings"]["presets"]
    assert (shown["category"], shown["may_change"], shown["is_shared"]) == ("lighting", True, True)
    page.send("edit_preset", preset_id=preset_id, **{**FOG, "text": "thick fog", "is_shared": False})
    assert open_as("dora", Role.DIRECTOR).presets.list()[0].text == "thick fog"
    assert open_as("dan", Role.DIRECTOR).presets.list() == []
    page.send("delete_preset", preset_id=preset_id)
    assert page.last("patch")["settings"]["presets"] == []


def test_somebody_else_s_shared_preset_is_shown_and_not_changed(
    open_settings: OpenSettings, open_as: OpenAs
) -> None:
    fog = open_as("dan", Role.DIRECTOR).presets.add("Fog", "lighting", "soft fog")
    page = open_settings("dora", Role.DIRECTOR)
    assert page.last("load")["settings"]["presets"][0]["may_change"] is False
    assert page.send("delete_preset", preset_id=fog.id)["code"] == "permission_denied"
    assert page.send("edit_preset", preset_id=fog.id, **FOG)["code"] == "permission_denied"


def test_an_engine_is_chosen_for_a_stream_and_the_choice_taken_back(
    open_settings: OpenSettings, open_as: OpenAs
) -> None:
    page = open_settings("dora", Role.DIRECTOR)
    nothing = {"choice": None, "n_segments": 0}
    assert page.send("stream_engines", stream_id="film")["chosen"] == {"keyframe": nothing, "video": nothing}
    chosen = page.send("choose_engine", stream_id="film", kind="video", engine="local", model="")["chosen"]
    assert chosen["video"]["choice"]["engine"] == "local"
    [choice] = open_as("dora", Role.DIRECTOR).engines.choices("film")
    assert (choice.kind, choice.engine, choice.chosen_by) == (Kind.VIDEO, "local", "dora")
    back = page.send("choose_engine", stream_id="film", kind="video", engine="", model="")["chosen"]
    assert back["video"]["choice"] is None
    assert page.send("choose_engine", stream_id="film", kind="video", engine="magic", model="")["ok"] is False


def test_an_admin_sets_a_budget_and_every_page_shows_it(
    open_settings: OpenSettings, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_settings("root", Role.ADMIN)
    assert page.last("load")["settings"]["budgets"]["day"] == {
        "amount_usd": 20.0,
        "default_usd": 20.0,
        "changed_by": None,
        "changed_at": None,
    }
    desk = ReviewPage(Kind.KEYFRAME)
    shown = Browser(desk, monkeypatch)
    desk.start(open_as("dora", Role.DIRECTOR), "film")
    assert page.send("set_budget", scope="day", amount_usd=7.5)["ok"] is True
    patch = page.last("patch")
    assert (patch["frame"]["spend"]["budget_day_usd"], patch["settings"].keys()) == (7.5, {"budgets"})
    assert patch["settings"]["budgets"]["day"]["changed_by"] == "root"
    assert page.send("lift_budget", scope="stream")["ok"] is True
    desk.refresh()
    spend = shown.last("patch")["frame"]["spend"]
    assert (spend["budget_day_usd"], spend["budget_stream_usd"]) == (7.5, None)
    page.send("reset_budget", scope="day")
    desk.refresh()
    assert shown.last("patch")["frame"]["spend"]["budget_day_usd"] == 20.0
    assert page.last("patch")["settings"]["budgets"]["day"]["changed_by"] is None


@pytest.mark.parametrize("amount", [-1, 1e308, 10**400, True, "5", None])
def test_an_amount_that_is_no_budget_is_refused_in_words(open_settings: OpenSettings, amount: object) -> None:
    page = open_settings("root", Role.ADMIN)
    refused = page.send("set_budget", scope="day", amount_usd=amount)
    assert (refused["ok"], refused["code"]) == (False, "input")
    assert page.send("set_budget", scope="week", amount_usd=5)["ok"] is False


def test_an_admin_manages_people(open_settings: OpenSettings) -> None:
    page = open_settings("root", Role.ADMIN)
    page.send("add_person", username="dan", role="director", password=PASSWORD, display_name="Dan")
    page.send("set_role", username="dan", role="viewer")
    page.send("set_password", username="dan", password="another password")
    page.send("disable_person", username="dan")
    people = {one["username"]: one for one in page.last("patch")["settings"]["people"]}
    assert (people["dan"]["role"], people["dan"]["is_disabled"], people["dan"]["name"]) == (
        "viewer",
        True,
        "Dan",
    )
    page.send("enable_person", username="dan")
    people = {one["username"]: one for one in page.last("patch")["settings"]["people"]}
    assert people["dan"]["is_disabled"] is False
    assert "password" not in str(page.received).replace("has_password", "").replace("set_password", "")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PRODUCER, Role.DIRECTOR])
def test_what_only_an_admin_may_is_refused_to_everybody_else(open_settings: OpenSettings, role: Role) -> None:
    page = open_settings("eve", role)
    person = {"username": "eve"}
    for event, data in (
        ("add_person", {"username": "mal", "role": "admin", "password": PASSWORD, "display_name": ""}),
        ("set_role", {**person, "role": "admin"}),
        ("set_password", {**person, "password": PASSWORD}),
        ("disable_person", person),
        ("enable_person", person),
        ("set_budget", {"scope": "day", "amount_usd": 1000}),
        ("lift_budget", {"scope": "day"}),
        ("reset_budget", {"scope": "day"}),
    ):
        assert page.send(event, **data)["code"] == "permission_denied"


def test_a_viewer_changes_nothing_but_their_keys(open_settings: OpenSettings) -> None:
    page = open_settings("vic", Role.VIEWER)
    assert page.send("add_preset", **FOG)["code"] == "permission_denied"
    refused = page.send("choose_engine", stream_id="film", kind="video", engine="local", model="")
    assert refused["code"] == "permission_denied"
    assert page.send("set_keys", keys={"help": "É"})["ok"] is True
