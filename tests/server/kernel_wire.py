"""Speaking to a page's kernel as a browser does, and as an attacker would."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import httpx
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from websockets.sync.client import ClientConnection, connect

from director_lib.server.firewall import PROTOCOL


def open_page(client: httpx.Client, path: str = "/s/film/videos") -> tuple[str, str, str]:
    """Open a page; return its kernel's id, its probe's model id and its html."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    kernel_id = re.search(r'data-kernel="([\w-]+)"', answer.text)
    model_id = re.search(r'"model_id":\s*"([0-9a-f-]+)"', answer.text)
    return kernel_id[1] if kernel_id else "", model_id[1] if model_id else "", answer.text


def connect_kernel(
    client: httpx.Client, kernel_id: str, *, protocol: str | None = PROTOCOL, origin: str | None = None
) -> ClientConnection:
    """Open the kernel's websocket with the client's cookies."""
    address = str(client.base_url).replace("http", "ws").rstrip("/")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return connect(
        f"{address}/api/kernels/{kernel_id}/channels?session_id={uuid.uuid4().hex}",
        additional_headers={"Cookie": cookies} if cookies else {},
        subprotocols=[protocol] if protocol else None,  # type: ignore[list-item]
        origin=origin,  # type: ignore[arg-type]
        open_timeout=30,
        max_size=None,
    )


def message(msg_type: str, content: dict[str, Any], channel: str = "shell") -> dict[str, Any]:
    """Return a kernel message."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": msg_type,
        "session": uuid.uuid4().hex,
        "date": "2026-01-01T00:00:00Z",
        "version": "5.4",
        "username": "root",
    }
    return {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}


def pack(parts: dict[str, Any], *buffers: bytes) -> bytes:
    """Return the message in the v1 binary protocol."""
    names = ("header", "parent_header", "metadata", "content")
    blobs = [parts["channel"].encode(), *(json.dumps(parts[name]).encode() for name in names), *buffers]
    offsets = [8 * (len(blobs) + 2)]
    for blob in blobs:
        offsets.append(offsets[-1] + len(blob))
    numbers = [len(offsets), *offsets]
    return b"".join(number.to_bytes(8, "little") for number in numbers) + b"".join(blobs)


def comm(model_id: str, data: dict[str, Any]) -> bytes:
    """Return a packed widget message."""
    return pack(message("comm_msg", {"comm_id": model_id, "data": data}))


def ask_state(socket: ClientConnection, model_id: str) -> dict[str, Any]:
    """Return the probe's state as the kernel has it; whatever was sent before has been handled by then."""
    socket.send(comm(model_id, {"method": "request_state"}))
    while True:
        raw = socket.recv(timeout=30)
        assert isinstance(raw, bytes)
        _, parts = deserialize_msg_from_ws_v1(raw)
        content = json.loads(bytes(parts[3]))
        if content.get("comm_id") == model_id and "template" in content["data"].get("state", {}):
            state: dict[str, Any] = content["data"]["state"]
            return state
