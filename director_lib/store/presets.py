"""Presets: named prompt fragments with a category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.tables import presets


@dataclass(frozen=True, slots=True)
class Preset:
    """A prompt fragment that directors reuse.

    Attributes:
        category: What it is about ("lighting", "motion", "color", …).
        use_count: How often it was put into a prompt.
    """

    id: int
    name: str
    category: str
    text: str
    author: str
    use_count: int = 0


def add_preset(
    connection: sa.Connection, name: str, category: str, text: str, *, author: str, created_at: datetime
) -> Preset:
    """Append a preset; its name must be new."""
    result = connection.execute(
        presets.insert().values(name=name, category=category, text=text, author=author, created_at=created_at)
    )
    key = result.inserted_primary_key
    assert key is not None
    return Preset(int(key[0]), name, category, text, author)


def has_preset(connection: sa.Connection, name: str) -> bool:
    """Tell whether a preset of that name exists."""
    return connection.scalar(sa.select(presets.c.id).where(presets.c.name == name)) is not None


def list_presets(connection: sa.Connection) -> list[Preset]:
    """Read every preset, by category and then name."""
    rows = connection.execute(sa.select(presets))
    found = [Preset(row.id, row.name, row.category, row.text, row.author, row.use_count) for row in rows]
    # not by the database, whose order of texts depends on where and how it was made
    return sorted(found, key=lambda preset: (preset.category, preset.name))
