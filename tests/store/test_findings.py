from __future__ import annotations

from director_lib.domain.finding import Finding, Severity
from director_lib.domain.version import Kind, Origin
from director_lib.store.assets import ensure_asset
from director_lib.store.database import Database
from director_lib.store.findings import add_findings, list_findings
from director_lib.store.versions import NewVersion, add_version
from tests.store.test_versions import NOW

FOUND = [
    Finding("black", "The picture is almost black.", Severity.SERIOUS, 1.0, 1.5),
    Finding("letterbox", "There are black bars above and below."),
]


def test_findings_come_back_in_their_order_and_only_for_the_versions_asked_for(database: Database) -> None:
    with database.write() as connection:
        asset_id = ensure_asset(connection, "film", 1, Kind.VIDEO, now=NOW)
        new = [NewVersion(sha * 64, ".mp4", 9, Origin.GENERATED, NOW) for sha in "abc"]
        first, second, third = (add_version(connection, asset_id, version) for version in new)
        add_findings(connection, first.id, FOUND)
        add_findings(connection, second.id, [])
        add_findings(connection, third.id, FOUND[:1])
    with database.read() as connection:
        assert list_findings(connection, [first.id, second.id]) == {first.id: FOUND}
        assert list_findings(connection, []) == {}
