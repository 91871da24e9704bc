"""``director engines``: what there is to make files with, and what streams are made with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from director_lib.cli.output import print_json, print_table
from director_lib.domain.engine_choice import EngineChoice
from director_lib.domain.version import Kind
from director_lib.engines.catalog import ModelOffer
from director_lib.workbench import Workbench
from director_lib.workbench.engines import EngineOffer

app = typer.Typer(help="List engines, and choose which make a stream.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Stream = Annotated[str, typer.Argument(help="Stream id.")]
KindOption = Annotated[Kind, typer.Option("--kind", help="keyframe or video.")]
Segment = Annotated[int | None, typer.Option("--segment", min=1, help="Only this segment.")]


@app.command("list")
def list_engines(
    stream: Annotated[str | None, typer.Argument(help="Stream id; shows what is chosen for it.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only for keyframe or video.")] = None,
    as_json: Json = False,
) -> None:
    """List the engines and models that may be chosen, with prices; with STREAM, what is chosen for it."""
    with Workbench.open() as workbench:
        offers = [offer for each in Kind if kind in (None, each) for offer in workbench.engines.offered(each)]
        chosen = None
        if stream is not None:
            workbench.streams.get(stream)
            chosen = [one for one in workbench.engines.choices(stream) if kind in (None, one.kind)]
    if as_json:
        plain: dict[str, Any] = {"offered": [asdict(offer) for offer in offers]}
        print_json(plain if chosen is None else plain | {"chosen": [asdict(one) for one in chosen]})
        return
    rows = [row for offer in offers for row in _rows(offer)]
    print_table(("KIND", "ENGINE", "MODEL", "PRICE", "REFERENCES", "LONGEST"), rows)
    for one in chosen or []:
        typer.echo(f"{_place(one)}: {_what(one)}, chosen by {one.chosen_by}.")
    if chosen == []:
        typer.echo(f"Nothing is chosen for {stream}; the settings hold.")


@app.command("choose")
def choose(
    stream: Stream,
    kind: KindOption,
    engine: Annotated[str, typer.Option(help="Engine, as director engines list names it.")],
    model: Annotated[str, typer.Option(help="The engine's model; its usual one without it.")] = "",
    segment: Segment = None,
    as_json: Json = False,
) -> None:
    """Choose what makes the stills or clips of a stream, or of one segment."""
    with Workbench.open() as workbench:
        choice = workbench.engines.choose(stream, kind, engine, model, segment_id=segment)
    if as_json:
        print_json(asdict(choice))
    else:
        typer.echo(f"{_place(choice)}: {_what(choice)} from now on. What is queued stays as it is.")


@app.command("forget")
def forget(stream: Stream, kind: KindOption, segment: Segment = None, as_json: Json = False) -> None:
    """Take back what was chosen for a stream, or for one segment."""
    with Workbench.open() as workbench:
        workbench.streams.get(stream)
        before = workbench.engines.forget(stream, kind, segment_id=segment)
        usual = workbench.engines.picked(stream).pick(segment or 0, kind)
    if as_json:
        now = {"engine": usual[0], "model": usual[1]}
        print_json({"forgotten": None if before is None else asdict(before), "now": now})
    elif before is None:
        typer.echo("Nothing was chosen there, so nothing changed.")
    else:
        typer.echo(f"{_place(before)}: no longer {_what(before)}, but {_named(*usual)}.")


def _rows(offer: EngineOffer) -> list[tuple[str, ...]]:
    name = f"{offer.name} (usual)" if offer.is_usual else offer.name
    if offer.trouble:
        return [(offer.kind.value, name, offer.trouble, "", "", "")]
    return [
        (
            offer.kind.value,
            name,
            f"{model.name} (usual)" if model.name and model.is_default else model.name or "—",
            _price(offer, model),
            str(model.most_references) if model.most_references else "none",
            f"{model.longest_s:g} s" if model.longest_s is not None else "",
        )
        for model in offer.models
    ]


def _price(offer: EngineOffer, model: ModelOffer) -> str:
    if not model.usd:
        return "free"
    each = "a still" if offer.kind is Kind.KEYFRAME else "a second"
    return f"{'about ' if model.is_guess else ''}${model.usd:.3f} {each}"


def _place(choice: EngineChoice) -> str:
    noun = "keyframe" if choice.kind is Kind.KEYFRAME else "clip"
    where = f"The {noun} of segment {choice.segment_id}" if choice.segment_id is not None else f"All {noun}s"
    return f"{where} of {choice.stream_id}"


def _what(choice: EngineChoice) -> str:
    return _named(choice.engine, choice.model)


def _named(engine: str, model: str) -> str:
    return f"{engine} with {model}" if model else engine
