from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
import traitlets

from director_lib.errors import StorageError
from director_lib.widgets.base import Screen
from director_lib.widgets.payload import is_id, is_number
from tests.widgets.conftest import SentMessages
from tests.widgets.fake_desk import FakeDeskPage


def from_browser(screen: Screen, content: object) -> None:
    screen._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def write_trait(screen: Screen, **state: object) -> None:
    screen._handle_msg(
        {"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []}
    )


class Bell(Screen):
    folder = Path(__file__).parent / "bell"
    main = "bell.vue"
    volume = traitlets.Int(3).tag(sync=True, client=True)
    owner = traitlets.Unicode("dora").tag(sync=True)

    def vue_ring(self, data: object) -> None:
        self.handle("ring", data, {"request_id": is_id, "times": is_number})


@pytest.fixture
def bell_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bell.vue").write_text("<template><p>bell</p></template>", encoding="utf-8")
    monkeypatch.setattr(Bell, "folder", tmp_path)


@pytest.fixture
def rung(bell_folder: None) -> list[Any]:
    return []


@pytest.fixture
def bell(rung: list[Any], monkeypatch: pytest.MonkeyPatch) -> Bell:
    return Bell(on_ring=rung.append)


def test_a_declared_event_reaches_its_callback(bell: Bell, rung: list[Any]) -> None:
    from_browser(bell, {"event": "ring", "data": {"request_id": "r1", "times": 2}})
    assert rung == [{"request_id": "r1", "times": 2}]


@pytest.mark.parametrize(
    "content",
    [
        {"create_widget": ["subprocess", "Popen"], "id": "x", "props": {}},
        {"update_ref": {"functionRef": "close"}, "id": "x", "prop": "owner"},
        {"event": "ring", "data": {"request_id": "r1", "times": 1}, "create_widget": ["os", "abort"]},
        {"event": "handle", "data": {}},
        {"event": "__init__", "data": {}},
        {"event": ["ring"], "data": {}},
        {"event": "close"},
        "ring",
        None,
    ],
)
def test_any_other_message_is_refused_and_logged(
    bell: Bell, rung: list[Any], caplog: pytest.LogCaptureFixture, content: object
) -> None:
    with caplog.at_level(logging.WARNING):
        bell._handle_event(bell, content, [])
    assert rung == []
    assert "refused" in caplog.text


def test_the_browser_writes_only_traits_that_are_its_own(bell: Bell) -> None:
    write_trait(bell, owner="mallory", events=["close"], template="<p/>", volume=5)
    assert (bell.owner, bell.volume) == ("dora", 5)
    assert bell.events == ["open_page", "ring"]


@pytest.mark.parametrize(
    "data",
    [None, [], {"times": 1}, {"request_id": "r", "times": True}, {"request_id": "r", "times": 1, "more": 1}],
)
def test_a_payload_of_another_form_never_reaches_the_callback(
    bell: Bell, rung: list[Any], monkeypatch: pytest.MonkeyPatch, data: object
) -> None:
    sent = SentMessages()
    monkeypatch.setattr(bell, "send", lambda content, buffers=None: sent.append(content))
    from_browser(bell, {"event": "ring", "data": data})
    assert rung == []
    answers = sent.of("reply") + sent.of("notice")
    assert len(answers) == 1
    assert "ring" in answers[0]["message"]


def test_an_error_on_purpose_becomes_the_answer(bell_folder: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_data: object) -> None:
        raise StorageError("The disk is full. Nothing was changed.")

    bell = Bell(on_ring=fail)
    sent = SentMessages()
    monkeypatch.setattr(bell, "send", lambda content, buffers=None: sent.append(content))
    from_browser(bell, {"event": "ring", "data": {"request_id": "r1", "times": 2}})
    assert sent.of("reply") == [
        {
            "request_id": "r1",
            "ok": False,
            "code": "storage",
            "message": "The disk is full. Nothing was changed.",
        }
    ]


def test_an_unforeseen_error_is_logged_and_says_that_nothing_was_saved(
    bell_folder: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell(on_ring=lambda data: {}["secret detail"])
    sent = SentMessages()
    monkeypatch.setattr(bell, "send", lambda content, buffers=None: sent.append(content))
    from_browser(bell, {"event": "ring", "data": {"request_id": "r1", "times": 2}})
    (answer,) = sent.of("reply")
    assert answer["ok"] is False
    assert "not saved" in answer["message"]
    assert "secret detail" not in json.dumps(answer)
    assert "secret detail" in caplog.text


@pytest.mark.parametrize("callbacks", [{}, {"on_ring": print, "on_crash": print}])
def test_a_screen_needs_exactly_one_callback_for_each_event(callbacks: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="on_"):
        Bell(**callbacks)


def test_a_saved_notebook_shows_a_table_in_which_data_is_never_markup(
    page_double: FakeDeskPage, sent: SentMessages
) -> None:
    page_double.cards[1]["title"] = "<script>alert(1)</script>"
    page_double.load()
    html = page_double.desk._repr_mimebundle_()["text/html"]
    assert "<table>" in html
    assert "The Lighthouse Keeper’s Last Winter" in html
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_screen_that_was_never_loaded_still_has_a_text(page_double: FakeDeskPage) -> None:
    bundle = page_double.desk._repr_mimebundle_()
    assert "Workbench" in bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
