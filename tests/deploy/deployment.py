"""Reading the files of docs/deploy as the programs that they are for do."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path
from typing import Any

import yaml

from tests.docs.documents import CHECKOUT, DOCS

FOLDER = DOCS / "deploy"
UNITS = ("director-server.service", "director-worker.service")


def unit(name: str) -> configparser.ConfigParser:
    """Parse a systemd unit; a key that is given twice keeps its last value."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#", ";"))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    parser.read_string((FOLDER / name).read_text(encoding="utf-8"))
    return parser


def compose() -> dict[str, Any]:
    """Parse the compose file."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def instructions() -> list[tuple[str, str]]:
    """List the Dockerfile's instructions with their arguments, continued lines joined."""
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    kept = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(name, rest.strip()) for name, _, rest in kept]


def command_lines() -> dict[str, list[str]]:
    """Map where it stands to each `director …` that a service starts."""
    found = {name: unit(name)["Service"]["ExecStart"].split() for name in UNITS}
    for name, service in compose()["services"].items():
        if name != "database":
            found[f"compose {name}"] = list(service["command"])
    (started,) = (rest for name, rest in instructions() if name == "CMD")
    found["Dockerfile"] = json.loads(started)
    return {place: [Path(words[0]).name, *words[1:]] for place, words in found.items()}


def texts() -> dict[str, str]:
    """Map each file's name to its text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}


def variables(text: str) -> set[str]:
    """Find the names of our variables."""
    return set(re.findall(r"\bDIRECTOR_[A-Z_]+\b", text))


def example_lines() -> dict[str, str]:
    """Map each variable of the example, those commented out among them, to its value."""
    text = (FOLDER / "director.env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", text, re.MULTILINE))


def exists_in_checkout(source: str) -> bool:
    """Tell whether something that the image is made of is there."""
    return (CHECKOUT / source).exists()
