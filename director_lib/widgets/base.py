"""One screen: a Vue component that takes declared events from the browser, and nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from ipyvuetify.VuetifyTemplate import VuetifyTemplate

from director_lib.errors import DirectorError, PromptClashError
from director_lib.widgets.frame import frame_components
from director_lib.widgets.payload import Check, is_text, read_payload
from director_lib.widgets.precompiled import find_module, precompiled_template
from director_lib.widgets.sources import component_source, components_in
from director_lib.widgets.theme import apply_theme, theme_style

Payload = dict[str, Any]
Callback = Callable[[Payload], None]

_STATIC_ROWS = 200
_COMMON = frozenset({"open_page"})
"""Events of every screen, answered by what shows the screen and not by its page."""
_UNEXPECTED = (
    "Something went wrong on our side, and this was not saved. Try again; if it stays, tell an admin."
)
# Where the database is, and as whom it is asked, is for operators and not for pages.
_WHERE = re.compile(r" postgresql\S*://\S+|connection failed: .*? failed: (?:FATAL: +)?")
_log = logging.getLogger(__name__)


class Screen(VuetifyTemplate):
    """Base of every screen.

    A subclass names its ``folder`` and ``main`` component, and has one ``vue_<event>`` per event that calls
    ``self.handle``. Data goes to the browser by messages only; no trait of it is the browser's to write,
    except one tagged ``client=True``.

    Attributes:
        folder: Where the screen's ``.vue`` files are; all but ``main`` become its child components.
        main: File name of the screen's own component.
    """

    folder: ClassVar[Path]
    main: ClassVar[str]

    def __init__(self, **callbacks: Callback) -> None:
        """Build the screen.

        Args:
            callbacks: ``on_<event>`` for every event of the screen, each called with the checked payload.

        Raises:
            TypeError: A callback is missing, or belongs to no event.
        """
        wrong = {"on_" + event for event in self.event_names()} ^ {*callbacks}
        if wrong:
            raise TypeError(
                f"{type(self).__name__} needs exactly one callback per event; wrong: {sorted(wrong)}"
            )
        self._callbacks = {"on_open_page": self._open_whole_page, **callbacks}
        self._shown: Payload = {}
        self._failure = ""
        super().__init__(**self._look())
        apply_theme()

    @classmethod
    def event_names(cls) -> list[str]:
        """Return the events that a page of this screen answers, sorted."""
        own = {name.removeprefix("vue_") for name in dir(cls) if name.startswith("vue_")}
        return sorted(own - _COMMON)

    def vue_open_page(self, data: object) -> None:
        """The person goes to another address of the workbench."""
        self.handle("open_page", data, {"href": is_text})

    def when_asked_to_move(self, callback: Callback) -> None:
        """Call back with ``href``, a path with its query, when the person goes to another address."""
        self._callbacks["on_open_page"] = callback

    def push(self, method: str, payload: Payload) -> None:
        """Call ``jupyter_<method>(payload)`` in every open view of this screen."""
        message = payload.get("message")
        if isinstance(message, str):
            payload = {**payload, "message": _WHERE.sub("", message)}
        self.send({"method": method, "args": [payload]})

    def load(self, payload: Payload) -> None:
        """Show this state of everything, in place of whatever is shown."""
        self._shown = payload
        self.push("load", payload)

    def patch(self, payload: Payload) -> None:
        """Change the named parts of what is shown."""
        self.push("patch", payload)

    def detail(self, payload: Payload) -> None:
        """Show what belongs to one opened thing."""
        self.push("detail", payload)

    def reply(self, payload: Payload) -> None:
        """Answer one request; the payload has its ``request_id`` and ``ok``."""
        self.push("reply", payload)

    def notice(self, payload: Payload) -> None:
        """Tell the person something: ``level`` ("info" or "error") and ``message``."""
        self.push("notice", payload)

    def fail(self, message: str) -> None:
        """Show that the page cannot be opened and why, now and to every browser that comes later."""
        self._failure = message
        self.push("fail", {"message": message})

    def handle(self, event: str, data: object, form: Mapping[str, Check]) -> None:
        """Check an event's payload and hand it to the page; a failure becomes the answer to the browser.

        Args:
            event: Name of the event.
            data: What the browser sent.
            form: Fields of the payload, each with its check.
        """
        if self._failure and event not in _COMMON:
            self.push("fail", {"message": self._failure})
            return
        try:
            self._callbacks["on_" + event](read_payload(event, data, form))
        except PromptClashError as error:
            texts = {"field": error.field, "base": error.base, "theirs": error.theirs, "yours": error.yours}
            self._refuse(data, error.code, error.user_message, {"clash": texts})
        except DirectorError as error:
            self._refuse(data, error.code, error.user_message)
        except Exception:  # noqa: BLE001 - the outer edge of a browser event
            _log.exception("the page failed on event %s", event)
            self._refuse(data, "unexpected", _UNEXPECTED)

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return headings and rows for places without a browser's widgets, such as a saved notebook."""
        return (), ()

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take over the browser's values of traits tagged ``client=True``; refuse and log all others."""
        traits = self.traits()
        allowed = {k: v for k, v in sync_data.items() if k in traits and traits[k].metadata.get("client")}
        if len(allowed) != len(sync_data):
            _log.warning("refused a write to %s", sorted(map(str, sync_data.keys() - allowed.keys())))
        if allowed:
            super().set_state(allowed)

    def _open_whole_page(self, data: Payload) -> None:
        self.push("moved", {"href": data["href"], "is_here": False})

    def _look(self) -> dict[str, Any]:
        """Return the screen's component: compiled ahead, or its sources for the browser to compile."""
        main = self.folder / self.main
        module = find_module(main)
        if module is not None:
            return {"template": precompiled_template(module)}
        parts = frame_components() | components_in(self.folder, but=self.main)
        return {"template": component_source(main) + theme_style(), "components": parts}

    def _handle_event(self, _widget: object, content: object, _buffers: object) -> None:
        # The library's own handler would also create widgets and call methods that the browser names.
        named = isinstance(content, dict) and {*content} <= {"event", "data"}
        event = content.get("event") if named and isinstance(content, dict) else None
        if not isinstance(event, str) or event not in {*self.event_names(), *_COMMON}:
            _log.warning("refused a message that is not a declared event of %s", type(self).__name__)
            return
        data = content.get("data") if isinstance(content, dict) else None
        getattr(self, "vue_" + event)(data)

    def _refuse(self, data: object, code: str, message: str, more: Payload | None = None) -> None:
        request_id = data.get("request_id") if isinstance(data, dict) else None
        if isinstance(request_id, str):
            refusal = {"request_id": request_id[:80], "ok": False, "code": code, "message": message}
            self.reply({**refusal, **(more or {})})
        else:
            self.notice({"level": "error", "message": message})

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        title = self._static_title()
        return {**bundle, "text/html": _static_html(title, *self.static_table()), "text/plain": title}

    def _static_title(self) -> str:
        frame = self._shown.get("frame") or {}
        stream = frame.get("stream") or {}
        return (
            " · ".join(str(part) for part in (stream.get("title"), frame.get("page")) if part) or "Workbench"
        )


def _static_html(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows[:_STATIC_ROWS]
    )
    more = f"<p>… and {len(rows) - _STATIC_ROWS:,} more.</p>" if len(rows) > _STATIC_ROWS else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if headings else ""
    return f"<h3>{escape(title)}</h3>{table}{more}"
