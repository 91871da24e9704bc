"""What a path means, and where one may be sent after signing in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.addresses import PageAddress, find_page, safe_return_path, servable_notebooks

NOTEBOOKS = {
    "streams.ipynb",
    "keyframes.ipynb",
    "tasks.ipynb",
    "metrics.ipynb",
    "advice.ipynb",
    "settings.ipynb",
    "variants.ipynb",
}


@pytest.mark.parametrize(
    ("path", "query", "page"),
    [
        ("/", {}, PageAddress("streams.ipynb")),
        ("/tasks", {"stream": "film"}, PageAddress("tasks.ipynb", {"stream": "film"})),
        ("/metrics", {}, PageAddress("metrics.ipynb")),
        ("/settings", {"stream": "film"}, PageAddress("settings.ipynb", {"stream": "film"})),
        ("/variants", {}, PageAddress("variants.ipynb")),
        ("/advice", {}, PageAddress("advice.ipynb", {})),
        (
            "/s/film/keyframes",
            {"segment": "7"},
            PageAddress("keyframes.ipynb", {"segment": "7", "stream": "film"}),
        ),
        ("/s/film/metrics/", {}, PageAddress("metrics.ipynb", {"stream": "film"})),
        ("/s/film/keyframes", {"stream": "other"}, PageAddress("keyframes.ipynb", {"stream": "film"})),
        (
            "/voila/render/keyframes.ipynb",
            {"stream": "film"},
            PageAddress("keyframes.ipynb", {"stream": "film"}),
        ),
        ("/", {"template": "lab", "theme": "light", "q": "x"}, PageAddress("streams.ipynb", {"q": "x"})),
        ("/", {"long": "x" * 2001, "": "x"}, PageAddress("streams.ipynb")),
    ],
)
def test_a_path_names_a_page(path: str, query: dict[str, str], page: PageAddress) -> None:
    assert find_page(path, query, NOTEBOOKS) == page


@pytest.mark.parametrize(
    "path",
    [
        "/s/film",
        "/s/film/story",
        "/s/../keyframes",
        "/s/a b/keyframes",
        "/s/.hidden/keyframes",
        "/s/film/../keyframes",
        "/voila/render/batch/nightly.ipynb",
        "/voila/render/../keyframes.ipynb",
        "/voila/render/..%2fkeyframes.ipynb",
        "/voila/render/keyframes.py",
        "/voila/render/Keyframes.ipynb",
        "/voila/render/",
        "/nothing",
        "//",
    ],
)
def test_anything_else_names_none(path: str) -> None:
    assert find_page(path, {}, NOTEBOOKS) is None


def test_a_stream_id_that_could_leave_its_folder_names_no_page() -> None:
    assert find_page("/voila/render/keyframes.ipynb", {"stream": "../../etc"}, NOTEBOOKS) is None


def test_only_notebooks_directly_in_the_folder_are_served(tmp_path: Path) -> None:
    for name in ("streams.ipynb", "batch/nightly.ipynb", ".hidden.ipynb", "Draft copy.ipynb", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    assert servable_notebooks(tmp_path) == {"streams.ipynb"}


@pytest.mark.parametrize("wanted", ["/", "/s/film/keyframes?segment=7", "/tasks#top"])
def test_a_path_on_this_server_is_returned_to(wanted: str) -> None:
    assert safe_return_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/\tx",
        "/a\nb",
    ],
)
def test_any_other_place_becomes_the_start_page(wanted: str) -> None:
    assert safe_return_path(wanted) == "/"


@given(st.text())
def test_no_text_leads_off_this_server(wanted: str) -> None:
    safe = safe_return_path(wanted)
    assert safe.startswith("/")
    assert urlsplit(safe).netloc == ""
    assert urlsplit(safe).scheme == ""
