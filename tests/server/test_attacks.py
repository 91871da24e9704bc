"""What a browser must not be able to do, tried against a real server; every try leaves a line in its log."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.server.kernel_wire import ask_state, comm, connect_kernel, message, open_page, pack
from tests.server.live_server import LiveServer


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that exists only if an attack ran code."""
    return tmp_path / "marker"


def code(marker: Path) -> dict[str, Any]:
    return {
        "code": f"open({str(marker)!r}, 'w').write('in')",
        "silent": True,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
    }


@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
def test_code_is_not_executed(server: LiveServer, ann: httpx.Client, marker: Path, channel: str) -> None:
    kernel_id, model_id, _ = open_page(ann)
    with connect_kernel(ann, kernel_id) as socket:
        socket.send(pack(message("execute_request", code(marker), channel)))
        assert ask_state(socket, model_id)["n"] == 0
    assert not marker.exists()
    server.wait_for_log("refused kernel message", "execute_request", "user ann")


@pytest.mark.parametrize(
    ("msg_type", "content"),
    [
        ("complete_request", {"code": "import o", "cursor_pos": 8}),
        ("inspect_request", {"code": "print", "cursor_pos": 3, "detail_level": 1}),
        ("history_request", {"output": False, "raw": True, "hist_access_type": "tail", "n": 5}),
        ("debug_request", {"type": "request", "seq": 1, "command": "debugInfo"}),
        ("shutdown_request", {"restart": False}),
        ("interrupt_request", {}),
    ],
)
def test_nothing_else_is_asked_of_a_kernel(
    server: LiveServer, ann: httpx.Client, msg_type: str, content: dict[str, Any]
) -> None:
    kernel_id, model_id, _ = open_page(ann)
    with connect_kernel(ann, kernel_id) as socket:
        for channel in ("shell", "control"):
            socket.send(pack(message(msg_type, content, channel)))
        assert ask_state(socket, model_id)["n"] == 0
    server.wait_for_log("refused kernel message", msg_type, "user ann")


def test_the_legacy_protocol_is_not_spoken(server: LiveServer, ann: httpx.Client, marker: Path) -> None:
    kernel_id, _, _ = open_page(ann)
    for channel in ("shell", "control"):
        attack = json.dumps({**message("execute_request", code(marker), channel), "buffers": []})
        # Whether the server closes before or after the message arrives is a matter of luck.
        with connect_kernel(ann, kernel_id, protocol=None) as socket, suppress(ConnectionClosed):
            socket.send(attack)
            assert socket.recv(timeout=30) is None
    assert not marker.exists()
    server.wait_for_log("refused kernel websocket", "legacy", "user ann")


def test_the_object_protocol_of_ipyvue_is_closed(server: LiveServer, ann: httpx.Client, marker: Path) -> None:
    kernel_id, model_id, _ = open_page(ann)
    attacks: list[dict[str, Any]] = [
        {"create_widget": ["burglar", "enter"], "props": {"marker": str(marker)}, "id": "x"},
        {
            "create_widget": ["builtins", "dict"],
            "props": {"a": {"functionRef": "open_door", "kwargs": {"marker": str(marker)}}},
            "id": "x",
        },
        {
            "update_ref": {"functionRef": "open_door", "args": [str(marker)]},
            "id": model_id,
            "prop": "secret",
        },
        {"update_ref": "stolen", "id": model_id, "prop": "secret"},
        {"destroy_widget": model_id},
        {"event": "open_door", "data": str(marker)},
        {"event": "press", "data": {"n": 1}, "create_widget": ["burglar", "enter"]},
    ]
    with connect_kernel(ann, kernel_id) as socket:
        for attack in attacks:
            socket.send(comm(model_id, {"method": "custom", "content": attack}))
        state = ask_state(socket, model_id)
    assert (state["secret"], state["n"]) == ("safe", 0)
    assert not marker.exists()
    for kind in ("create_widget", "update_ref", "destroy_widget"):
        server.wait_for_log("refused kernel message", kind, "user ann")
    server.wait_for_log("director_lib.pages.guard", "refused a widget message", "Probe")


def test_a_browser_writes_only_what_is_its_own(server: LiveServer, ann: httpx.Client) -> None:
    kernel_id, model_id, _ = open_page(ann)
    forged = {"secret": "stolen", "who": "cleo admin", "n": 99, "events": ["open_door"], "typed": "hello"}
    with connect_kernel(ann, kernel_id) as socket:
        socket.send(comm(model_id, {"method": "update", "state": forged}))
        socket.send(comm(model_id, {"method": "custom", "content": {"event": "press", "data": {"n": 2}}}))
        state = ask_state(socket, model_id)
    assert (state["secret"], state["n"], state["events"], state["typed"]) == ("safe", 2, ["press"], "hello")
    assert state["who"].startswith("ann director")
    server.wait_for_log("director_lib.pages.guard", "secret", "Probe")


