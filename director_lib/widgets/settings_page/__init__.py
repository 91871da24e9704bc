"""The settings page: keys, presets, engines, budget and people."""

from director_lib.widgets.settings_page.settings_page import SettingsScreen

__all__ = ["SettingsScreen"]
