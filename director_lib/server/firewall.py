"""The kernel firewall: which of a browser's messages may reach a kernel.

Filtering by message type is not enough: ipyvue lets a ``comm_msg`` import modules and call functions. So a
message is taken apart, only known kinds with known fields are let through, and what goes on to the kernel is
written anew from what was checked, so that no second reading of the same bytes can differ.
"""

from __future__ import annotations

import json
import re
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from director_lib.server.refusals import log_refusal

PROTOCOL = "v1.kernel.websocket.jupyter.org"
LARGEST_MESSAGE_BYTES = 2 * 2**20

_HEADER_FIELDS = ("msg_id", "msg_type", "session", "date", "version")
_EVENT = re.compile(r"[A-Za-z_][\w:.-]{0,79}")
_CONTROL_TARGET = "jupyter.widget.control"
# Where the channel, four JSON parts and the end of the message begin; more would be binary buffers.
_OFFSETS = 6


class RefusedMessageError(ValueError):
    """A message that must not reach a kernel; the text tells its kind."""


def filter_message(raw: bytes | str) -> list[bytes]:
    """Return the parts to send to the kernel's shell channel: header, parent header, metadata, content.

    Args:
        raw: One websocket message in the v1 binary protocol.

    Raises:
        RefusedMessageError: The message is malformed or of a kind that a browser may not send.
    """
    if isinstance(raw, str):
        raise RefusedMessageError("text instead of the v1 protocol")
    if len(raw) > LARGEST_MESSAGE_BYTES:
        raise RefusedMessageError(f"{len(raw)} bytes")
    channel, header, parent, metadata, content = _take_apart(raw)
    msg_type = header.get("msg_type")
    if channel != "shell":
        raise RefusedMessageError(f"{str(msg_type)[:60]} on channel {channel[:20]}")
    clean_content = check_content(msg_type, content)
    clean = [_clean_header(header), _clean_header(parent), _clean_metadata(metadata), clean_content]
    return [json.dumps(part).encode() for part in clean]


def check_content(msg_type: object, content: dict[str, Any]) -> dict[str, Any]:
    """Return the content to pass on, rebuilt from its known fields.

    Raises:
        RefusedMessageError: A browser may not send this.
    """
    if msg_type == "kernel_info_request":
        return {}
    if msg_type == "comm_info_request":
        return {"target_name": _text(content, "target_name", default="jupyter.widget")}
    if msg_type == "comm_close":
        return {"comm_id": _text(content, "comm_id"), "data": {}}
    if msg_type == "comm_open":
        if content.get("target_name") != _CONTROL_TARGET:
            raise RefusedMessageError(f"comm_open of {str(content.get('target_name'))[:60]}")
        return {"comm_id": _text(content, "comm_id"), "target_name": _CONTROL_TARGET, "data": {}}
    if msg_type == "comm_msg":
        return {"comm_id": _text(content, "comm_id"), "data": _clean_comm_data(content.get("data"))}
    raise RefusedMessageError(str(msg_type)[:60])


def _clean_comm_data(data: object) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise RefusedMessageError("comm_msg without data")
    method = data.get("method")
    if method in ("request_state", "request_states"):
        return {"method": method}
    if method == "update":
        state = data.get("state")
        if not isinstance(state, dict) or data.get("buffer_paths"):
            raise RefusedMessageError("update without a plain state")
        return {"method": "update", "state": state, "buffer_paths": []}
    if method == "custom":
        return {"method": "custom", "content": _clean_event(data.get("content"))}
    raise RefusedMessageError(f"comm method {str(method)[:60]}")


def _clean_event(content: object) -> dict[str, Any]:
    if not isinstance(content, dict) or not content.keys() <= {"event", "data"}:
        keys = sorted(str(key)[:30] for key in content)[:6] if isinstance(content, dict) else content
        raise RefusedMessageError(f"custom message {str(keys)[:120]}")
    event = content.get("event")
    if not isinstance(event, str) or not _EVENT.fullmatch(event):
        raise RefusedMessageError("custom message without an event name")
    return {"event": event, "data": content.get("data", {})}


def _take_apart(raw: bytes) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]:
    try:
        # The count is checked first: the library would allocate as many offsets as it says.
        if int.from_bytes(raw[:8], "little") != _OFFSETS:
            raise RefusedMessageError("binary buffers or missing parts")
        channel, parts = deserialize_msg_from_ws_v1(raw)
        header, parent, metadata, content = (_object(part) for part in parts)
    except (ValueError, IndexError, RecursionError) as error:
        raise (
            error if isinstance(error, RefusedMessageError) else RefusedMessageError("malformed message")
        ) from error
    return channel, header, parent, metadata, content


def _object(part: bytes) -> dict[str, Any]:
    value = json.loads(part, parse_constant=_refuse_constant)
    if not isinstance(value, dict):
        raise RefusedMessageError("a part is no object")
    return value


def _refuse_constant(name: str) -> object:
    raise RefusedMessageError(f"{name} is no JSON")


def _clean_header(header: dict[str, Any]) -> dict[str, str]:
    known = {name: header[name] for name in _HEADER_FIELDS if name in header}
    if any(not isinstance(value, str) or len(value) > 200 for value in known.values()):
        raise RefusedMessageError("malformed header")
    return {**known, "username": "browser"} if known else {}


def _clean_metadata(metadata: dict[str, Any]) -> dict[str, str]:
    version = metadata.get("version")
    return {"version": version} if isinstance(version, str) and len(version) <= 20 else {}


def _text(content: dict[str, Any], name: str, *, default: str | None = None) -> str:
    value = content.get(name, default)
    if not isinstance(value, str) or len(value) > 200:
        raise RefusedMessageError(f"malformed {name}")
    return value


class FirewallConnection(ZMQChannelsWebsocketConnection):
    """A browser's connection to its kernel, through the firewall."""

    kernel_ws_protocol = PROTOCOL

    def handle_incoming_message(self, incoming_msg: bytes | str) -> None:
        """Send the message on when it is allowed; otherwise drop and log it."""
        shell = self.channels.get("shell")
        if shell is None:
            return
        try:
            if self.subprotocol != PROTOCOL:
                raise RefusedMessageError("the legacy protocol")
            parts = filter_message(incoming_msg)
        except RefusedMessageError as refusal:
            log_refusal("kernel message", str(refusal), self.websocket_handler)
            return
        self.session.send_raw(shell, parts)
