"""The settings page: keys, presets, engines, budget, and people for an admin."""

from __future__ import annotations

from typing import Any

from director_lib.pages.boards import BoardPage
from director_lib.pages.live import changed_fields
from director_lib.pages.opening import open_page
from director_lib.pages.settings_events import SettingsEvents
from director_lib.pages.settings_state import read_settings, read_streams
from director_lib.widgets.settings_page import SettingsScreen
from director_lib.workbench import Workbench

Json = dict[str, Any]


class SettingsPage(BoardPage):
    """What one person can set."""

    page = "settings"

    def make_screen(self) -> SettingsScreen:
        """Return the page's widget."""
        self._shown: Json = {}
        return SettingsScreen(
            on_ready=self.ready, **self.drawer.callbacks(), **SettingsEvents(self).callbacks()
        )

    def read_all(self, workbench: Workbench) -> Json:
        """Read everything that can be set, and the streams that engines can be chosen for."""
        self._shown = read_settings(workbench)
        return {"settings": self._shown, "streams": read_streams(workbench)}

    def read_changes(self, workbench: Workbench) -> Json:
        """Read what changed of it."""
        before, self._shown = self._shown, read_settings(workbench)
        return {"settings": changed_fields(before, self._shown)}


def show() -> None:
    """Show the settings page to whoever visits it."""
    page = SettingsPage()
    open_page(page.screen, lambda workbench, _parameters: page.start(workbench))
