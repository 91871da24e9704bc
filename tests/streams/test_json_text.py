from __future__ import annotations

import json
from typing import Any

import pytest

from director_lib.errors import InputError, StreamFileError
from director_lib.streams import json_text
from director_lib.streams.json_text import patch_values

PLAIN = """{
  "stream": { "id": "a", "fps": 24.0, "big": 1E3 },
  "segments": [
    {"id": 1, "image_prompt": "r\\u00e9gi \\"esti\\"", "layers": [ 1,2 , 3 ]},
    {
      "id": 2,

      "image_prompt" : "second",
      "odd": {},
      "image_prompt" : "the last one counts"
    }
  ]
}
"""


def _changed_lines(before: str, after: str) -> list[str]:
    old, new = before.split("\n"), after.split("\n")
    assert len(old) == len(new)
    return [line for was, line in zip(old, new, strict=True) if was != line]


def test_one_changed_value_changes_one_line_and_only_its_own_characters() -> None:
    after = patch_values(PLAIN, {("segments", 0, "image_prompt"): "new"})
    assert after == PLAIN.replace('"r\\u00e9gi \\"esti\\""', '"new"')
    assert len(_changed_lines(PLAIN, after)) == 1


def test_of_a_repeated_key_the_last_one_is_changed_and_the_other_stays() -> None:
    after = patch_values(PLAIN, {("segments", 1, "image_prompt"): "x"})
    assert after == PLAIN.replace('"the last one counts"', '"x"')


@pytest.mark.parametrize("value", ["x", 7, -1.5, True, False, None, "", "line\nbreak\t\u2028", "\U0001f600"])
def test_every_kind_of_value_can_be_written(value: Any) -> None:
    after = patch_values(PLAIN, {("stream", "id"): value})
    assert json.loads(after)["stream"]["id"] == value


def test_a_value_that_is_there_already_keeps_its_spelling() -> None:
    same = {("stream", "fps"): 24, ("stream", "big"): 1000, ("segments", 0, "image_prompt"): 'régi "esti"'}
    assert patch_values(PLAIN, same) == PLAIN


def test_no_changes_give_the_same_text() -> None:
    assert patch_values(PLAIN, {}) == PLAIN


def test_true_is_not_taken_for_one() -> None:
    assert patch_values('{"a": 1}', {("a",): True}) == '{"a": true}'
    assert patch_values('{"a": false}', {("a",): 0}) == '{"a": 0}'


def test_several_values_and_new_keys_are_written_together() -> None:
    changes = {
        ("segments", 1, "odd", "x"): 1,
        ("segments", 1, "new"): "n",
        ("stream", "id"): "b",
        ("stream", "more"): None,
        ("stream", "most"): 2,
    }
    after = json.loads(patch_values(PLAIN, changes))
    assert after["stream"] == {"id": "b", "fps": 24.0, "big": 1000.0, "more": None, "most": 2}
    assert after["segments"][1]["odd"] == {"x": 1}
    assert after["segments"][1]["new"] == "n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a":1}', '{"a":1,"k":"v"}'),
        ('{"a": 1}', '{"a": 1, "k": "v"}'),
        ('{"a" : 1 , "b" : 2}', '{"a" : 1 , "b" : 2 , "k" : "v"}'),
        ('{ "a":1 }', '{ "a":1, "k":"v" }'),
        ("{}", '{"k": "v"}'),
        ('{\n  "a": 1\n}', '{\n  "a": 1,\n  "k": "v"\n}'),
        ('{\r\n\t"a": 1\r\n}\r\n', '{\r\n\t"a": 1,\r\n\t"k": "v"\r\n}\r\n'),
        ('{ "a": 1\n, "b": 2\n}', '{ "a": 1\n, "b": 2\n, "k": "v"\n}'),
        ('{"a":\n   1}', '{"a":\n   1, "k": "v"}'),
        ('\ufeff{"a":1}', '\ufeff{"a":1,"k":"v"}'),
    ],
)
def test_a_missing_key_is_added_in_the_object_s_own_style(before: str, after: str) -> None:
    assert patch_values(before, {("k",): "v"}) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{\n  "o": {}\n}', '{\n  "o": {\n    "k": "v"\n  }\n}'),
        ('{\r\n\t"o": { }\r\n}', '{\r\n\t"o": {\r\n\t\t"k": "v"\r\n\t}\r\n}'),
        ('{"o": {}}', '{"o": {"k": "v"}}'),
        ('{"o":{}}', '{"o":{"k":"v"}}'),
        ('{"a":":\\": ","o":{}}', '{"a":":\\": ","o":{"k":"v"}}'),
    ],
)
def test_an_empty_object_is_filled_in_the_style_of_the_text(before: str, after: str) -> None:
    assert patch_values(before, {("o", "k"): "v"}) == after


def test_letters_are_written_plainly() -> None:
    assert patch_values('{"a": "x", "b": "\\u0001"}', {("a",): "ő"}) == '{"a": "ő", "b": "\\u0001"}'


def test_letters_are_escaped_where_the_text_escapes_all_of_them() -> None:
    assert patch_values('{"a": "x", "b": "\\u0151"}', {("a",): "ű"}) == '{"a": "\\u0171", "b": "\\u0151"}'


def test_a_text_with_both_spellings_gets_plain_letters() -> None:
    assert patch_values('{"a": "x", "b": "\\u0151ő"}', {("a",): "ű"}) == '{"a": "ű", "b": "\\u0151ő"}'


def test_an_escaped_backslash_before_a_u_is_no_escaped_letter() -> None:
    assert patch_values('{"a": "x", "b": "\\\\u0151"}', {("a",): "ű"}) == '{"a": "ű", "b": "\\\\u0151"}'


def test_half_of_a_surrogate_pair_is_written_as_an_escape() -> None:
    assert patch_values('{"a": "ő"}', {("a",): "\ud800"}) == '{"a": "\\ud800"}'


def test_numbers_that_json_does_not_know_survive_elsewhere() -> None:
    assert patch_values('{"a": NaN, "b": 1}', {("b",): 2}) == '{"a": NaN, "b": 2}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(InputError, match="finite"):
        patch_values('{"a": 1}', {("a",): value})


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("nowhere", "a"),
        ("segments", 2, "id"),
        ("segments", -1, "id"),
        ("segments", "0", "id"),
        ("segments", 5),
        ("segments", "x"),
        ("stream", 0),
        ("stream", "id", "deeper"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(InputError, match="nothing at"):
        patch_values(PLAIN, {path: "x"})


@pytest.mark.parametrize("path", [("segments",), ("segments", 0), ("segments", 0, "layers")])
def test_a_list_or_object_is_never_replaced_by_one_value(path: tuple[str | int, ...]) -> None:
    with pytest.raises(InputError, match="more than one value"):
        patch_values(PLAIN, {path: "x"})


def test_text_that_is_not_json_names_line_and_column() -> None:
    with pytest.raises(StreamFileError) as caught:
        patch_values('{\n "a": }', {("a",): 1})
    assert (caught.value.line, caught.value.column) == (2, 7)


def test_an_edit_that_would_change_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = lambda _self, _path: PLAIN.index("24.0")  # noqa: E731
    monkeypatch.setattr(json_text.Spans, "find_start", wrong)
    with pytest.raises(StreamFileError, match="something else"):
        patch_values(PLAIN, {("stream", "id"): "x"})
