"""The library of prompt fragments."""

from __future__ import annotations

from director_lib.domain.people import Action
from director_lib.errors import InputError
from director_lib.store.events import record_event
from director_lib.store.presets import Preset, add_preset, has_preset, list_presets
from director_lib.workbench.studio import Studio


class Presets:
    """Named prompt fragments, shared by the whole studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def list(self) -> list[Preset]:
        """Return every preset, by category and then name."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_presets(connection)

    def add(self, name: str, category: str, text: str) -> Preset:
        """Add a preset.

        Raises:
            InputError: A part is empty, or the name is taken.
        """
        self._studio.require(Action.EDIT_PROMPT)
        name, category, text = name.strip(), category.strip().lower(), text.strip()
        if not (name and category and text):
            raise InputError("A preset needs a name, a category and a text.")
        now, actor = self._studio.clock(), self._studio.actor.username
        with self._studio.database.write() as connection:
            if has_preset(connection, name):
                raise InputError(f"There is a preset named “{name}” already. Choose another name.")
            preset = add_preset(connection, name, category, text, author=actor, created_at=now)
            record_event(connection, "added_preset", actor, now, details={"preset_id": preset.id})
        return preset
