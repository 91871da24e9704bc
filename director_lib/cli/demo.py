"""``director demo``: streams to look at and to try things on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to write into; made when it does not exist.")
    ],
) -> None:
    """Write three demo streams, with stills and clips, as plain folders into DIR."""
    # loading the picture libraries would slow down every other command
    from director_lib.demo.build import write_folders

    for path in write_folders(folder, progress=typer.echo):
        typer.echo(str(path))
