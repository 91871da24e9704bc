"""People as an admin manages them, and what each person chooses for themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from director_lib.domain.people import Role
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs

PASSWORD = "a long password"


@pytest.fixture
def admin(open_as: OpenAs) -> Workbench:
    workbench = open_as("root", Role.ADMIN)
    workbench.accounts.add("root", Role.ADMIN, PASSWORD)
    workbench.accounts.add("dora", "director", PASSWORD, "Dora Lindqvist")
    return workbench


def roles(admin: Workbench) -> dict[str, tuple[str, bool]]:
    return {one.username: (one.role.value, one.is_disabled) for one in admin.accounts.list()}


def test_an_admin_adds_somebody_who_can_sign_in_then(admin: Workbench) -> None:
    admin.accounts.add("pal", "producer", PASSWORD, "Pál")
    assert roles(admin) == {
        "dora": ("director", False),
        "pal": ("producer", False),
        "root": ("admin", False),
    }
    assert admin.people.find_actor(admin.people.sign_in("pal", PASSWORD)) is not None


def test_another_role_holds_at_once_because_sessions_end(admin: Workbench) -> None:
    session = admin.people.sign_in("dora", PASSWORD)
    admin.accounts.set_role("dora", "director")
    assert admin.people.find_actor(session) is not None
    admin.accounts.set_role("dora", "viewer")
    assert roles(admin)["dora"] == ("viewer", False)
    assert admin.people.find_actor(session) is None


def test_a_closed_account_is_opened_again_with_its_password(admin: Workbench) -> None:
    session = admin.people.sign_in("dora", PASSWORD)
    admin.accounts.disable("dora")
    assert admin.people.find_actor(session) is None
    with pytest.raises(RuleError):
        admin.people.sign_in("dora", PASSWORD)
    admin.accounts.enable("dora")
    assert admin.people.sign_in("dora", PASSWORD)


def test_a_new_password_replaces_the_old_one(admin: Workbench) -> None:
    admin.accounts.set_password("dora", "another password")
    with pytest.raises(RuleError):
        admin.people.sign_in("dora", PASSWORD)
    assert admin.people.sign_in("dora", "another password")


def test_the_last_admin_stays(admin: Workbench) -> None:
    for refused in (
        lambda: admin.accounts.set_role("root", "viewer"),
        lambda: admin.accounts.disable("root"),
    ):
        with pytest.raises(RuleError, match="last admin"):
            refused()
    admin.accounts.set_role("dora", "admin")
    admin.accounts.set_role("root", "viewer")
    assert roles(admin)["root"] == ("viewer", False)


def test_what_makes_no_sense_is_refused(admin: Workbench) -> None:
    with pytest.raises(InputError, match="no role"):
        admin.accounts.set_role("dora", "emperor")
    with pytest.raises(NotFoundError):
        admin.accounts.set_role("nobody", "viewer")
    with pytest.raises(NotFoundError):
        admin.accounts.enable("nobody")
    with pytest.raises(InputError, match="already"):
        admin.accounts.add("dora", "viewer", PASSWORD)


def test_the_timeline_says_which_admin_changed_whom(admin: Workbench) -> None:
    admin.accounts.set_role("dora", "producer")
    admin.accounts.disable("dora")
    admin.accounts.enable("dora")
    with admin.studio.database.read() as connection:
        told = [(one.verb, one.actor, one.details["person"]) for one in list_events(connection, limit=3)]
    assert told == [
        ("enabled_person", "root", "dora"),
        ("disabled_person", "root", "dora"),
        ("changed_role", "root", "dora"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_admin_touches_accounts(admin: Workbench, open_as: OpenAs, role: Role) -> None:
    accounts = open_as("somebody", role).accounts
    attempts: list[Callable[[], object]] = [
        accounts.list,
        lambda: accounts.add("eve", "admin", PASSWORD),
        lambda: accounts.set_role("dora", "admin"),
        lambda: accounts.set_password("root", PASSWORD),
        lambda: accounts.disable("root"),
        lambda: accounts.enable("dora"),
    ]
    before = roles(admin)
    for attempt in attempts:
        with pytest.raises(PermissionDeniedError):
            attempt()
    assert roles(admin) == before


def test_who_may_comment_learns_names_and_nothing_else(admin: Workbench, open_as: OpenAs) -> None:
    admin.accounts.add("pal", "producer", PASSWORD)
    assert open_as("dora", Role.DIRECTOR).accounts.mentionable() == [
        ("dora", "Dora Lindqvist"),
        ("pal", "pal"),
        ("root", "root"),
    ]
    with pytest.raises(PermissionDeniedError):
        open_as("vic", Role.VIEWER).accounts.mentionable()


def test_each_person_has_keys_of_their_own(admin: Workbench, open_as: OpenAs) -> None:
    dora = open_as("dora", Role.DIRECTOR)
    assert dora.preferences.keys() == {}
    assert dora.preferences.set_keys({"approve": "É", "undo": "Z"}) == {"approve": "É"}
    assert open_as("dora", Role.DIRECTOR).preferences.keys() == {"approve": "É"}
    assert admin.preferences.keys() == {}
    dora.preferences.set_keys({})
    assert dora.preferences.keys() == {}


def test_refused_keys_leave_the_ones_that_were_there(admin: Workbench, open_as: OpenAs) -> None:
    dora = open_as("dora", Role.DIRECTOR)
    dora.preferences.set_keys({"approve": "É"})
    with pytest.raises(InputError, match="as they were"):
        dora.preferences.set_keys({"approve": "N"})
    assert dora.preferences.keys() == {"approve": "É"}


def test_somebody_without_an_account_is_told_why_nothing_is_kept(director: Workbench) -> None:
    assert director.preferences.keys() == {}
    with pytest.raises(InputError, match="no account"):
        director.preferences.set_keys({"approve": "É"})
