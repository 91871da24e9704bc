from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from director_lib.streams.json_text import patch_values
from tests.streams.documents import DOCUMENTS, SCALARS, handwriting, object_paths, scalar_paths

_STYLES = st.sampled_from(
    [
        {"indent": 2},
        {"indent": 4, "ensure_ascii": False},
        {"indent": "\t"},
        {"separators": (",", ":")},
        {"ensure_ascii": False},
    ]
)


@given(data=st.data(), document=DOCUMENTS, new=SCALARS, bom=st.sampled_from(["", "\ufeff"]))
def test_any_edit_of_any_handwriting_keeps_every_untouched_byte(
    data: st.DataObject, document: Any, new: Any, bom: str
) -> None:
    paths = scalar_paths(document)
    if not paths:
        assert patch_values(bom + json.dumps(document), {}) == bom + json.dumps(document)
        return
    path = data.draw(st.sampled_from(paths))
    before, old, after = data.draw(handwriting(document, path))
    text = bom + before + old + after
    result = patch_values(text, {path: new})
    assert result.startswith(bom + before)
    assert result.endswith(after)
    written = result[len(bom + before) : len(result) - len(after)]
    assert json.loads(written) == new
    assert (result == text) == (written == old)


@given(data=st.data(), document=DOCUMENTS, style=_STYLES, crlf=st.booleans())
def test_any_set_of_edits_and_additions_gives_exactly_the_asked_value(
    data: st.DataObject, document: Any, style: dict[str, Any], crlf: bool
) -> None:
    text = json.dumps(document, **style)
    text = text.replace("\n", "\r\n") if crlf else text
    new_keys = [(*path, "new key") for path in object_paths(document)]
    paths = scalar_paths(document) + new_keys
    changes = data.draw(st.dictionaries(st.sampled_from(paths), SCALARS, max_size=5)) if paths else {}
    expected = copy.deepcopy(document)
    for path, value in changes.items():
        parent = expected
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = value
    result = patch_values(text, changes)
    assert json.loads(result) == expected
    assert ("\r\n" in result) == ("\r\n" in text)


@given(data=st.data(), document=DOCUMENTS, new=SCALARS)
def test_one_changed_value_changes_one_line(data: st.DataObject, document: Any, new: Any) -> None:
    text = json.dumps(document, indent=2)
    paths = scalar_paths(document)
    changes = {data.draw(st.sampled_from(paths)): new} if paths else {}
    old_lines, new_lines = text.split("\n"), patch_values(text, changes).split("\n")
    differing = [one for one, other in zip(old_lines, new_lines, strict=True) if one != other]
    assert len(differing) <= 1


@given(data=st.data(), document=DOCUMENTS, style=_STYLES, new=st.integers() | st.just("plain letters"))
def test_a_key_added_to_a_dumped_text_looks_as_if_it_had_been_dumped_with_it(
    data: st.DataObject, document: Any, style: dict[str, Any], new: Any
) -> None:
    # one key at least: a text without any says nothing about how its writer sets colons
    document = {"first": "value", "rest": document}
    path = data.draw(st.sampled_from(object_paths(document)))
    expected = copy.deepcopy(document)
    _look_up(expected, path)["new key"] = new
    result = patch_values(json.dumps(document, **style), {(*path, "new key"): new})
    assert result == json.dumps(expected, **style)


def _look_up(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document
