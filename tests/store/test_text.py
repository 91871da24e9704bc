"""Texts that one of the databases could not hold are refused on both, before anything is saved."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from director_lib.errors import InputError
from director_lib.store.assets import ensure_stream
from director_lib.store.database import Database
from director_lib.store.events import list_events, record_event, verify_log
from director_lib.store.people import find_person
from director_lib.store.presets import add_preset, list_presets
from director_lib.store.tables import streams
from director_lib.store.text import check_text, dump_json, is_storable, storable

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
UNSTORABLE = ["a\x00b", "\x00", "half \ud83d", "\udc00"]
STORABLE = ["", "plain", "Szép ☂", "\U0001f3ac", "\x01\x7f\n", "\\u0000", "\\", "\ufffd\uffff"]
TEXTS = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\\u0"), max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def add_to_a_stream(database: Database, text: str) -> None:
    with database.write() as connection:
        ensure_stream(connection, "film", now=NOW)
        add_preset(connection, "dusk", "light", text, author="dora", created_at=NOW)


@pytest.mark.parametrize("text", UNSTORABLE)
def test_a_text_that_cannot_be_stored_is_refused_and_nothing_is_saved(database: Database, text: str) -> None:
    with pytest.raises(InputError, match=r"U\+"):
        add_to_a_stream(database, text)
    with database.read() as connection:
        assert list_presets(connection) == []
        assert connection.execute(sa.select(streams)).all() == []


@pytest.mark.parametrize("details", [{"note": text} for text in UNSTORABLE] + [{"a": [{"b\x00": 1}]}])
def test_the_same_is_refused_inside_json(database: Database, details: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"U\+"), database.write() as connection:
        record_event(connection, "tested", "dora", NOW, details=details)
    with database.read() as connection:
        assert list_events(connection) == []


@pytest.mark.parametrize("text", STORABLE)
def test_every_other_text_comes_back_as_it_was(database: Database, text: str) -> None:
    with database.write() as connection:
        add_preset(connection, "dusk", "light", text, author="dora", created_at=NOW)
        record_event(connection, "tested", text, NOW, details={text: [text]})
    with database.read() as connection:
        assert [preset.text for preset in list_presets(connection)] == [text]
        [event] = list_events(connection)
        assert (event.actor, event.details) == (text, {text: [text]})
        assert verify_log(connection) == []


@pytest.mark.parametrize("name", UNSTORABLE)
def test_nobody_has_a_name_that_cannot_be_stored(database: Database, name: str) -> None:
    with database.read() as connection:
        assert find_person(connection, name) is None


@given(text=TEXTS)
def test_what_a_program_says_is_never_refused(text: str) -> None:
    assert check_text(storable(text)) == storable(text)
    assert (storable(text) == text) is is_storable(text)


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.items() for part in item for text in texts_in(part)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


@given(value=JSON)
def test_json_is_refused_exactly_when_a_text_in_it_is(value: Any) -> None:
    if all(map(is_storable, texts_in(value))):
        assert json.loads(dump_json(value)) == value
    else:
        with pytest.raises(InputError):
            dump_json(value)
