"""``director versions``: list a still's or clip's versions, compare, copy and restore them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.domain.facts import FactDifference
from director_lib.domain.version import Kind, Version, in_words
from director_lib.errors import InputError
from director_lib.workbench import Workbench

_MARKS = {"added": "{{+{}+}}", "removed": "[-{}-]", "same": "{}"}


def versions(
    stream: Annotated[str, typer.Argument(help="Stream id.")],
    segment: Annotated[int, typer.Argument(help="Segment number.")],
    kind: Annotated[Kind, typer.Argument(help="keyframe or video.")],
    compare: Annotated[
        tuple[int, int] | None, typer.Option(help="Two version numbers to compare fact by fact.")
    ] = None,
    download: Annotated[int | None, typer.Option(help="Number of a version to copy.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the copy goes: a new file or a folder.")] = None,
    restore: Annotated[int | None, typer.Option(help="Number of a version to make current again.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every version of a still or clip with how it was made; compare, copy or restore them."""
    if sum(wish is not None for wish in (compare, download, restore)) > 1:
        raise InputError("Give one of --compare, --download and --restore.")
    if out is not None and download is None:
        raise InputError("--out says where a copy goes; say which version with --download.")
    with Workbench.open() as workbench:
        workbench.streams.scan(stream)
        if compare is not None:
            ids = [workbench.versions.get(stream, segment, kind, number).id for number in compare]
            _show_differences(workbench.versions.compare(*ids), compare, as_json=as_json)
        elif download is not None:
            version = workbench.versions.get(stream, segment, kind, download)
            copy = workbench.versions.save_copy(version, out or Path())
            _tell(f"{copy} is {in_words(version)}.", {"file": str(copy)}, as_json=as_json)
        elif restore is not None:
            version = workbench.versions.get(stream, segment, kind, restore)
            workbench.reviews.restore(version.id)
            _tell(f"Current again: {in_words(version)}.", {"current": version.number}, as_json=as_json)
        else:
            _list(workbench, stream, segment, kind, as_json=as_json)


def _list(workbench: Workbench, stream: str, segment: int, kind: Kind, *, as_json: bool) -> None:
    found = workbench.versions.of_asset(stream, segment, kind)
    current = workbench.reviews.standing(stream).version(segment, kind)
    lines = [_line(workbench, version, current) for version in found]
    if as_json:
        print_json(lines)
        return
    print_table(("version", "", "made", "origin", "engine", "seed", "cost", "by", "file"), _rows(lines))


def _rows(lines: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [
        (
            str(line["number"]),
            "current" if line["current"] else "",
            f"{line['created_at']:%Y-%m-%d %H:%M}",
            line["origin"],
            " ".join(filter(None, (line["engine"], line["model"]))),
            "" if line["seed"] is None else str(line["seed"]),
            "" if line["origin"] == "found" else f"${line['cost_usd']:.2f}",
            line["author"] or "",
            line["fault"] or line["found_as"] or "",
        )
        for line in lines
    ]


def _line(workbench: Workbench, version: Version, current: Version | None) -> dict[str, Any]:
    facts = asdict(version)
    return {
        **facts.pop("provenance"),
        **facts,
        "current": current is not None and current.id == version.id,
        "fault": workbench.versions.find_fault(version, read=True),
        "findings": [
            asdict(finding) for finding in workbench.versions.findings([version.id]).get(version.id, [])
        ],
    }


def _show_differences(found: list[FactDifference], numbers: tuple[int, int], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(difference) for difference in found])
        return
    rows = [
        (difference.label, "" if difference.equal else "differs", *_sides(difference)) for difference in found
    ]
    print_table(("fact", "", *(f"version {number}" for number in numbers)), rows)


def _sides(difference: FactDifference) -> tuple[str, str]:
    if difference.words:
        return "".join(_MARKS[part.change].format(part.text) for part in difference.words), ""
    return difference.before, difference.after


def _tell(text: str, facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        typer.echo(text)
