"""``director backup`` and ``director restore``: a whole studio in one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from director_lib.config import load_settings
from director_lib.domain.how_many import how_many

if TYPE_CHECKING:
    from director_lib.delivery.backup_file import Progress
    from director_lib.delivery.backup_manifest import BackupManifest


def backup(
    file: Annotated[Path, typer.Argument(help="File to make; its folder must exist.")],
    streams: Annotated[bool, typer.Option(help="Save the streams' own files, too.")] = True,
) -> None:
    """Save the database and all versions into one file, while everything goes on running."""
    from director_lib.delivery.backup import write_backup  # it loads what no other command should wait for

    manifest = write_backup(load_settings(), file.absolute(), with_streams=streams, progress=_progress())
    for damage in manifest.damaged:
        typer.echo(f"not saved: {damage.what}: {damage.why}", err=True)
    typer.echo(f"Saved {_contents(manifest)} in {file} ({file.stat().st_size / 1e6:.1f} MB).")


def restore(file: Annotated[Path, typer.Argument(help="A file that director backup made.")]) -> None:
    """Restore a backup into an empty place, after every part of it was checked."""
    from director_lib.delivery.restore import restore_backup  # as above

    result = restore_backup(file.absolute(), load_settings(), progress=_progress())
    for damage in result.manifest.damaged:
        typer.echo(f"was not in the backup: {damage.what}: {damage.why}", err=True)
    typer.echo(f"Restored {_contents(result.manifest)} to {result.data_dir}.")


def _contents(manifest: BackupManifest) -> str:
    parts = (how_many(manifest.n_rows, "row"), how_many(manifest.n_versions, "version"))
    return f"{', '.join(parts)} and {how_many(len(manifest.stream_files), 'stream file')}"


def _progress() -> Progress | None:
    """Show progress in place to a person; a log gets none of it."""
    if not sys.stderr.isatty():
        return None

    def tell(what: str, percent: float) -> None:
        sys.stderr.write(f"\r{what} {percent:3.0f} %\x1b[K" if what != "done" else "\r\x1b[K")
        sys.stderr.flush()

    return tell
