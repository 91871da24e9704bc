"""Which of a browser's messages may reach a kernel."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.server.firewall import (
    LARGEST_MESSAGE_BYTES,
    RefusedMessageError,
    check_content,
    filter_message,
)
from tests.server.kernel_wire import message, pack

COMM = {"comm_id": "abc"}
EVENT = {"method": "custom", "content": {"event": "press", "data": {"n": 1}}}


def event(**changes: Any) -> dict[str, Any]:
    return {**COMM, "data": {"method": "custom", "content": {"event": "press", "data": {}, **changes}}}


@pytest.mark.parametrize(
    ("msg_type", "content", "passed_on"),
    [
        ("kernel_info_request", {"anything": 1}, {}),
        ("comm_info_request", {"target_name": "jupyter.widget"}, {"target_name": "jupyter.widget"}),
        ("comm_close", {**COMM, "data": {"x": 1}}, {**COMM, "data": {}}),
        (
            "comm_open",
            {**COMM, "target_name": "jupyter.widget.control", "target_module": "os", "data": {"a": 1}},
            {**COMM, "target_name": "jupyter.widget.control", "data": {}},
        ),
        ("comm_msg", {**COMM, "data": EVENT, "extra": 1}, {**COMM, "data": EVENT}),
        (
            "comm_msg",
            {**COMM, "data": {"method": "request_states", "x": 1}},
            {**COMM, "data": {"method": "request_states"}},
        ),
        (
            "comm_msg",
            {**COMM, "data": {"method": "update", "state": {"a": 1}}},
            {**COMM, "data": {"method": "update", "state": {"a": 1}, "buffer_paths": []}},
        ),
    ],
)
def test_what_a_page_needs_passes_rebuilt(
    msg_type: str, content: dict[str, Any], passed_on: dict[str, Any]
) -> None:
    assert check_content(msg_type, content) == passed_on


@pytest.mark.parametrize(
    ("msg_type", "content"),
    [
        ("execute_request", {"code": "1"}),
        ("complete_request", {"code": "im", "cursor_pos": 2}),
        ("inspect_request", {"code": "print"}),
        ("history_request", {}),
        ("debug_request", {"command": "evaluate"}),
        ("shutdown_request", {"restart": False}),
        ("interrupt_request", {}),
        ("create_subshell_request", {}),
        ("is_complete_request", {"code": "1"}),
        (None, {}),
        ("comm_open", {**COMM, "target_name": "jupyter.widget", "data": {"state": {}}}),
        ("comm_open", {**COMM}),
        ("comm_msg", {**COMM}),
        ("comm_msg", {**COMM, "data": []}),
        ("comm_msg", {"comm_id": ["abc"], "data": EVENT}),
        ("comm_msg", {**COMM, "data": {"method": "display"}}),
        ("comm_msg", {**COMM, "data": {"method": ["custom"]}}),
        ("comm_msg", {**COMM, "data": {"method": "update", "state": [1]}}),
        ("comm_msg", {**COMM, "data": {"method": "update", "state": {}, "buffer_paths": [["a"]]}}),
        ("comm_msg", {**COMM, "data": {"method": "custom", "content": "press"}}),
        ("comm_msg", event(create_widget=["os", "system"], props={}, id="x")),
        ("comm_msg", event(update_ref={"functionRef": "open_door", "args": []}, id="x", prop="n")),
        ("comm_msg", event(destroy_widget="x")),
        ("comm_msg", event(event="press; import os")),
        ("comm_msg", event(event="")),
        ("comm_msg", event(event=None)),
        ("comm_msg", event(event=["press"])),
    ],
)
def test_everything_else_is_refused(msg_type: Any, content: dict[str, Any]) -> None:
    with pytest.raises(RefusedMessageError):
        check_content(msg_type, content)


def test_only_the_shell_channel_is_open() -> None:
    for channel in ("control", "stdin", "iopub", ""):
        with pytest.raises(RefusedMessageError):
            filter_message(pack(message("kernel_info_request", {}, channel)))


def test_text_buffers_and_oversize_are_refused() -> None:
    good = message("comm_msg", {**COMM, "data": EVENT})
    with pytest.raises(RefusedMessageError, match="v1"):
        filter_message(json.dumps(good))
    with pytest.raises(RefusedMessageError, match="buffers"):
        filter_message(pack(good, b"bytes"))
    with pytest.raises(RefusedMessageError, match="bytes"):
        filter_message(b"x" * (LARGEST_MESSAGE_BYTES + 1))


def test_a_message_goes_on_rebuilt_and_under_no_name_of_the_browsers_choice() -> None:
    header, parent, metadata, content = filter_message(pack(message("comm_msg", {**COMM, "data": EVENT})))
    assert json.loads(header)["username"] == "browser"
    assert json.loads(header)["msg_type"] == "comm_msg"
    assert json.loads(parent) == {}
    assert json.loads(metadata) == {}
    assert json.loads(content) == {**COMM, "data": EVENT}


def test_a_key_given_twice_means_the_same_here_and_in_the_kernel() -> None:
    parts = message("comm_msg", {**COMM, "data": EVENT})
    raw = pack(parts)
    twice = json.dumps(parts["header"]).replace("{", '{"msg_type": "execute_request", ', 1)
    forged = pack({**parts, "header": parts["header"]}).replace(json.dumps(parts["header"]).encode(), b"")
    assert forged != raw
    blob = _with_header(parts, twice)
    passed = [json.loads(part) for part in filter_message(blob)]
    assert passed[0]["msg_type"] == "comm_msg"
    assert b"execute_request" not in filter_message(blob)[0]


def test_numbers_that_are_no_json_and_deep_nesting_are_refused() -> None:
    parts = message("comm_msg", {**COMM, "data": {"method": "update", "state": {"a": float("nan")}}})
    with pytest.raises(RefusedMessageError):
        filter_message(pack(parts))
    with pytest.raises(RefusedMessageError):
        filter_message(_with_header(parts, "[" * 100_000))


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_anything_but_get_refused(raw: bytes) -> None:
    with pytest.raises(RefusedMessageError):
        filter_message(raw)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    )
)
def test_whatever_a_comm_message_holds_only_known_methods_come_out(data: Any) -> None:
    try:
        clean = check_content("comm_msg", {**COMM, "data": data})
    except RefusedMessageError:
        return
    assert clean["data"]["method"] in {"custom", "update", "request_state", "request_states"}


def _with_header(parts: dict[str, Any], header_json: str) -> bytes:
    """Pack a message whose header is this text, valid or not."""
    marker = "0" * len(header_json)
    packed = pack({**parts, "header": {"m": marker}})
    placed = json.dumps({"m": marker}).encode()
    padded = header_json.encode().ljust(len(placed))
    return packed.replace(placed, padded)
