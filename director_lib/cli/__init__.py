"""The ``director`` command: exits with 0 when it worked, 1 when refused or failed, 2 when used wrongly."""

from __future__ import annotations

import sys

import typer

from director_lib.cli import (
    backup,
    batch,
    checkpoints,
    demo,
    health,
    lifecycle,
    metrics,
    repair,
    review,
    serve,
    streams,
    tasks,
    users,
    versions,
)
from director_lib.errors import DirectorError

app = typer.Typer(
    name="director",
    help="The director workbench: serve it, work on streams, run batches.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("up")(serve.up)
app.command("serve")(serve.serve)
app.command("worker")(tasks.worker)
app.command("init")(health.init)
app.command("doctor")(health.doctor)
app.command("demo")(demo.demo)
app.add_typer(users.app, name="user")
streams.app.command("rename")(lifecycle.rename)
streams.app.command("archive")(lifecycle.archive)
streams.app.command("trash")(lifecycle.trash)
streams.app.command("restore")(lifecycle.restore)
streams.app.command("purge")(lifecycle.purge)
streams.app.command("trash-list")(lifecycle.list_trash)
streams.app.command("quorum")(checkpoints.quorum)
streams.app.command("repair")(repair.repair)
app.add_typer(streams.app, name="streams")
app.command("review")(review.review)
app.command("checkpoint")(checkpoints.checkpoint)
app.command("versions")(versions.versions)
app.command("generate")(tasks.generate)
app.add_typer(tasks.app, name="tasks")
app.command("metrics")(metrics.metrics)
app.command("report")(batch.report)
app.command("batch")(batch.batch)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)


def main() -> None:
    """Run the command line; a refusal or failure is one line on standard error and exit code 1."""
    try:
        app()
    except DirectorError as error:
        typer.echo(f"director: {error.user_message}", err=True)
        sys.exit(1)
