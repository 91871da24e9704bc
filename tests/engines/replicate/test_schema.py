from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.version import Kind
from director_lib.engines.replicate.inputs import REFERENCE_LISTS, START_KEYS
from director_lib.engines.replicate.models import KNOWN, find_known_schema, gone_message, replacement
from director_lib.engines.replicate.options import ReplicateOptions
from director_lib.engines.replicate.prices import RATES
from director_lib.engines.replicate.schema import Slot, read_schema
from director_lib.errors import ConfigError
from tests.engines.fakes.replicate.catalog import catalog

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def described(properties: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    inputs = {"properties": properties, "required": ["prompt"]}
    version = {"id": "f" * 64, "openapi_schema": {"components": {"schemas": {"Input": inputs, **schemas}}}}
    return {"is_official": True, "latest_version": version}


def test_choices_are_found_wherever_they_are_described() -> None:
    size = {"enum": ["720p", "1080p"], "type": "string"}
    reference = {"$ref": "#/components/schemas/size"}
    schema = read_schema(
        described(
            {
                "prompt": {"type": "string"},
                "a": {"allOf": [reference], "default": "720p"},
                "b": {"anyOf": [reference, {"type": "null"}]},
                "c": reference,
                "d": {"type": "string", "enum": ["720p", "1080p"]},
            },
            size=size,
        )
    )
    assert schema is not None
    assert {name: schema.slots[name].choices for name in "abcd"} == dict.fromkeys("abcd", ("720p", "1080p"))
    assert schema.needed == {"prompt"}


def test_limits_and_lists_are_read() -> None:
    schema = read_schema(
        described(
            {
                "duration": {"type": "integer", "minimum": 2, "maximum": 12},
                "pictures": {"type": "array", "maxItems": 14},
                "maybe": {"anyOf": [{"type": "array"}, {"type": "null"}]},
            }
        )
    )
    assert schema is not None
    assert schema.slots["duration"] == Slot(least=2, most=12)
    assert schema.slots["pictures"] == Slot(is_list=True, most_items=14)
    assert schema.slots["maybe"].is_list


@pytest.mark.parametrize(
    "old", [{"deprecated": True}, {"description": "Deprecated: use start_image"}], ids=["flag", "words"]
)
def test_what_is_deprecated_is_left_out(old: dict[str, Any]) -> None:
    schema = read_schema(described({"prompt": {"type": "string"}, "image": {"type": "string", **old}}))
    assert schema is not None
    assert list(schema.slots) == ["prompt"]


def test_only_a_model_of_the_community_is_ordered_by_its_version() -> None:
    models = catalog()
    official, own = models["bytedance/seedance-1-pro"], models["studio/own-motion"]
    assert read_schema(official).version is None  # type: ignore[union-attr]
    assert read_schema(own).version == own["latest_version"]["id"]  # type: ignore[union-attr]
    assert read_schema(own["latest_version"]).version == own["latest_version"]["id"]  # type: ignore[union-attr]


@given(body=st.dictionaries(st.sampled_from(["latest_version", "openapi_schema", "id"]), _JSON))
def test_a_description_of_any_shape_is_read_or_given_up(body: dict[str, Any]) -> None:
    schema = read_schema(body)
    assert schema is None or schema.slots


@given(properties=st.dictionaries(st.text(max_size=6), _JSON, max_size=4), other=_JSON)
def test_properties_of_any_shape_are_read_or_given_up(properties: dict[str, Any], other: Any) -> None:
    schema = read_schema(described(properties, other=other))
    assert schema is None or schema.slots.keys() <= properties.keys()


@pytest.mark.parametrize("model", sorted(KNOWN))
def test_every_model_known_by_heart_takes_a_prompt_and_has_a_price(model: str) -> None:
    schema = KNOWN[model]
    assert "prompt" in schema.slots
    assert model in RATES
    is_clip = "duration" in schema.slots
    assert (schema.find_key(START_KEYS) is not None) == is_clip
    assert not is_clip or schema.find_key(REFERENCE_LISTS) is None


def test_a_named_version_of_a_known_model_is_kept() -> None:
    known = find_known_schema("kwaivgi/kling-v2.1:abcdef0123")
    assert known is not None
    assert known.version == "abcdef0123"
    assert find_known_schema("nobody/nothing") is None


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("model", [*sorted(KNOWN), "nobody/nothing", "minimax/video-01:abcdef0123"])
def test_a_replacement_is_another_model_that_is_known(model: str, kind: Kind) -> None:
    instead = replacement(model, kind)
    assert instead in KNOWN
    assert instead != model
    assert instead in gone_message(model, kind)


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "api.replicate.com"},
        {"base_url": "ftp://example.org"},
        {"base_url": "https://user:secret@example.org"},
        {"video_model": "kling"},
        {"video_model": "a/b/../c"},
        {"image_model": ""},
        {"cancel_after_s": 4},
    ],
    ids=str,
)
def test_options_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        ReplicateOptions(**wrong)
    assert "secret" not in caught.value.user_message
