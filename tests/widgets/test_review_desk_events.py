from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.errors import InputError
from director_lib.widgets.frame import frame_components
from director_lib.widgets.payload import TEXT_LIMIT, is_digests, is_numbers, read_payload
from director_lib.widgets.review_desk import ReviewDesk
from director_lib.widgets.sources import component_source, components_in
from tests.widgets.conftest import SentMessages
from tests.widgets.drawer_events import DRAWER_EVENTS
from tests.widgets.fake_desk import FakeDeskPage
from tests.widgets.making_events import BAD_MAKING, MAKING_EVENTS

REQUEST = {"request_id": "r1"}
SEGMENT = REQUEST | {"segment_id": 1}
GOOD: dict[str, dict[str, Any]] = {
    "ready": {},
    "open_segment": SEGMENT,
    "decide": REQUEST
    | {"segment_ids": [1], "decision": "approved", "note": "", "sha256s": {"1": "ab"}, "seen_seq": 0},
    **MAKING_EVENTS,
    "save_prompt": SEGMENT | {"field": "image_prompt", "text": "a", "base_text": "b"},
    "prompt_history": SEGMENT,
    "bring_back_prompt": SEGMENT
    | {"change_seq": 4, "side": "before", "field": "image_prompt", "base_text": "a"},
    "resolve_conflict": SEGMENT | {"key": "prompt"},
    **DRAWER_EVENTS,
    "undo": REQUEST,
    "redo": REQUEST,
    "restore": REQUEST | {"version_id": 101},
    "bring_back": REQUEST | {"version_id": 101},
    "compare_versions": REQUEST | {"version_id": 101, "other_id": None},
    "repair_plan": REQUEST,
    "apply_repair": REQUEST | {"plan_sha256": "ab", "replace_approved": False, "with_clips": True},
    "clip_timing": REQUEST | {"version_id": 101},
    "film": REQUEST,
    "save_draft": {"segment_id": 1, "field": "image_prompt", "text": "a", "base_text": "b"},
    "discard_draft": {"segment_id": 1, "field": "image_prompt"},
    "add_comment": SEGMENT | {"version_id": None, "text": "hm", "frame": None, "region": None},
    "reply_comment": REQUEST | {"comment_id": 4, "text": "indeed"},
    "apply_preset": REQUEST | {"preset_id": 3, "segment_ids": [1, 2]},
    "count_presets": REQUEST | {"preset_ids": [3]},
    "resolve_comment": REQUEST | {"comment_id": 4, "resolved": True},
}
BAD = [
    *BAD_MAKING,
    ("decide", {"segment_ids": []}),
    ("decide", {"segment_ids": ["1"]}),
    ("decide", {"segment_ids": [True]}),
    ("decide", {"decision": "revision_needed"}),
    ("decide", {"decision": None}),
    ("decide", {"sha256s": {"1; drop": "ab"}}),
    ("decide", {"seen_seq": None}),
    ("decide", {"note": "n" * (TEXT_LIMIT + 1)}),
    ("open_segment", {"segment_id": "1"}),
    ("open_segment", {"segment_id": 1.0}),
    ("save_prompt", {"field": "title"}),
    ("save_prompt", {"text": None}),
    ("bring_back_prompt", {"side": "sideways"}),
    ("bring_back_prompt", {"change_seq": "4"}),
    ("resolve_comment", {"resolved": 1}),
    ("add_comment", {"frame": 1.5}),
    ("add_comment", {"region": "a box"}),
    ("add_comment", {"region": []}),
    ("reply_comment", {"comment_id": "4"}),
    ("apply_preset", {"segment_ids": []}),
    ("apply_preset", {"preset_id": None}),
    ("count_presets", {"preset_ids": "all"}),
    ("apply_repair", {"replace_approved": "yes"}),
    ("apply_repair", {"plan_sha256": ""}),
    ("compare_versions", {"other_id": "102"}),
    ("cancel_task", {"task_id": ""}),
    ("undo", {"request_id": None}),
    ("redo", {"request_id": None}),
]


