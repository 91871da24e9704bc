"""Fields of a brief that hold others: each of theirs is edited by itself, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.brief import BriefField, FieldKind
from director_lib.errors import InputError
from director_lib.streams.brief_editor import read_brief_fields, write_brief_field
from director_lib.streams.brief_fields import LONGEST_KEY, MOST_INSIDE, brief_fields
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import parse_json

FORM = """{
  "style": {"era": "1930s"},
  "brief": {
\t"weather" : { "sky":"grey",   "wind": 3, "depth": 1.50, "rain": true, "client_mail": "private" },
    "people": [
      {"name": "Ana", "likes": ["sea","salt"]},
      {"name": "Ben",  "words": ["one\\ntwo", "three"]}
    ],
    "a/b": {"c~d": "x"},
    "deep": {"a": {"b": {"c": {"d": 1}}}},
    "none": {}
  },
  "later": [1.50, 2e3]
}
"""


def write_form(root: StreamsRoot, text: str = FORM) -> Path:
    folder = root.root / "film"
    (folder / "keyframes").mkdir(parents=True)
    (folder / "input.json").write_text(text, encoding="utf-8")
    return folder / "input.json"


def by_key(root: StreamsRoot) -> dict[str, BriefField]:
    return {field.key: field for field in read_brief_fields(root, "film")}


def test_every_field_inside_of_another_follows_it(root: StreamsRoot) -> None:
    write_form(root)
    fields = by_key(root)
    assert [key for key in fields if key.startswith("weather")] == [
        "weather",
        "weather/sky",
        "weather/wind",
        "weather/depth",
        "weather/rain",
    ]
    kinds = {key: field.kind for key, field in fields.items()}
    assert kinds["weather"] is FieldKind.GROUP
    assert kinds["weather/wind"] is FieldKind.NUMBER
    assert kinds["weather/depth"] is FieldKind.DECIMAL
    assert kinds["weather/rain"] is FieldKind.SWITCH
    assert (kinds["people/0/likes"], fields["people/0/likes"].text) == (FieldKind.LINES, "sea\nsalt")
    assert (kinds["people/1/words/0"], fields["people/1/words/0"].text) == (FieldKind.TEXT, "one\ntwo")
    assert fields["people/1/words/0"].words == "people › 2 › words › 1"
    assert fields["a~1b/c~0d"].path == ("a/b", "c~d")
    assert (kinds["deep/a/b/c"], fields["deep/a/b/c"].text) == (FieldKind.OTHER, "d: 1")
    assert kinds["none"] is FieldKind.OTHER
    assert not any("private" in field.text for field in fields.values())


@pytest.mark.parametrize(
    ("key", "text", "before", "after"),
    [
        ("weather/sky", "blue, 晴れ", '"sky":"grey"', '"sky":"blue, 晴れ"'),
        ("weather/wind", "-4", '"wind": 3', '"wind": -4'),
        ("weather/depth", "2,25", "1.50, ", "2.25, "),
        ("weather/rain", "no", "true", "false"),
        ("people/0/likes", "sea\nsand\n", '["sea","salt"]', '["sea","sand"]'),
        ("people/1/words/0", "a\nb", '"one\\ntwo"', '"a\\nb"'),
        ("people/1/name", "Bea", '"Ben"', '"Bea"'),
        ("a~1b/c~0d", "y", '"x"', '"y"'),
        ("style/era", "1940s", '"1930s"', '"1940s"'),
    ],
)
def test_only_that_field_changes_in_the_file(
    root: StreamsRoot, key: str, text: str, before: str, after: str
) -> None:
    path = write_form(root)
    write_brief_field(root, "film", key, text, base_text=by_key(root)[key].text)
    assert path.read_text(encoding="utf-8") == FORM.replace(before, after, 1)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("weather", "x"),
        ("deep/a/b/c", "x"),
        ("weather/rain", "maybe"),
        ("weather/depth", "1_0"),
        ("none", "x"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(root: StreamsRoot, key: str, text: str) -> None:
    path = write_form(root)
    with pytest.raises(InputError):
        write_brief_field(root, "film", key, text)
    assert path.read_text(encoding="utf-8") == FORM


def test_a_field_that_holds_very_many_is_shown_as_a_whole() -> None:
    [field] = [one for one in brief_fields({"brief": {"all": [{"n": 1}] * MOST_INSIDE}}) if one.text][:1]
    assert (field.key, field.kind) == ("all", FieldKind.OTHER)


@pytest.mark.parametrize("name", ["n" * (LONGEST_KEY + 1), "", "\ud800"])
def test_a_field_whose_name_no_page_could_send_is_edited_in_the_file(name: str) -> None:
    kinds = [one.kind for one in brief_fields({"brief": {name: {"sky": "grey"}}}) if one.text]
    assert kinds == [FieldKind.OTHER]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text("ab/~ é\n", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~é", max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("ab/~é", min_size=1, max_size=3), JSON, max_size=4), st.data())
def test_in_any_brief_every_key_is_one_field_and_an_edit_of_it_changes_no_other(
    tmp_path_factory: pytest.TempPathFactory, brief: dict[str, Any], data: st.DataObject
) -> None:
    root = StreamsRoot(tmp_path_factory.mktemp("any"))
    path = write_form(root, json.dumps({"brief": brief, "x": 1}, indent=2, ensure_ascii=False))
    before = by_key(root)
    assert len(before) == len(read_brief_fields(root, "film"))
    texts = sorted(key for key, one in before.items() if one.kind is FieldKind.TEXT and one.text)
    if not texts:
        return
    key = data.draw(st.sampled_from(texts))
    write_brief_field(root, "film", key, "other words", base_text=before[key].text)
    expected = {"brief": brief, "x": 1}
    place: Any = expected["brief"]
    for step in before[key].path[:-1]:
        place = place[step]
    place[before[key].path[-1]] = "other words"
    assert parse_json("it", path.read_text(encoding="utf-8")) == expected
