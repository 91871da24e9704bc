from __future__ import annotations

import pytest

from director_lib.domain.content import spec_content_sha256
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.printed_form import read_form
from director_lib.streams.reader import read_stream
from tests.streams.shapes import write


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        (None, ()),
        (True, ()),
        (7, ()),
        ("", ()),
        (" Write to us ", ("Write to us",)),
        (["Name", "", "Message"], ("Name", "Message")),
        (
            {
                "title": "Write to us",
                "action": "https://forms.example/7",
                "method": "POST",
                "fields": [
                    {"name": "who", "type": "text", "label": "Your name", "required": True},
                    {"name": "mail", "type": "email", "placeholder": "name@example.org"},
                    {"name": "message"},
                ],
                "button": "Send",
            },
            ("Write to us", "Your name", "name@example.org", "message", "Send"),
        ),
        ({"customer_name": "Kovács Piroska", "client": {"label": "Kovács"}, "text": "Hello"}, ("Hello",)),
    ],
)
def test_only_what_a_reader_sees_of_a_form_is_read(form: object, lines: tuple[str, ...]) -> None:
    assert read_form(form) == lines


def test_a_form_that_never_ends_is_read_as_far_as_it_makes_sense() -> None:
    form: list[object] = ["deep"]
    for _ in range(500):
        form = [form, "word"]
    assert read_form(form) == ("word",) * 4


@pytest.mark.parametrize(("key", "value"), [("footer", "© 2026"), ("layout", "left"), ("form", ["Name"])])
def test_what_is_printed_with_a_section_belongs_to_what_was_approved(
    root: StreamsRoot, key: str, value: object
) -> None:
    section = {"id": "a", "segment_ids": [1], "text_content": "Words."}
    spec = {"stream_id": "film", "segments": [{"id": 1, "image_prompt": "a quay"}], "sections": [section]}
    write(root.root, "film", spec)
    before = read_stream(root, "film")
    write(root.root, "film", spec | {"sections": [section | {key: value}]})
    after = read_stream(root, "film")
    assert getattr(after.sections[0], key) == (tuple(value) if isinstance(value, list) else value)
    assert spec_content_sha256(after) != spec_content_sha256(before)


@pytest.mark.parametrize("footer", [True, False, None, ""])
def test_a_footer_that_says_nothing_is_none(root: StreamsRoot, footer: object) -> None:
    write(root.root, "film", {"segments": [{"id": 1}], "sections": [{"id": "a", "footer": footer}]})
    assert read_stream(root, "film").sections[0].footer == ""