def collecting() -> tuple[ReviewDesk, list[tuple[str, Any]]]:
    taken: list[tuple[str, Any]] = []

    def taker(name: str) -> Any:
        return lambda data: taken.append((name, data))

    return ReviewDesk(**{f"on_{name}": taker(name) for name in ReviewDesk.event_names()}), taken


def test_the_contract_names_every_event_of_the_desk() -> None:
    assert sorted(GOOD) == ReviewDesk.event_names()


@pytest.mark.parametrize("event", sorted(GOOD))
def test_a_complete_payload_reaches_the_page_unchanged(event: str) -> None:
    desk, taken = collecting()
    desk._handle_event(desk, {"event": event, "data": GOOD[event]}, [])
    assert taken == [(event, GOOD[event])]


@pytest.mark.parametrize(("event", "change"), BAD)
def test_a_payload_with_a_wrong_field_is_refused(event: str, change: dict[str, Any]) -> None:
    desk, taken = collecting()
    desk._handle_event(desk, {"event": event, "data": GOOD[event] | change}, [])
    assert taken == []


@pytest.mark.parametrize("event", sorted(set(GOOD) - {"ready"}))
def test_a_payload_without_one_of_its_fields_is_refused(event: str) -> None:
    desk, taken = collecting()
    for name in GOOD[event]:
        rest = {key: value for key, value in GOOD[event].items() if key != name}
        desk._handle_event(desk, {"event": event, "data": rest}, [])
    assert taken == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_sent_as_a_decision_is_complete_or_refused(data: Any) -> None:
    form = {"segment_ids": is_numbers, "sha256s": is_digests}
    complete = isinstance(data, dict) and {*data} == {*form} and all(form[name](data[name]) for name in form)
    if complete:
        assert read_payload("decide", data, form) == data
    else:
        with pytest.raises(InputError):
            read_payload("decide", data, form)


def test_a_stale_approval_is_refused_with_the_pages_own_words(
    page_double: FakeDeskPage, sent: SentMessages
) -> None:
    data = GOOD["decide"] | {"sha256s": {"1": "of another file"}}
    page_double.desk._handle_event(page_double.desk, {"event": "decide", "data": data}, [])
    (answer,) = sent.of("reply")
    assert (answer["ok"], answer["code"]) == (False, "stale_write")
    assert page_double.cards[1]["decision"] == "undecided"


def test_the_static_table_has_a_row_for_every_segment(page_double: FakeDeskPage, sent: SentMessages) -> None:
    page_double.cards[2]["version"] = None
    page_double.load()
    headings, rows = page_double.desk.static_table()
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(headings)}
    assert rows[1][2] == "missing"


def test_no_component_of_the_desk_names_another_that_does_not_exist() -> None:
    parts = frame_components() | components_in(ReviewDesk.folder, but=ReviewDesk.main)
    texts = [component_source(ReviewDesk.folder / ReviewDesk.main), *parts.values()]
    used = {tag for text in texts for tag in re.findall(r"<(dl-[\w-]+)", text)}
    assert used <= {*parts}


def test_where_the_database_is_stays_with_those_who_run_it(
    page_double: FakeDeskPage, sent: SentMessages
) -> None:
    where = "postgresql://director@/var/run/review"
    why = 'connection failed: connection to server on socket "/var/run" failed: FATAL:  it shuts down'
    for push in (page_double.desk.notice, page_double.desk.reply):
        push({"message": f"The review database {where} cannot be reached: {why}. What was saved is safe."})
    page_double.desk.fail(f"The review database {where} refused: no room.")
    said = [message["args"][0]["message"] for message in sent]
    assert said == [
        *["The review database cannot be reached: it shuts down. What was saved is safe."] * 2,
        "The review database refused: no room.",
    ]
