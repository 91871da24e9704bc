"""Editing one field of a brief: nothing else in the order form changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.brief import BriefField, FieldKind
from director_lib.errors import InputError, NotFoundError, StaleWriteError
from director_lib.streams.brief_editor import read_brief_fields, write_brief_field
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_lists import replace_list

FORM = """{
  "title": "Árvíz",
  "client": {"name": "Somebody"},
  "story": "Once.\\nTwice.",
  "segment_count": 9,
  "brief": {
    "notes": "calm,  slow",
    "tone": [
      "warm",
      "still"
    ],
    "client_wishes": "private",
    "weather": {"sky": "grey"},
    "colors": ["blue","green"]
  },
  "later": [1.50, 2e3]
}
"""


def write_form(root: StreamsRoot, text: str | None = FORM) -> Path:
    folder = root.root / "film"
    (folder / "keyframes").mkdir(parents=True)
    if text is not None:
        (folder / "input.json").write_text(text, encoding="utf-8")
    return folder / "input.json"


def by_key(root: StreamsRoot) -> dict[str, BriefField]:
    return {field.key: field for field in read_brief_fields(root, "film")}


def test_every_field_is_read_unknown_ones_included_and_personal_ones_left_out(root: StreamsRoot) -> None:
    write_form(root)
    fields = by_key(root)
    assert list(fields)[:6] == ["notes", "tone", "weather", "weather/sky", "colors", "segment_count"]
    assert (fields["tone"].text, fields["tone"].kind) == ("warm\nstill", FieldKind.LINES)
    assert (fields["weather"].text, fields["weather"].is_editable) == ("sky: grey", False)
    assert (fields["weather/sky"].text, fields["weather/sky"].words) == ("grey", "weather › sky")
    assert (fields["segment_count"].text, fields["segment_count"].kind) == ("9", FieldKind.NUMBER)
    assert fields["motifs"].text == ""
    assert not any("client" in key for key in fields)


@pytest.mark.parametrize(
    ("key", "text", "before", "after"),
    [
        ("notes", "wild, 速い", '"calm,  slow"', '"wild, 速い"'),
        ("segment_count", "12", ": 9,", ": 12,"),
        ("colors", "blue\nred\n\n", '["blue","green"]', '["blue","red"]'),
        ("tone", "warm", '"warm",\n      "still"\n', '"warm"\n'),
        ("tone", "", '[\n      "warm",\n      "still"\n    ]', "[]"),
        ("motifs", "rain", '"green"]\n', '"green"],\n    "motifs": "rain"\n'),
        ("cta", "Call", "2e3]\n}", '2e3],\n  "cta": "Call"\n}'),
    ],
)
def test_only_the_field_changes_in_the_file(
    root: StreamsRoot, key: str, text: str, before: str, after: str
) -> None:
    path = write_form(root)
    write_brief_field(root, "film", key, text)
    assert path.read_text(encoding="utf-8") == FORM.replace(before, after)


def test_what_somebody_else_changed_is_never_overwritten(root: StreamsRoot) -> None:
    path = write_form(root)
    path.write_text(FORM.replace("calm,  slow", "theirs"), encoding="utf-8")
    with pytest.raises(StaleWriteError):
        write_brief_field(root, "film", "notes", "mine", base_text="calm,  slow")
    write_brief_field(root, "film", "tone", "bold", base_text="warm\nstill")
    assert by_key(root)["notes"].text == "theirs"
    assert write_brief_field(root, "film", "notes", "theirs", base_text="calm,  slow") == "theirs"


def test_what_does_not_fit_is_refused_and_nothing_is_written(root: StreamsRoot) -> None:
    path = write_form(root)
    for key, text in (
        ("weather", "x"),
        ("segment_count", "many"),
        ("segment_count", "0"),
        ("notes", "x" * 20_001),
    ):
        with pytest.raises(InputError):
            write_brief_field(root, "film", key, text)
    for key in ("client_wishes", "nothing"):
        with pytest.raises(NotFoundError):
            write_brief_field(root, "film", key, "x")
    assert path.read_text(encoding="utf-8") == FORM


@pytest.mark.parametrize(
    "form", [None, "{}", '{"brief": null}', '{"brief": {}}', '{"story": "x"}', '\ufeff{"story": "x"}']
)
def test_a_brief_begins_where_there_is_none(root: StreamsRoot, form: str | None) -> None:
    path = write_form(root, form)
    write_brief_field(root, "film", "tone", "dry")
    assert by_key(root)["tone"].text == "dry"
    assert json.loads(path.read_text(encoding="utf-8-sig"))["brief"] == {"tone": "dry"}


def test_a_brief_of_one_text_is_its_notes(root: StreamsRoot) -> None:
    path = write_form(root, '{"brief": "calm"}')
    write_brief_field(root, "film", "notes", "wild", base_text="calm")
    write_brief_field(root, "film", "cta", "Call")
    assert json.loads(path.read_text(encoding="utf-8")) == {"brief": "wild", "cta": "Call"}
    with pytest.raises(NotFoundError):
        write_brief_field(root, "film", "tone", "dry")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.text(max_size=6), max_size=4),
    st.lists(st.text(max_size=6), max_size=4),
    JSON,
    st.sampled_from([None, 1, 4, "\t"]),
)
def test_a_replaced_list_is_exactly_the_new_one_and_the_rest_stays(
    old: list[str], new: list[str], other: Any, indent: int | str | None
) -> None:
    data = {"before": other, "list": old, "after": [other]}
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    changed = replace_list(text, ("list",), new)
    assert json.loads(changed) == {**data, "list": new}
    assert replace_list(text, ("list",), old) == text
