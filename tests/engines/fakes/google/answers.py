"""Answers as Google writes them, and the faults that it finds in requests."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from tests.engines.fakes.google.media import picture

_KNOWN_FORMATS = {
    "aspect_ratio": {"16:9", "9:16"},
    "resolution": {"360p", "720p", "1080p", "4k"},
    "delivery": {"inline", "uri"},
    "type": {"video"},
}
_USUAL_ALPHABET = str.maketrans("-_", "+/")
_IMAGE_SIZES = {"1K", "2K", "4K"}
_IMAGE_RATIOS = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    code: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def as_json(body: object, code: int = 200, **headers: str) -> Reply:
    return Reply(
        code, json.dumps(body).encode(), {"Content-Type": "application/json; charset=UTF-8"} | headers
    )


def refusal(code: int, status: str, message: str, *details: dict[str, object], **headers: str) -> Reply:
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return as_json({"error": error}, code, **headers)


def quota(delay: str | None = "34s", message: str = "You exceeded your current quota.") -> Reply:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}] if delay else []
    return refusal(429, "RESOURCE_EXHAUSTED", message, *details)


def wrong_key() -> Reply:
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    return refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", reason)


def page(code: int = 200) -> Reply:
    """What a proxy shows instead of an answer."""
    return Reply(code, b"<html><body>proxy login</body></html>", {"Content-Type": "text/html"})


def picture_part(data: bytes | None = None, **fields: object) -> dict[str, Any]:
    data = picture() if data is None else data
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}, **fields}


def picture_answer(*parts: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A successful answer; ``fields`` replace those of the candidate."""
    content = {"parts": list(parts or (picture_part(),)), "role": "model"}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0} | fields],
        "usageMetadata": {
            "promptTokenCount": 40,
            "candidatesTokenCount": 1120,
            "thoughtsTokenCount": 200,
            "totalTokenCount": 1360,
            "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}],
        },
        "modelVersion": "gemini-nano-banana-2.1",
        "responseId": "r-1",
    }


def text_answer(content: object = None, **fields: Any) -> dict[str, Any]:
    """A successful answer in words; ``fields`` replace those of the candidate."""
    text = content if isinstance(content, str) else json.dumps({} if content is None else content)
    thought = {"text": "Let me think about the sea.", "thought": True}
    parts = {"parts": [thought, {"text": text}], "role": "model"}
    return {
        "candidates": [{"content": parts, "finishReason": "STOP", "index": 0} | fields],
        "usageMetadata": {
            "promptTokenCount": 1000,
            "candidatesTokenCount": 1500,
            "thoughtsTokenCount": 500,
            "totalTokenCount": 3000,
        },
        "modelVersion": "gemini-3.8-flash",
        "responseId": "t-1",
    }


def no_picture(reason: str, **fields: Any) -> dict[str, Any]:
    """An answer whose candidate ends without a picture; nothing was drawn."""
    usage = {"promptTokenCount": 40, "totalTokenCount": 40}
    return {"candidates": [{"finishReason": reason, "index": 0, **fields}], "usageMetadata": usage}


def blocked(reason: str) -> dict[str, Any]:
    return {"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 9}}


def new_job(job_id: str, model: str) -> dict[str, Any]:
    return {
        "id": job_id,
        "object": "interaction",
        "model": model,
        "status": "in_progress",
        "created": "2026-11-21T08:00:00Z",
        "updated": "2026-11-21T08:00:00Z",
    }


def finished_job(data: bytes, uri: str | None) -> dict[str, Any]:
    video: dict[str, Any] = {"type": "video", "mime_type": "video/mp4"}
    video |= {"uri": uri} if uri else {"data": base64.b64encode(data).decode()}
    steps = [
        {"type": "user_input", "content": [{"type": "text", "text": "push in"}]},
        {"type": "model_output", "content": [video]},
    ]
    return {"status": "completed", "steps": steps, "usage": {"total_output_tokens": 28960}}


def find_fault(path: str, body: dict[str, Any]) -> str:
    """Return what Google would complain about in an order; empty when it is well-formed."""
    try:
        if path.startswith("/v1beta/"):
            return _text_fault(body)
        if path.endswith(":generateContent"):
            return _picture_fault(body)
        return _clip_fault(body) if path.endswith("/interactions") else ""
    except (KeyError, TypeError, ValueError, OSError) as error:
        return f"Invalid JSON payload received: {error!r}"


def _text_fault(body: dict[str, Any]) -> str:
    [part] = body["contents"][0]["parts"]
    config = body["generationConfig"]
    if not part["text"].strip() or config["responseMimeType"] != "application/json":
        return "contents: no text, or no JSON asked for"
    form = config["responseJsonSchema"]
    return "" if form["type"] == "object" and form["required"] else "responseJsonSchema: no form"


def _picture_fault(body: dict[str, Any]) -> str:
    *pictures, last = body["contents"][0]["parts"]
    for part in pictures:
        _open(part["inlineData"]["data"])
    config = body["generationConfig"]
    image = config["imageConfig"]
    if not last["text"].strip() or config["responseModalities"] != ["IMAGE"]:
        return "contents: no text"
    if image["imageSize"] not in _IMAGE_SIZES or image["aspectRatio"] not in _IMAGE_RATIOS:
        return "imageConfig: unsupported value"
    return "" if 0 <= config["seed"] < 2**31 else "seed: out of range"


def _clip_fault(body: dict[str, Any]) -> str:
    [turn] = body["input"]
    *pictures, last = turn["content"]
    for one in pictures:
        _open(one["data"])
    wanted = dict(body["response_format"])
    seconds = re.fullmatch(r"(\d+)s", wanted.pop("duration"))
    if not seconds or not 3 <= int(seconds[1]) <= 15:
        return "response_format.duration: out of range"
    if any(value not in _KNOWN_FORMATS[name] for name, value in wanted.items()):
        return "response_format: unsupported value"
    if not last["text"].strip() or not body["background"] or not body["store"]:
        return "input: no text, or not a background job"
    return ""


def _open(data: str) -> None:
    # Google reads both alphabets of base64, and its own library writes either
    with Image.open(BytesIO(base64.b64decode(data.translate(_USUAL_ALPHABET), validate=True))) as image:
        image.load()
