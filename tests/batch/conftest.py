"""A small studio on disk, and notebooks written for one test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.workbench import Workbench

HOSTILE = "<script>alert(1)</script> & Sons"

WriteNotebook = Callable[..., Path]


def cell(
    source: str, *, tags: tuple[str, ...] = (), outputs: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": str(abs(hash(source))),
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "outputs": list(outputs),
        "execution_count": None,
    }


@pytest.fixture
def write_notebook(tmp_path: Path) -> WriteNotebook:
    """Write a notebook of these code cells; the first one is its parameters."""

    def write(*sources: str, name: str = "sample.ipynb", **outputs: tuple[dict[str, Any], ...]) -> Path:
        cells = [
            {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A sample"},
            cell(sources[0], tags=("parameters",)),
            *[cell(source, outputs=outputs.get("outputs", ())) for source in sources[1:]],
        ]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        document = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        path = tmp_path / name
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.fixture
def streams(settings: Settings) -> Path:
    """The streams folder, with a stream "film" of three segments of which two have stills."""
    folder = settings.streams_root / "film"
    (folder / "keyframes").mkdir(parents=True)
    segments = [{"id": n, "image_prompt": f"a sea {n}", "motion_prompt": "push in"} for n in (1, 2, 3)]
    spec = {"stream": {"id": "film", "title": HOSTILE}, "segments": segments}
    (folder / "production.json").write_text(json.dumps(spec))
    for number, color in ((1, "navy"), (2, "teal")):
        Image.new("RGB", (64, 36), color).save(folder / "keyframes" / f"segment_{number}_keyframe.png")
    return folder.parent


@pytest.fixture
def workbench(settings: Settings, streams: Path) -> Iterator[Workbench]:
    """A producer's and director's bench in one; segment 1 is approved, segment 2 was sent back."""
    with Workbench.open(settings, Actor("ada", Role.ADMIN)) as opened:
        opened.streams.scan("film")
        standing = opened.reviews.standing("film")
        for number, decision in ((1, DecisionKind.APPROVED), (2, DecisionKind.REGENERATE)):
            version = standing.version(number, Kind.KEYFRAME)
            assert version is not None
            opened.reviews.decide("film", Kind.KEYFRAME, {number: version.sha256}, decision)
        yield opened


@pytest.fixture
def local_studio(settings: Settings, workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """The same studio, found through the environment as notebooks and commands find it."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    return workbench
