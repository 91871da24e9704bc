"""The models of the fake, described in the ways that Replicate describes models."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_ADDRESS = {"type": "string", "format": "uri"}


def _model(
    name: str, inputs: dict[str, Any], *, required: list[str], official: bool = True
) -> dict[str, Any]:
    owner, _, short = name.partition("/")
    choices = {
        key: {"type": item["type"], "enum": item["enum"]} for key, item in inputs.items() if "enum" in item
    }
    properties = {
        key: {"allOf": [{"$ref": f"#/components/schemas/{key}"}], "default": item["enum"][0]}
        if "enum" in item
        else item
        for key, item in inputs.items()
    }
    input_schema = {"type": "object", "required": required, "properties": properties}
    version = {
        "id": (short.encode().hex() * 8)[:64],
        "created_at": "2026-01-01T00:00:00.000000Z",
        "cog_version": "0.16.0",
        "openapi_schema": {"components": {"schemas": {"Input": input_schema, **choices}}},
    }
    return {
        "url": f"https://replicate.com/{name}",
        "owner": owner,
        "name": short,
        "visibility": "public",
        "is_official": official,
        "run_count": 1,
        "description": None,
        "github_url": None,
        "paper_url": None,
        "license_url": None,
        "cover_image_url": None,
        "default_example": None,
        "latest_version": version,
    }


def catalog() -> dict[str, dict[str, Any]]:
    """Return every model of the fake by its name."""
    return {f"{model['owner']}/{model['name']}": model for model in (*_clip_models(), *_still_models())}


def _clip_models() -> list[dict[str, Any]]:
    return [
        _model(
            "bytedance/seedance-1-pro",
            {
                "prompt": _TEXT,
                "image": _ADDRESS,
                "duration": {"type": "integer", "minimum": 2, "maximum": 12},
                "resolution": {"type": "string", "enum": ["480p", "720p", "1080p"]},
                "fps": {"type": "integer", "enum": [24]},
                "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            },
            required=["prompt"],
        ),
        _model(
            "kwaivgi/kling-v2.5-turbo-pro",
            {
                "prompt": _TEXT,
                "image": {**_ADDRESS, "description": "Deprecated: use start_image."},
                "start_image": _ADDRESS,
                "duration": {"type": "integer", "enum": [5, 10]},
                "negative_prompt": _TEXT,
            },
            required=["prompt"],
        ),
        _model(
            "studio/own-motion",
            {"prompt": _TEXT, "image": _ADDRESS, "strength": {"type": "number"}},
            required=["prompt", "strength"],
            official=False,
        ),
        _model(
            "google/veo-3.1",
            {
                "prompt": _TEXT,
                "image": _ADDRESS,
                "duration": {"type": "integer", "enum": [4, 6, 8]},
                "generate_audio": {"type": "boolean", "default": True},
            },
            required=["prompt"],
        ),
        _model("words/only", {"prompt": _TEXT}, required=["prompt"]),
    ]


def _still_models() -> list[dict[str, Any]]:
    return [
        _model(
            "black-forest-labs/flux-1.1-pro",
            {
                "prompt": _TEXT,
                "aspect_ratio": {"type": "string", "enum": ["1:1", "16:9", "9:16", "custom"]},
                "output_format": {"type": "string", "enum": ["webp", "jpg", "png"]},
                "seed": {"type": "integer", "minimum": 0, "maximum": 2147483647},
            },
            required=["prompt"],
        ),
        _model(
            "google/nano-banana",
            {
                "prompt": _TEXT,
                "image_input": {"type": "array", "items": _ADDRESS, "maxItems": 3},
                "aspect_ratio": {"type": "string", "enum": ["match_input_image", "1:1", "16:9"]},
            },
            required=["prompt"],
        ),
    ]
