"""What the settings page asks for, as workbench calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from director_lib.domain.preset import PresetForm
from director_lib.domain.version import Kind
from director_lib.pages.drawer import Handler, OpenPage, answering
from director_lib.pages.settings_state import read_stream_engines

Json = dict[str, Any]


class SettingsEvents:
    """Answers the settings page's events.

    The screen has checked the form of each payload; what the values mean is for the use cases to check.
    """

    def __init__(self, page: OpenPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the screen's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "set_keys": self._set_keys,
            "add_preset": self._add_preset,
            "edit_preset": self._edit_preset,
            "delete_preset": self._delete_preset,
            "stream_engines": self._stream_engines,
            "choose_engine": self._choose_engine,
            "set_budget": self._set_budget,
            "lift_budget": self._lift_budget,
            "reset_budget": self._reset_budget,
            "add_person": self._add_person,
            "set_role": self._set_role,
            "disable_person": self._disable_person,
            "enable_person": self._enable_person,
            "set_password": self._set_password,
        }
        return {f"on_{name}": answering(self._page, handler) for name, handler in answered.items()}

    def _set_keys(self, data: Json) -> Json:
        return {"keys": self._page.workbench.preferences.set_keys(data["keys"])}

    def _add_preset(self, data: Json) -> Json:
        presets = self._page.workbench.presets
        added = presets.add(data["name"], data["category"], data["text"], shared=data["is_shared"])
        return {"preset_id": added.id}

    def _edit_preset(self, data: Json) -> None:
        form = PresetForm(data["name"], data["category"], data["text"], data["is_shared"])
        self._page.workbench.presets.edit(data["preset_id"], form)

    def _delete_preset(self, data: Json) -> None:
        self._page.workbench.presets.delete(data["preset_id"])

    def _stream_engines(self, data: Json) -> Json:
        return {"chosen": read_stream_engines(self._page.workbench, data["stream_id"])}

    def _choose_engine(self, data: Json) -> Json:
        engines, stream_id, kind = self._page.workbench.engines, data["stream_id"], Kind(data["kind"])
        if data["engine"]:
            engines.choose(stream_id, kind, data["engine"], data["model"])
        else:
            engines.forget(stream_id, kind)
        return self._stream_engines(data)

    def _set_budget(self, data: Json) -> None:
        self._page.workbench.tasks.set_budget(data["scope"], data["amount_usd"])

    def _lift_budget(self, data: Json) -> None:
        self._page.workbench.tasks.set_budget(data["scope"], None)

    def _reset_budget(self, data: Json) -> None:
        self._page.workbench.tasks.reset_budget(data["scope"])

    def _add_person(self, data: Json) -> None:
        accounts = self._page.workbench.accounts
        accounts.add(data["username"], data["role"], data["password"], data["display_name"])

    def _set_role(self, data: Json) -> None:
        self._page.workbench.accounts.set_role(data["username"], data["role"])

    def _disable_person(self, data: Json) -> None:
        self._page.workbench.accounts.disable(data["username"])

    def _enable_person(self, data: Json) -> None:
        self._page.workbench.accounts.enable(data["username"])

    def _set_password(self, data: Json) -> None:
        self._page.workbench.accounts.set_password(data["username"], data["password"])
