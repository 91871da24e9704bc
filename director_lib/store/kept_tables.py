"""Arrow tables in files that are mapped into memory, each with facts about what it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_ABOUT = b"director"


def find_table(path: Path) -> tuple[pa.Table, dict[str, Any]] | None:
    """Open a table with its facts; None when there is no such file, or nothing that can be made of it."""
    import pyarrow as pa

    try:
        # the mapping lives as long as the table does
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        facts = json.loads((table.schema.metadata or {})[_ABOUT])
        return table.replace_schema_metadata(None), dict(facts)
    except FileNotFoundError:
        return None
    except (pa.ArrowInvalid, KeyError, TypeError, ValueError):
        # broken off while it was written on a full disk, or of another release
        return None


def save_table(table: pa.Table, facts: Mapping[str, Any], path: Path) -> None:
    """Put a table in place of the file; whoever has the old one open keeps it.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    import pyarrow as pa

    whole = table.replace_schema_metadata({_ABOUT: json.dumps(dict(facts))}).combine_chunks()
    new = path.with_name(f"{path.name}.new")
    try:
        with pa.OSFile(str(new), "wb") as file, pa.ipc.new_file(file, whole.schema) as writer:
            writer.write_table(whole)
        new.replace(path)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()
