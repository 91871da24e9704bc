"""What versions are needed for, read from the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from director_lib.domain.archive_policy import Hold
from director_lib.domain.version import Kind, Origin, Provenance
from director_lib.store.archive_reads import list_holds, list_old_versions
from director_lib.store.assets import ensure_asset
from director_lib.store.tables import tasks, variant_sets
from director_lib.store.versions import NewVersion, add_version
from tests.archive.conftest import Shelf


@pytest.mark.parametrize("use", ["source", "reference", "set", "winner", "task"])
def test_a_version_that_something_is_made_from_stays(shelf: Shelf, use: str) -> None:
    old = shelf.add(b"old")
    shelf.add(b"new")
    key, now = (old.sha256, old.extension), shelf.clock()
    made = Provenance()
    if use == "source":
        made = replace(made, source_version_id=old.id)
    elif use == "reference":
        made = replace(made, reference_sha256s=(old.sha256,))
    with shelf.workbench.studio.database.write() as connection:
        asset_id = ensure_asset(connection, "film", 1, Kind.VIDEO, now=now)
        clip = NewVersion("ab" * 32, ".mp4", 5, Origin.GENERATED, now, provenance=made)
        add_version(connection, asset_id, clip)
        if use in ("set", "winner"):
            winner = old.id if use == "winner" else None
            one = {"id": "v", "asset_id": asset_id, "author": "dora", "made_at": now}
            connection.execute(variant_sets.insert().values(**one, winner_version_id=winner))
        state = "queued" if use == "task" else "succeeded"
        task = {"seq": 1, "asset_id": asset_id, "engine": "local", "dedup_key": "x", "priority": 1}
        request = {"source_version_id": old.id, "reference_sha256s": []}
        made_here = {"version_id": old.id, "variant_set_id": "v"} if use == "set" else {}
        row = {**task, "id": "t", "state": state, "author": "dora", "queued_at": now, "request": request}
        connection.execute(tasks.insert().values({**row, **made_here}))
    with shelf.workbench.studio.database.read() as connection:
        for only in (None, key):
            held = list_holds(connection, only)
            assert held[old.id] is (Hold.VARIANT if use in ("set", "winner") else Hold.REFERENCED)
        assert len(list_old_versions(connection, key)) == 2
        assert len(list_old_versions(connection)) == 3
