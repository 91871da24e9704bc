from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_SEGMENT_KEYS = st.sampled_from(
    [
        "id", "segment", "title", "image_prompt", "keyframe_prompt", "motion_prompt", "animation_prompt",
        "negative_prompt", "duration", "frame_count", "segment_ids", "text_content", "narrative",
    ]
)  # fmt: skip
_TOP_KEYS = st.sampled_from(
    [
        "stream", "stream_id", "segments", "sections", "visual_direction", "composition_rules", "output",
        "production_settings", "title", "language", "story", "text", "brief", "url", "color_palette",
    ]
)  # fmt: skip
_BLOCK = st.dictionaries(_SEGMENT_KEYS | _TOP_KEYS, _JSON, max_size=6)
_FILE = st.dictionaries(_TOP_KEYS, _JSON | _BLOCK | st.lists(_BLOCK | _JSON, max_size=4), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=_FILE | _JSON, form=_FILE | _JSON, deployment=_FILE | _JSON)
def test_any_json_at_all_is_read_without_an_error(
    root: StreamsRoot, spec: Any, form: Any, deployment: Any
) -> None:
    folder = root.root / "made"
    folder.mkdir(exist_ok=True)
    for name, value in (("production", spec), ("input", form), ("deployment", deployment)):
        Path(folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    stream = read_stream(root, "made")
    ids = [segment.id for segment in stream.segments]
    assert ids == sorted(set(ids))
    repr(stream).encode()
