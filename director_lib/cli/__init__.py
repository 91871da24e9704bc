"""The ``director`` command: exits with 0 when it worked, 1 when refused or failed, 2 when used wrongly."""

from __future__ import annotations

import sys

import typer

from director_lib.cli import (
    advice,
    archive,
    backup,
    batch,
    budget,
    checkpoints,
    delivery,
    demo,
    engines,
    export,
    health,
    lifecycle,
    metrics,
    new_streams,
    repair,
    report,
    review,
    serve,
    spec,
    streams,
    task_queue,
    tasks,
    users,
    variants,
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
streams.app.command("new")(new_streams.new_stream)
streams.app.command("rename")(lifecycle.rename)
streams.app.command("archive")(lifecycle.archive)
streams.app.command("trash")(lifecycle.trash)
streams.app.command("restore")(lifecycle.restore)
streams.app.command("purge")(lifecycle.purge)
streams.app.command("trash-list")(lifecycle.list_trash)
streams.app.command("quorum")(checkpoints.quorum)
streams.app.command("repair")(repair.repair)
app.add_typer(streams.app, name="streams")
app.add_typer(spec.app, name="spec")
app.command("review")(review.review)
app.command("checkpoint")(checkpoints.checkpoint)
app.command("versions")(versions.versions)
app.command("generate")(tasks.generate)
app.add_typer(engines.app, name="engines")
task_queue.add_to(tasks.app)
app.add_typer(tasks.app, name="tasks")
app.add_typer(budget.app, name="budget")
metrics.app.command("variants")(variants.variants)
app.add_typer(metrics.app, name="metrics")
app.command("advice")(advice.advice)
app.command("export")(export.export)
delivery.add_to(app)
app.command("report")(report.report)
app.add_typer(batch.app, name="batch")
app.add_typer(archive.app, name="archive")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)


def main() -> None:
    """Run the command line; a refusal or failure is one line on standard error and exit code 1."""
    try:
        app()
    except DirectorError as error:
        typer.echo(f"director: {error.user_message}", err=True)
        sys.exit(1)
