"""``director metrics variants``, and how versions differ that ``director generate`` makes to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.domain.variant_arm import Arm
from director_lib.errors import InputError
from director_lib.workbench import Workbench

Compare = Annotated[
    list[str] | None,
    typer.Option(help="How one version differs, like “engine=google;preset=golden hour”; repeatable."),
]
Blind = Annotated[bool, typer.Option("--blind", help="Let nobody know which is which until one is picked.")]

_FIELDS = ("engine", "model", "preset", "prompt")
_FORM = "engine=NAME;model=NAME;preset=NAME;prompt=WORDS"


def variants(
    stream: Annotated[str | None, typer.Argument(help="Stream id; the whole studio without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what wins when versions stand beside each other, and whether that is enough evidence."""
    with Workbench.open() as workbench:
        told = workbench.insight.paired(stream).payload()
    if as_json:
        print_json(told)
        return
    typer.echo(f"{told['n_sets']} choices, {told['n_blind']} of them blind\n")
    for table in told["tables"]:
        typer.echo(f"{table['title']}: {table['said']}")
        rows = [
            (
                row["item"],
                f"{row['wins']:g} of {row['n']}",
                row["interval"],
                f"{row['strength']:+.2f} ({row['strength_low']:+.2f} to {row['strength_high']:+.2f})",
                row["chance"],
            )
            for row in table["rows"]
        ]
        likely = "P(helps)" if table["key"] == "phrase" else "P(best)"
        print_table((table["key"], "won", "95 % interval", "strength", likely), rows)
        typer.echo("")


def read_arms(workbench: Workbench, texts: Sequence[str]) -> tuple[Arm, ...]:
    """Read how versions differ; presets are found by name.

    Raises:
        InputError: A text has another form, or names a preset that is not there.
    """
    presets = {preset.name.casefold(): preset for preset in workbench.presets.list()}
    arms = []
    for text in texts:
        said = _parse(text)
        name = said.get("preset", "")
        preset = presets.get(name.casefold())
        if name and preset is None:
            raise InputError(f"There is no preset “{name}”. Nothing was queued.")
        arms.append(
            Arm(
                engine=said.get("engine"),
                model=said.get("model", ""),
                prompt=said.get("prompt"),
                preset=preset.name if preset else "",
                preset_text=preset.text if preset else "",
            )
        )
    return tuple(arms)


def _parse(text: str) -> dict[str, str]:
    said = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        field, mark, value = part.partition("=")
        if not mark or field.strip() not in _FIELDS or not value.strip():
            raise InputError(f"“{text}” does not say how a version differs. Write {_FORM}.")
        said[field.strip()] = value.strip()
    return said
