from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.errors import InputError
from director_lib.streams.json_spans import JsonPath
from director_lib.streams.json_structure import JsonEditor
from tests.streams.documents import DOCUMENTS, VALUES, object_paths

_STYLES = st.sampled_from(
    [
        {"indent": 2},
        {"indent": 4, "ensure_ascii": False},
        {"indent": "\t"},
        {"separators": (",", ":")},
        {"ensure_ascii": False},
    ]
)
SPEC = {
    "stream": {"id": "film"},
    "segments": [{"id": 1, "title": "Egy"}, {"id": 2, "title": "Kettő", "odd": 1.50}],
    "sections": [{"id": "a", "segment_ids": [1, 2], "text_content": "Volt egyszer."}],
    "note": None,
}


def list_paths(value: Any, path: JsonPath = ()) -> list[JsonPath]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in list_paths(item, (*path, key))]
    if isinstance(value, list):
        inner = [found for index, item in enumerate(value) for found in list_paths(item, (*path, index))]
        return [path, *inner]
    return []


def at(data: Any, path: JsonPath) -> Any:
    for step in path:
        data = data[step]
    return data


@given(data=st.data(), document=DOCUMENTS, style=_STYLES, crlf=st.booleans(), bom=st.booleans())
def test_any_run_of_edits_gives_exactly_the_asked_value_in_the_same_kind_of_lines(
    data: st.DataObject, document: Any, style: dict[str, Any], crlf: bool, bom: bool
) -> None:
    text = json.dumps(document, **style)
    text = ("\ufeff" if bom else "") + (text.replace("\n", "\r\n") if crlf else text)
    editor, expected = JsonEditor(text), copy.deepcopy(document)
    for _ in range(3):
        _edit(data, editor, expected)
    assert editor.data == expected
    assert json.loads(editor.text.removeprefix("\ufeff")) == expected
    assert editor.text.startswith("\ufeff") == bom
    if "\r\n" not in text:
        assert "\r\n" not in editor.text


def _edit(data: st.DataObject, editor: JsonEditor, expected: Any) -> None:
    lists, objects = list_paths(expected), object_paths(expected)
    full = [path for path in lists if at(expected, path)]
    kind = data.draw(st.sampled_from(["set", *(["insert"] if lists else []), *(["take"] if full else [])]))
    if kind == "insert":
        path = data.draw(st.sampled_from(lists))
        index, value = data.draw(st.integers(0, len(at(expected, path)))), data.draw(VALUES)
        editor.insert_item(path, index, value)
        at(expected, path).insert(index, value)
    elif kind == "take":
        path = data.draw(st.sampled_from(full))
        item = st.integers(0, len(at(expected, path)) - 1)
        index, target = data.draw(item), data.draw(item | st.none())
        taken = at(expected, path).pop(index)
        if target is None:
            editor.remove_item(path, index)
        else:
            editor.move_item(path, index, target)
            at(expected, path).insert(target, taken)
    elif objects:
        path = data.draw(st.sampled_from(objects))
        key, value = data.draw(st.sampled_from([*at(expected, path), "new key"])), data.draw(VALUES)
        editor.set_value((*path, key), value)
        at(expected, path)[key] = value


@given(data=st.data(), document=DOCUMENTS, style=_STYLES)
def test_an_item_that_is_put_in_and_taken_out_again_leaves_every_character(
    data: st.DataObject, document: Any, style: dict[str, Any]
) -> None:
    full = [path for path in list_paths(document) if at(document, path)]
    if not full:
        return
    text = json.dumps(document, **style)
    editor, path = JsonEditor(text), data.draw(st.sampled_from(full))
    index = data.draw(st.integers(0, len(at(document, path))))
    editor.insert_item(path, index, data.draw(VALUES))
    editor.remove_item(path, index)
    assert editor.text == text


@given(data=st.data(), document=DOCUMENTS, style=_STYLES)
def test_an_item_that_is_moved_and_moved_back_leaves_every_character(
    data: st.DataObject, document: Any, style: dict[str, Any]
) -> None:
    full = [path for path in list_paths(document) if at(document, path)]
    if not full:
        return
    text = json.dumps(document, **style)
    editor, path = JsonEditor(text), data.draw(st.sampled_from(full))
    places = st.integers(0, len(at(document, path)) - 1)
    source, target = data.draw(places), data.draw(places)
    editor.move_item(path, source, target)
    editor.move_item(path, target, source)
    assert editor.text == text


@pytest.mark.parametrize("style", [{"indent": 2}, {"indent": "\t"}, {}, {"separators": (",", ":")}])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_new_segment_looks_as_if_the_writer_had_written_it(style: dict[str, Any], index: int) -> None:
    editor = JsonEditor(json.dumps(SPEC, ensure_ascii=False, **style))
    new = {"id": 3, "title": "Három"}
    editor.insert_item(("segments",), index, new)
    segments = [*SPEC["segments"]]  # type: ignore[misc]
    segments.insert(index, new)
    assert editor.text == json.dumps({**SPEC, "segments": segments}, ensure_ascii=False, **style)


def test_a_moved_segment_keeps_its_number_spelling_and_its_unknown_keys() -> None:
    text = '{"segments": [{"id": 1},\n {"id" : 2, "x": 1.50e0},{"id":3}]}'
    editor = JsonEditor(text)
    editor.move_item(("segments",), 1, 0)
    assert editor.text == '{"segments": [{"id" : 2, "x": 1.50e0},\n {"id": 1},{"id":3}]}'


def test_a_key_is_renamed_where_it_stands() -> None:
    editor = JsonEditor('{"a": 1, "b": {"c": 2}, "d": 3}')
    editor.rename_key(("b",), "ő")
    assert editor.text == '{"a": 1, "ő": {"c": 2}, "d": 3}'
    assert list(editor.data) == ["a", "ő", "d"]
    with pytest.raises(InputError, match="taken"):
        editor.rename_key(("a",), "d")


@pytest.mark.parametrize(
    ("key", "left"), [("a", '{"b": 2, "c": 3}'), ("b", '{"a": 1, "c": 3}'), ("c", '{"a": 1, "b": 2}')]
)
def test_a_key_is_removed_with_one_comma(key: str, left: str) -> None:
    editor = JsonEditor('{"a": 1, "b": 2, "c": 3}')
    editor.remove_key((key,))
    assert editor.text == left
    editor.remove_key((key,))
    assert editor.text == left


def test_the_last_key_leaves_an_empty_object_and_a_first_item_fills_an_empty_list() -> None:
    editor = JsonEditor('{\n  "a": {"b": 1},\n  "list": []\n}')
    editor.remove_key(("a", "b"))
    editor.insert_item(("list",), 0, {"id": 1})
    assert editor.text == '{\n  "a": {},\n  "list": [\n    {\n      "id": 1\n    }\n  ]\n}'


@pytest.mark.parametrize(
    ("edit", "arguments"),
    [
        ("insert_item", (("segments",), 9, 1)),
        ("remove_item", (("segments",), 2)),
        ("move_item", (("segments",), 0, 2)),
        ("insert_item", (("stream",), 0, 1)),
        ("insert_item", (("nowhere", "list"), 0, 1)),
        ("set_value", (("segments", 7, "id"), 1)),
        ("remove_key", (("nowhere", "key"),)),
    ],
)
def test_an_edit_that_leads_nowhere_is_refused_and_changes_nothing(edit: str, arguments: Any) -> None:
    text = json.dumps(SPEC)
    editor = JsonEditor(text)
    with pytest.raises(InputError):
        getattr(editor, edit)(*arguments)
    assert editor.text == text
