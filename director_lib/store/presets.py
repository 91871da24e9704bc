"""Presets: named prompt fragments with a category."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.preset import PresetForm
from director_lib.errors import NotFoundError
from director_lib.store.tables import presets


@dataclass(frozen=True, slots=True)
class Preset:
    """A prompt fragment that directors reuse.

    Attributes:
        category: What it is about ("lighting", "motion", "color", …).
        use_count: How often it was put into a prompt.
        is_shared: Whether everybody sees it, or only its author.
    """

    id: int
    name: str
    category: str
    text: str
    author: str
    use_count: int = 0
    is_shared: bool = True


def add_preset(
    connection: sa.Connection, name: str, category: str, text: str, *, author: str, created_at: datetime
) -> Preset:
    """Append a preset for everybody; its name must be new among its author's."""
    return insert_preset(connection, PresetForm(name, category, text), author=author, created_at=created_at)


def insert_preset(
    connection: sa.Connection, form: PresetForm, *, author: str, created_at: datetime
) -> Preset:
    """Append a preset; its name must be new among its author's."""
    result = connection.execute(
        presets.insert().values(**_values(form), author=author, created_at=created_at)
    )
    key = result.inserted_primary_key
    assert key is not None
    return Preset(int(key[0]), form.name, form.category, form.text, author, 0, form.is_shared)


def update_preset(connection: sa.Connection, preset_id: int, form: PresetForm) -> None:
    """Change what a preset says; its author and count stay."""
    connection.execute(presets.update().where(presets.c.id == preset_id).values(**_values(form)))


def delete_preset(connection: sa.Connection, preset_id: int) -> None:
    """Remove a preset; prompts that have its words keep them."""
    connection.execute(presets.delete().where(presets.c.id == preset_id))


def count_uses(connection: sa.Connection, preset_ids: Collection[int], times: int = 1) -> None:
    """Count that presets were put into a prompt."""
    used = presets.update().where(presets.c.id.in_(preset_ids))
    connection.execute(used.values(use_count=presets.c.use_count + times))


def has_preset(connection: sa.Connection, name: str) -> bool:
    """Tell whether a preset of that name exists, whoever sees it."""
    return connection.scalar(sa.select(presets.c.id).where(presets.c.name == name)) is not None


def get_preset(connection: sa.Connection, preset_id: int, reader: str) -> Preset:
    """Return a preset that everybody or this reader sees.

    Raises:
        NotFoundError: There is none of that id, or it is somebody else's own.
    """
    found = _read(connection, _seen_by(reader) & (presets.c.id == preset_id))
    if not found:
        raise NotFoundError("preset", preset_id)
    return found[0]


def list_presets(connection: sa.Connection, reader: str | None = None) -> list[Preset]:
    """Read every preset, by category and then name; what everybody or the reader sees, when one is given."""
    return _read(connection, sa.true() if reader is None else _seen_by(reader))


def _read(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Preset]:
    found = [
        Preset(row.id, row.name, row.category, row.text, row.author, row.use_count, bool(row.is_shared))
        for row in connection.execute(sa.select(presets).where(which))
    ]
    # not by the database, whose order of texts depends on where and how it was made
    return sorted(found, key=lambda preset: (preset.category, preset.name, preset.author))


def _seen_by(reader: str) -> sa.ColumnElement[bool]:
    return sa.or_(presets.c.is_shared.is_(True), presets.c.author == reader)


def _values(form: PresetForm) -> dict[str, Any]:
    return {"name": form.name, "category": form.category, "text": form.text, "is_shared": form.is_shared}