def test_a_widget_cannot_be_made_from_outside(server: LiveServer, ann: httpx.Client, marker: Path) -> None:
    kernel_id, model_id, _ = open_page(ann)
    content = {"comm_id": "f" * 32, "target_name": "jupyter.widget", "data": {"state": {}}}
    with connect_kernel(ann, kernel_id) as socket:
        socket.send(pack(message("comm_open", content)))
        assert ask_state(socket, model_id)["n"] == 0
    server.wait_for_log("refused kernel message", "comm_open", "user ann")


def test_somebody_elses_kernel_is_out_of_reach(
    server: LiveServer, ann: httpx.Client, bob: httpx.Client
) -> None:
    kernel_id, _, _ = open_page(ann)
    with pytest.raises(InvalidStatus) as refusal:
        connect_kernel(bob, kernel_id)
    assert refusal.value.response.status_code == 403
    assert bob.get(f"/api/kernels/{kernel_id}", headers={"Referer": server.url}).status_code == 403
    answer = bob.post(f"/voila/api/shutdown/{kernel_id}", data={"_xsrf": bob.cookies["_xsrf"]})
    assert answer.status_code == 404
    assert bob.get("/session", params={"kernel": kernel_id}).json()["kernel"] is False
    assert ann.get("/session", params={"kernel": kernel_id}).json()["kernel"] is True
    server.wait_for_log("refused kernel websocket", kernel_id, "user bob")
    server.wait_for_log("refused goodbye", kernel_id, "user bob")


def test_a_stranger_and_a_foreign_page_reach_no_kernel(server: LiveServer, ann: httpx.Client) -> None:
    kernel_id, _, _ = open_page(ann)
    with server.browser() as stranger, pytest.raises(InvalidStatus) as refusal:
        connect_kernel(stranger, kernel_id)
    assert refusal.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as refusal:
        connect_kernel(ann, kernel_id, origin="https://evil.example")
    assert refusal.value.response.status_code == 403
    server.wait_for_log("Couldn't authenticate")
    server.wait_for_log("Blocking Cross Origin WebSocket Attempt", "evil.example")


CLOSED = [
    ("GET", "/api/kernels"),
    ("POST", "/api/kernels"),
    ("GET", "/api/sessions"),
    ("POST", "/api/sessions"),
    ("GET", "/api/contents"),
    ("PUT", "/api/contents/in.txt"),
    ("GET", "/api/terminals"),
    ("POST", "/api/terminals"),
    ("GET", "/api/kernelspecs"),
    ("GET", "/api/config/x"),
    ("GET", "/api/status"),
    ("GET", "/api/me"),
    ("POST", "/api/shutdown"),
    ("GET", "/api/events/subscribe"),
    ("GET", "/files/streams.ipynb"),
    ("GET", "/nbconvert/html/streams.ipynb"),
    ("GET", "/lab"),
    ("GET", "/tree"),
    ("GET", "/view/x"),
    ("GET", "/lsp/status"),
    ("GET", "/voila/execution/00000000-0000-0000-0000-000000000000"),
    ("DELETE", "/voila/render/streams.ipynb"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_the_librarys_own_addresses_are_closed(
    server: LiveServer, ann: httpx.Client, method: str, path: str
) -> None:
    headers = {"X-XSRFToken": ann.cookies["_xsrf"], "Referer": server.url}
    answer = ann.request(method, path, headers=headers, json=None if method == "GET" else {})
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("action", ["", "/interrupt", "/restart"])
def test_a_kernel_is_not_managed_from_outside(server: LiveServer, ann: httpx.Client, action: str) -> None:
    kernel_id, _, _ = open_page(ann)
    headers = {"X-XSRFToken": ann.cookies["_xsrf"], "Referer": server.url}
    method = "POST" if action else "DELETE"
    answer = ann.request(method, f"/api/kernels/{kernel_id}{action}", headers=headers)
    assert answer.status_code in (403, 404)
    assert ann.get("/session", params={"kernel": kernel_id}).json()["kernel"] is True


def test_a_kernel_runs_with_no_secret_of_the_servers(server: LiveServer, ann: httpx.Client) -> None:
    open_page(ann)
    environments = b"".join(
        path.read_bytes()
        for path in Path("/proc").glob("[0-9]*/environ")
        if _belongs_to(path, server) and _is_kernel(path)
    )
    assert b"VOILA_SERVER_URL" in environments
    assert b"leak-me" not in environments
    assert b"DIRECTOR_REQUEST" not in environments


def _belongs_to(path: Path, server: LiveServer) -> bool:
    try:
        return str(server.settings.home).encode() in path.read_bytes()
    except OSError:
        return False


def _is_kernel(path: Path) -> bool:
    return b"forkserver" in path.with_name("cmdline").read_bytes()
