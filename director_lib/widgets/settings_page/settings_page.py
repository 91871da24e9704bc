"""Settings: one's own keys, the studio's presets, engines and budget, and for an admin its people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.domain.budget import BudgetScope
from director_lib.domain.people import Role
from director_lib.domain.version import Kind
from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import (
    Check,
    is_amount,
    is_flag,
    is_id,
    is_number,
    is_object,
    is_text,
    one_of,
)

_PRESET: dict[str, Check] = {"name": is_text, "category": is_text, "text": is_text, "is_shared": is_flag}
_PERSON: dict[str, Check] = REQUEST | {"username": is_id}
_ROLE = one_of(*Role)
_BUDGET: dict[str, Check] = REQUEST | {"scope": one_of(*BudgetScope)}


class SettingsScreen(DrawerScreen):
    """Shows settings and sends what is changed; who may do what is for the use cases to check."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "settings_page.vue"

    def vue_set_keys(self, data: object) -> None:
        """Every key that the person gave to an action."""
        self.handle("set_keys", data, REQUEST | {"keys": is_object})

    def vue_add_preset(self, data: object) -> None:
        """A new preset."""
        self.handle("add_preset", data, REQUEST | _PRESET)

    def vue_edit_preset(self, data: object) -> None:
        """What a preset is to say from now on."""
        self.handle("edit_preset", data, REQUEST | _PRESET | {"preset_id": is_number})

    def vue_delete_preset(self, data: object) -> None:
        """A preset is not wanted any more."""
        self.handle("delete_preset", data, REQUEST | {"preset_id": is_number})

    def vue_stream_engines(self, data: object) -> None:
        """What was chosen for a stream."""
        self.handle("stream_engines", data, REQUEST | {"stream_id": is_id})

    def vue_choose_engine(self, data: object) -> None:
        """What is to make a stream's stills or clips; an empty engine takes the choice back."""
        form = REQUEST | {"stream_id": is_id, "kind": one_of(*Kind), "engine": is_text, "model": is_text}
        self.handle("choose_engine", data, form)

    def vue_set_budget(self, data: object) -> None:
        """What may be spent from now on."""
        self.handle("set_budget", data, _BUDGET | {"amount_usd": is_amount})

    def vue_lift_budget(self, data: object) -> None:
        """There shall be no limit any more."""
        self.handle("lift_budget", data, _BUDGET)

    def vue_reset_budget(self, data: object) -> None:
        """The settings' default is wanted again."""
        self.handle("reset_budget", data, _BUDGET)

    def vue_add_person(self, data: object) -> None:
        """A new account."""
        form = _PERSON | {"role": _ROLE, "password": is_text, "display_name": is_text}
        self.handle("add_person", data, form)

    def vue_set_role(self, data: object) -> None:
        """What somebody is in the studio from now on."""
        self.handle("set_role", data, _PERSON | {"role": _ROLE})

    def vue_disable_person(self, data: object) -> None:
        """Somebody shall not come in any more."""
        self.handle("disable_person", data, _PERSON)

    def vue_enable_person(self, data: object) -> None:
        """Somebody may come in again."""
        self.handle("enable_person", data, _PERSON)

    def vue_set_password(self, data: object) -> None:
        """A new password for somebody."""
        self.handle("set_password", data, _PERSON | {"password": is_text})

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per preset, for a saved notebook."""
        rows = [
            (one["category"], one["name"], one["text"])
            for one in self._shown.get("settings", {}).get("presets", [])
        ]
        return ("Category", "Preset", "Text"), rows
