"""``director streams rename`` and its kin: renaming streams, putting them away, bringing them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.delivery.stowed import Place, TrashEntry
from director_lib.errors import RuleError
from director_lib.workbench import Workbench
from director_lib.workbench.lifecycle import Lifecycle

StreamId = Annotated[str, typer.Argument(help="Stream id.")]
EntryId = Annotated[str, typer.Argument(help="Entry id, as trash-list shows it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for whoever finds it there.")]
_PLACES = {Place.TRASH: "trash", Place.ARCHIVE: "archive"}


def rename(stream: StreamId, new_id: Annotated[str, typer.Argument(help="The id that it gets.")]) -> None:
    """Give a stream another id; its decisions and versions follow."""
    with _lifecycle() as lifecycle:
        lifecycle.rename(stream, new_id)
    typer.echo(f"{stream} is {new_id} now.")


def archive(stream: StreamId, reason: Reason = "") -> None:
    """Put a finished stream away, with its history."""
    with _lifecycle() as lifecycle:
        entry = lifecycle.archive(stream, reason)
    typer.echo(f"{stream} is in the archive as {entry.id}.")


def trash(stream: StreamId, reason: Reason = "") -> None:
    """Put a stream into the trash, with its history."""
    with _lifecycle() as lifecycle:
        entry = lifecycle.trash(stream, reason)
    typer.echo(f"{stream} is in the trash as {entry.id}.")


def restore(
    entry: EntryId,
    new_id: Annotated[
        str | None, typer.Option("--as", help="Another id; the earlier one without it.")
    ] = None,
) -> None:
    """Bring a stream back from the trash or the archive."""
    with _lifecycle() as lifecycle:
        stream_id = lifecycle.restore(entry, new_id=new_id)
    typer.echo(f"{stream_id} is back.")


def purge(
    entry: EntryId, yes: Annotated[bool, typer.Option("--yes", help="Remove it without asking.")] = False
) -> None:
    """Remove a stream's folder from the trash for good; its history stays recorded."""
    with _lifecycle() as lifecycle:
        if not yes and not typer.confirm(f"Remove the folder of {entry} for good?"):
            raise RuleError(f"{entry} stays in the trash.")
        lifecycle.purge(entry)
    typer.echo(f"The folder of {entry} is removed for good; its history and its versions are kept.")


def list_trash(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List what is in the trash and in the archive, the latest first."""
    with _lifecycle() as lifecycle:
        entries = lifecycle.list_trash() + lifecycle.list_archive()
    if as_json:
        print_json([_plain(entry) for entry in entries])
        return
    rows = [
        (entry.id, _PLACES[entry.place], f"{entry.stowed_at:%Y-%m-%d %H:%M}", entry.actor, entry.reason)
        for entry in entries
    ]
    print_table(("entry", "where", "since (UTC)", "by", "reason"), rows)


@contextmanager
def _lifecycle() -> Iterator[Lifecycle]:
    with Workbench.open() as workbench:
        yield Lifecycle(workbench.studio)


def _plain(entry: TrashEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "stream": entry.stream_id,
        "where": _PLACES[entry.place],
        "stowed_at": entry.stowed_at,
        "by": entry.actor,
        "reason": entry.reason,
    }
