"""Accounts, sessions and links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from director_lib.domain.people import Actor, Role
from director_lib.errors import InputError, InvalidIdError, NotFoundError, RuleError
from director_lib.store.database import Database
from director_lib.store.events import list_events
from director_lib.store.tables import sessions
from director_lib.workbench import people as people_module
from director_lib.workbench.people import People, token_digest

PASSWORD = "correct horse battery"


class Clock:
    """An instant that moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(database: Database, clock: Clock) -> People:
    people = People(database, acting="tester", clock=clock)
    people.add("ann", Role.DIRECTOR, PASSWORD, "Ann Other")
    return people


def verbs(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(event.verb, event.actor) for event in reversed(list_events(connection))]


def test_a_session_token_stands_for_its_person(people: People) -> None:
    token = people.sign_in("ann", PASSWORD)
    assert people.find_actor(token) == Actor("ann", Role.DIRECTOR, "Ann Other")
    assert people.find_session_actor(token_digest(token)) == people.find_actor(token)
    assert people.find_actor("x" + token) is None


def test_the_database_knows_no_token_and_no_password(people: People, database: Database) -> None:
    token = people.sign_in("ann", PASSWORD)
    link = people.make_sign_in_link_token("ann")
    database.close()
    content = b"".join(path.read_bytes() for path in database.place.parent.glob("*.db*"))
    for secret in (token, link, PASSWORD):
        assert secret.encode() not in content
    assert PASSWORD not in repr(people.list())
    assert "argon2" not in repr(people.list())


def test_a_wrong_password_and_an_unknown_user_are_refused_alike(people: People) -> None:
    messages = set()
    for username, password in (("ann", "wrong password"), ("nobody", PASSWORD), ("ann", ""), ("", "")):
        with pytest.raises(RuleError) as refusal:
            people.sign_in(username, password)
        messages.add(refusal.value.user_message)
    assert len(messages) == 1


def test_an_unknown_user_costs_a_password_check_too(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    matches = People._matches

    def counting(self: People, known_hash: str, password: str) -> bool:
        checked.append(known_hash)
        return matches(self, known_hash, password)

    monkeypatch.setattr(People, "_matches", counting)
    with pytest.raises(RuleError):
        people.sign_in("nobody", PASSWORD)
    assert checked == [people_module._NOBODYS_HASH]
    assert not people._hasher.check_needs_rehash(people_module._NOBODYS_HASH)


def test_a_session_lives_thirty_days_after_its_last_use(people: People, clock: Clock) -> None:
    token = people.sign_in("ann", PASSWORD)
    for _ in range(4):
        clock.now += timedelta(days=29)
        assert people.find_actor(token) is not None
    clock.now += timedelta(days=30, seconds=1)
    assert people.find_actor(token) is None


def test_asking_for_a_page_does_not_prolong_its_session(people: People, clock: Clock) -> None:
    token = people.sign_in("ann", PASSWORD)
    clock.now += timedelta(days=29)
    assert people.find_session_actor(token_digest(token)) is not None
    clock.now += timedelta(days=2)
    assert people.find_actor(token) is None


def test_signing_out_ends_one_session(people: People) -> None:
    first, second = people.sign_in("ann", PASSWORD), people.sign_in("ann", PASSWORD)
    people.sign_out(first)
    people.sign_out("unknown")
    assert people.find_actor(first) is None
    assert people.find_actor(second) is not None


def test_a_new_password_ends_every_session_and_link(people: People) -> None:
    token, link = people.sign_in("ann", PASSWORD), people.make_sign_in_link_token("ann")
    people.set_password("ann", "another long one")
    assert people.find_actor(token) is None
    with pytest.raises(RuleError):
        people.redeem_link(link)
    with pytest.raises(RuleError):
        people.sign_in("ann", PASSWORD)
    assert people.find_actor(people.sign_in("ann", "another long one"))


def test_a_disabled_person_is_out_and_cannot_come_back(people: People) -> None:
    token, link = people.sign_in("ann", PASSWORD), people.make_sign_in_link_token("ann")
    people.disable("ann")
    people.disable("ann")
    assert people.find_actor(token) is None
    with pytest.raises(RuleError):
        people.sign_in("ann", PASSWORD)
    with pytest.raises(RuleError):
        people.redeem_link(link)
    with pytest.raises(RuleError):
        people.make_sign_in_link_token("ann")


def test_the_last_admin_cannot_be_disabled(people: People) -> None:
    people.add("root", Role.ADMIN)
    with pytest.raises(RuleError, match="last admin"):
        people.disable("root")
    people.add("second", Role.ADMIN)
    people.disable("root")
    with pytest.raises(RuleError, match="last admin"):
        people.disable("second")


def test_a_link_signs_in_once_within_a_quarter_of_an_hour(people: People, clock: Clock) -> None:
    people.add("link-only", Role.VIEWER)
    link = people.make_sign_in_link_token("link-only")
    assert people.find_actor(link) is None
    session = people.redeem_link(link)
    assert people.find_actor(session) == Actor("link-only", Role.VIEWER, "")
    with pytest.raises(RuleError):
        people.redeem_link(link)
    late = people.make_sign_in_link_token("link-only")
    clock.now += timedelta(minutes=15)
    with pytest.raises(RuleError):
        people.redeem_link(late)
    with pytest.raises(RuleError):
        people.redeem_link(session)


def test_someone_without_a_password_cannot_sign_in_by_one(people: People) -> None:
    people.add("link-only", Role.VIEWER)
    with pytest.raises(RuleError):
        people.sign_in("link-only", "")


def test_every_change_is_an_event_with_its_actor(people: People, database: Database) -> None:
    token = people.sign_in("ann", PASSWORD)
    people.sign_out(token)
    people.redeem_link(people.make_sign_in_link_token("ann"))
    people.set_password("ann", "another long one")
    people.disable("ann")
    assert verbs(database) == [
        ("added_person", "tester"),
        ("signed_in", "ann"),
        ("signed_out", "ann"),
        ("made_sign_in_link", "tester"),
        ("signed_in", "ann"),
        ("changed_password", "tester"),
        ("disabled_person", "tester"),
    ]


def test_a_refused_account_changes_nothing(people: People, database: Database) -> None:
    before = verbs(database)
    with pytest.raises(InputError, match="already"):
        people.add("ann", Role.VIEWER, PASSWORD)
    with pytest.raises(InputError, match="10 characters"):
        people.add("new", Role.VIEWER, "too short")
    with pytest.raises(InputError, match="10 characters"):
        people.set_password("ann", "x" * 9)
    with pytest.raises(InputError, match="no role"):
        people.add("new", "emperor")
    with pytest.raises(NotFoundError):
        people.set_password("nobody", PASSWORD)
    with pytest.raises(NotFoundError):
        people.disable("nobody")
    assert [person.username for person in people.list()] == ["ann"]
    assert verbs(database) == before


@pytest.mark.parametrize("username", ["", "Ann", "a b", "../x", "ann\n", "1ann", "x" * 33, "änn", "-a"])
def test_a_user_name_of_another_form_is_refused(people: People, username: str) -> None:
    with pytest.raises(InvalidIdError):
        people.add(username, Role.VIEWER)


def test_ended_tokens_do_not_pile_up(people: People, database: Database, clock: Clock) -> None:
    for _ in range(3):
        people.make_sign_in_link_token("ann")
    clock.now += timedelta(hours=1)
    people.sign_in("ann", PASSWORD)
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(sessions)) == 1
