"""What a kernel knows about its visitor, and its lock on what a browser may do."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import ipyvuetify
import ipywidgets
import pytest
import traitlets
from ipyvue.VueTemplateWidget import Events

from director_lib.domain.people import Actor, Role
from director_lib.errors import IllegalMoveError
from director_lib.pages import guard, visit
from director_lib.pages.visit import Visit
from director_lib.server.kernel_env import kernel_environment, visit_json

ANN = Actor("ann", Role.DIRECTOR, "Ann Other")
TEXT = visit_json(ANN, {"stream": "film", "segment": "7"}, "/s/film/keyframes")
SEEN = Visit(ANN, {"stream": "film", "segment": "7"}, "/s/film/keyframes")


@pytest.fixture(autouse=True)
def _fresh_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "_door", visit._Door())


@pytest.fixture
def _hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOILA_SERVER_URL", "/")


@pytest.mark.usefixtures("_hosted")
def test_a_fresh_kernel_reads_its_visit_and_hides_it_from_its_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIRECTOR_REQUEST", TEXT)
    assert visit.current() == SEEN
    assert visit.current() is visit.current()
    assert "DIRECTOR_REQUEST" not in visit.os.environ


@pytest.mark.usefixtures("_hosted")
def test_a_kernel_started_ahead_calls_back_once_it_is_told_and_may_begin() -> None:
    told: list[Visit] = []
    visit.when_bound(told.append)
    visit.begin()
    assert visit.current() is None
    assert told == []
    visit.bind(TEXT)
    assert told == [], "the server answers the browser before the page reads anything"
    visit.begin()
    assert told == [SEEN]
    visit.begin()
    assert told == [SEEN]
    visit.when_bound(told.append)
    assert told == [SEEN, SEEN]


@pytest.mark.usefixtures("_hosted")
def test_a_visit_cannot_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    visit.bind(TEXT)
    with pytest.raises(IllegalMoveError):
        visit.bind(TEXT.replace("ann", "eve"))
    assert visit.current() == SEEN
    monkeypatch.setattr(visit, "_door", visit._Door())
    monkeypatch.setenv("DIRECTOR_REQUEST", TEXT)
    with pytest.raises(IllegalMoveError):
        visit.bind(TEXT.replace("ann", "eve"))


@pytest.mark.usefixtures("_hosted")
def test_a_visit_of_an_unknown_role_is_none() -> None:
    with pytest.raises(ValueError, match="emperor"):
        visit.bind(TEXT.replace("director", "emperor"))
    assert visit.current() is None


def test_outside_the_server_there_is_no_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECTOR_REQUEST", TEXT)
    assert not visit.hosted()
    assert visit.current() is None


def test_a_kernel_is_told_no_secret_and_no_header() -> None:
    outer = {
        "PATH": "/bin",
        "LC_ALL": "C.UTF-8",
        "GOOGLE_AI_API_KEY": "leak",
        "REPLICATE_API_TOKEN": "leak",
        "DIRECTOR_SECRET_KEY": "leak",
        "JUPYTER_TOKEN": "leak",
        "PYTHON_KEYRING_PASSWORD": "leak",
        "AWS_ACCESS_KEY_ID": "leak",
        "HTTP_COOKIE": "leak",
        "HTTP_X_USER": "leak",
        "QUERY_STRING": "leak",
        "DIRECTOR_REQUEST": "leak",
        "DIRECTOR_HOME": "relative",
    }
    told = kernel_environment(outer, {"DIRECTOR_HOME": "/abs", "DIRECTOR_X_TOKEN": "leak"}, "/")
    assert "leak" not in told.values()
    assert told["PATH"] == "/bin"
    assert told["DIRECTOR_HOME"] == "/abs"
    assert told["VOILA_SERVER_URL"] == "/"


class Page(ipyvuetify.VuetifyTemplate):  # type: ignore[misc]
    """A page that counts its presses; ``open_door`` is no event."""

    template = traitlets.Unicode("<template><div></div></template>").tag(sync=True)
    n = traitlets.Int(0).tag(sync=True)
    typed = traitlets.Unicode("").tag(sync=True, client=True)
    marker: Path

    def vue_press(self, data: dict[str, Any]) -> None:
        self.n += data["n"]

    def open_door(self, **_names: Any) -> None:
        self.marker.write_text("in")


@pytest.fixture
def _original_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the library's own methods back after the test."""
    monkeypatch.setattr(Events, "_handle_event", Events._handle_event)
    monkeypatch.setattr(ipywidgets.Widget, "set_state", ipywidgets.Widget.set_state)


def send(page: Page, content: dict[str, Any]) -> None:
    page._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def write(page: Page, state: dict[str, Any]) -> None:
    page._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})


# What the library's protocol allows: call any method of the page, import any module.
ATTACK = {
    "create_widget": ["builtins", "dict"],
    "props": {"x": {"functionRef": "open_door"}},
    "id": "x",
}


@pytest.mark.usefixtures("_original_library")
def test_the_guard_closes_the_librarys_object_protocol(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = Page()
    page.marker = tmp_path / "marker"
    send(page, ATTACK)
    assert page.marker.exists(), "the library lets a browser call any method: this is what the guard is for"
    page.marker.unlink()
    guard.install()
    guarded = Page()
    guarded.marker = page.marker
    for content in (
        ATTACK,
        {"update_ref": {"functionRef": "open_door"}, "id": guarded.model_id, "prop": "n"},
        {"event": "press", "data": {"n": 1}, "extra": 1},
        {"event": "open_door", "data": {}},
        {"event": ["press"]},
        {},
    ):
        send(guarded, content)
    assert not page.marker.exists()
    assert guarded.n == 0
    send(guarded, {"event": "press", "data": {"n": 2}})
    assert guarded.n == 2
    assert caplog.text.count("refused a widget message") == 6


@pytest.mark.usefixtures("_original_library", "_hosted")
def test_under_the_server_the_browser_writes_only_its_own_traits(caplog: pytest.LogCaptureFixture) -> None:
    write(unguarded := Page(), {"n": 9})
    assert unguarded.n == 9, "the library lets a browser write every trait: this is what the guard is for"
    guard.install()
    guard.install()
    page = Page()
    write(page, {"n": 7, "typed": "hello", "unknown": 1})
    assert (page.n, page.typed) == (0, "hello")
    assert "refused to let the browser write ['n', 'unknown']" in caplog.text


@pytest.mark.usefixtures("_original_library")
def test_in_jupyterlab_an_analysts_sliders_keep_working() -> None:
    guard.install()
    slider = ipywidgets.IntSlider()
    slider._handle_msg({"content": {"data": {"method": "update", "state": {"value": 5}}}, "buffers": []})
    assert slider.value == 5


def test_a_widget_with_server_authority_protects_itself(caplog: pytest.LogCaptureFixture) -> None:
    class Strict(guard.ServerAuthority, ipywidgets.IntSlider):  # type: ignore[misc]
        """A slider that only the server moves."""

    caplog.set_level(logging.WARNING)
    strict = Strict()
    strict.set_state({"value": 5})
    assert strict.value == 0
    assert "refused" in caplog.text


def test_the_visit_is_plain_json() -> None:
    assert json.loads(TEXT)["actor"] == {"username": "ann", "role": "director", "display_name": "Ann Other"}
