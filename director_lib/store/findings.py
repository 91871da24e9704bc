"""Findings: what automatic looks at versions found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from director_lib.domain.finding import Finding, Severity
from director_lib.store.tables import findings


def add_findings(connection: sa.Connection, version_id: int, found: Sequence[Finding]) -> None:
    """Record what was found of a version, in the given order; nothing when nothing was."""
    if found:
        rows = [
            {
                "version_id": version_id,
                "code": finding.code,
                "words": finding.words,
                "severity": finding.severity.value,
                "from_s": finding.from_s,
                "to_s": finding.to_s,
            }
            for finding in found
        ]
        connection.execute(findings.insert(), rows)


def list_findings(connection: sa.Connection, version_ids: Collection[int]) -> dict[int, list[Finding]]:
    """Read the findings of versions, by version id, in their order; versions without any are absent."""
    query = sa.select(findings).where(findings.c.version_id.in_(version_ids)).order_by(findings.c.id)
    found = defaultdict(list)
    for row in connection.execute(query):
        severity = Severity(row.severity)
        found[row.version_id].append(Finding(row.code, row.words, severity, row.from_s, row.to_s))
    return dict(found)
